import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fingerprintOf, keyOf, openingLine, readJournal, takenLine } from '../../../cli/csv/journal.ts';
import { batchBody } from '../../../cli/csv/wish.ts';
import { runs } from '../../support/more.ts';

const opening = { began: '2026-11-27T12:00:00.000Z', fingerprint: 'f', known: new Set([1, 4]) };
const taken = [
  { person: 0, revealId: 'person-1-a', generation: 1, missing: [] },
  { person: 4, revealId: 'task-2', generation: 3, missing: ['phone-numbers'] },
];

describe('the journal of a list', () => {
  it('gives back what was written', () => {
    const text = openingLine(opening) + takenLine(taken.slice(0, 1)) + takenLine(taken.slice(1));
    expect(readJournal(text)).toEqual({ journal: { ...opening, taken }, bytes: text.length });
  });

  it('is read as far as it is whole, wherever it was cut off', () => {
    const lines = [openingLine(opening), takenLine(taken.slice(0, 1)), takenLine(taken.slice(1))];
    const whole = lines.join('');
    fc.assert(
      fc.property(fc.nat(whole.length), fc.constantFrom('', '\0\0\0', '{"taken":[[0'), (at, garbage) => {
        const read = readJournal(whole.slice(0, at) + (at > (lines[0]?.length ?? 0) ? garbage : ''));
        const ends = [1, 2, 3].map((count) => lines.slice(0, count).join('').length);
        const count = ends.filter((end) => end <= at).length;
        const readable = { journal: { ...opening, taken: taken.slice(0, count - 1) }, bytes: ends[count - 1] };
        expect(read).toEqual(count === 0 ? 'torn' : readable);
      }),
      runs(200, 2_000),
    );
  });

  it.each(['Dear diary\n', '{"journal":2}\n', 'name,phone\nAda,1\n', 'x'])(
    'is not taken for what it is not: %j',
    (text) => {
      expect(readJournal(text)).toBe('foreign');
    },
  );

  it('names a run by its input, its wishes and its beginning', () => {
    const bytes = Buffer.from('a');
    const one = fingerprintOf(bytes, { find: ['work-emails'] });
    expect(fingerprintOf(Buffer.from('b'), { find: ['work-emails'] })).not.toBe(one);
    expect(fingerprintOf(bytes, {})).not.toBe(one);
    expect(keyOf({ ...opening, fingerprint: one })).toMatch(/^csv-[0-9a-f]{40}$/);
    expect(keyOf({ began: 'later', fingerprint: one })).not.toBe(keyOf({ began: 'now', fingerprint: one }));
  });
});

describe('what a run asks for', () => {
  const day = 86_400_000;
  const people = [{ linkedinUrl: 'https://www.linkedin.com/in/ada' }];

  it.each([
    [undefined, 0, 30],
    [undefined, 31.5 * day, 61],
    [1, 0.9 * day, 1],
    [170, 30 * day, 180],
    [0, 40 * day, 0],
  ])('counts the age of results from its beginning: %s days, begun %d ms ago, are %d', (maxAge, sinceBegan, days) => {
    expect(batchBody(people, { maxAge }, sinceBegan)).toEqual({ reveals: people, maxAge: days });
  });

  it('asks for tasks without what is for people alone', () => {
    const wish = { find: ['work-emails'], maxAge: 3, maxCredits: 5, priority: 'interactive' };
    expect(batchBody([{ taskId: 'a' }], wish, 0)).toEqual({ reveals: [{ taskId: 'a' }], priority: 'interactive' });
  });
});
