import { describe, expect, it } from 'vitest';
import type { Item } from '../../../lambdas/polling/budget/moves.ts';
import { changed, newRecord, type RevealRecord } from '../../../lambdas/reveal/record.ts';
import { resultIfKept, showAnswer, showReveal } from '../../../lambdas/usecases/showing/show.ts';
import { answer, completed, result } from '../../support/doors.ts';

const running = newRecord({ taskId: 'task-1' }, { generation: 1, executionArn: 'arn', claimedBy: 'me', nowMs: 0 });
const done = changed(running, completed());

/** A table that holds this record, of which the first so many reads of a part come too late. */
function showing(
  record: RevealRecord | undefined,
  { gone = 0, item = {} as Item, starts = {} as Item, brake = undefined as 'starts-paused' | undefined } = {},
) {
  let left = gone;
  const unlessGone = <Value>(value: Value) => (left-- > 0 ? 'gone' : value);
  return {
    reveals: {
      get: async () => record,
      resultOf: async (read: RevealRecord) => unlessGone(read.result),
      earlier: async () => undefined,
      answerOf: async (read: RevealRecord) => unlessGone(read.answer ? answer : undefined),
    },
    budget: { read: async () => item },
    startBudget: { read: async () => starts },
    relay: { brake: async () => brake },
    now: () => 0,
  };
}

describe('showing a reveal', () => {
  it('reads it again if its result was erased or replaced in between, and gives up after three times', async () => {
    expect(await showReveal('task-1', showing(done, { gone: 2 }))).toEqual({ record: done, result, earlier: [] });
    await expect(showReveal('task-1', showing(done, { gone: 3 }))).rejects.toMatchObject({ name: 'RelayFault' });
    expect(await showReveal('task-1', showing(undefined))).toBe('no-such-reveal');
  });

  it('says what the budget says of a pause, and not what the record said when the reveal went to sleep', async () => {
    const paused = changed(running, { pausedBecause: 'key-refused' });
    const reason = async (item: Item) => {
      const shown = await showReveal('task-1', showing(paused, { item }));
      return typeof shown === 'string' ? shown : shown.record.pausedBecause;
    };
    expect(await reason({ broken: 1, reason: 'out-of-credits' })).toBe('out-of-credits');
    expect(await reason({ broken: 0, reason: 'key-refused' })).toBeUndefined();
  });
});

describe('showing a reveal of a person that waits for its start', () => {
  const person = newRecord(
    { revealId: 'person-1', linkedinUrl: 'https://www.linkedin.com/in/ada', find: ['work-emails'], maxAgeDays: 30 },
    { generation: 1, executionArn: 'arn', claimedBy: 'me', nowMs: 0 },
  );
  const reason = async (record: RevealRecord, options: Parameters<typeof showing>[1]) => {
    const shown = await showReveal('person-1', showing(record, options));
    return typeof shown === 'string' ? shown : shown.record.pausedBecause;
  };
  const broken = (why: string): Item => ({ broken: 1, reason: why });

  it('says what it waits for: the brake, the key of starts, or that nobody polls', async () => {
    const starts = broken('starts-unknown');
    expect(await reason(person, { brake: 'starts-paused', starts })).toBe('starts-paused');
    expect(await reason(person, { starts, item: broken('out-of-credits') })).toBe('starts-unknown');
    expect(await reason(person, { item: broken('out-of-credits') })).toBe('out-of-credits');
    expect(await reason(changed(person, { pausedBecause: 'key-refused' }), {})).toBeUndefined();
  });

  it('says nothing of the brake once its task is known, or the call is under way', async () => {
    const startIntent = { nonce: 'n', at: new Date(0).toISOString() };
    for (const record of [changed(person, { taskId: 'task-1' }), changed(person, { startIntent })]) {
      expect(await reason(record, { brake: 'starts-paused' })).toBeUndefined();
    }
  });
});

describe("showing the vendor's answer", () => {
  it('reads it again if it was erased or replaced in between, and gives up after three times', async () => {
    expect(await showAnswer('task-1', showing(done, { gone: 2 }))).toEqual(answer);
    await expect(showAnswer('task-1', showing(done, { gone: 3 }))).rejects.toMatchObject({ name: 'RelayFault' });
  });

  it('says what there is none of', async () => {
    expect(await showAnswer('task-1', showing(running))).toBe('no-answer');
    expect(await showAnswer('task-1', showing(undefined))).toBe('no-such-reveal');
  });
});

it('shows no result that has gone since the record was read', async () => {
  expect(await resultIfKept(done, showing(done).reveals)).toEqual(result);
  expect(await resultIfKept(done, showing(done, { gone: 1 }).reveals)).toBeUndefined();
});
