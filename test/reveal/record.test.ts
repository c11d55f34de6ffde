import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ageOf,
  changed,
  decided,
  expiryOf,
  foundNothing,
  isExpired,
  isUnfinished,
  newRecord,
  type RecordChanges,
} from '../../lambdas/reveal/record.ts';

const noon = Date.parse('2026-11-23T12:00:00Z');
const claim = { generation: 1, executionArn: 'arn:one', claimedBy: 'arn:one', nowMs: noon };
const running = newRecord({ taskId: 'task_1' }, claim);
const then = '2026-11-23T12:00:00.000Z';

describe('a record', () => {
  it('is unfinished from its first write on', () => {
    expect(running).toMatchObject({ revealId: 'task_1', status: 'running', polls: 0, open: 'open' });
  });

  it.each<[string, RecordChanges, boolean]>([
    ['while it runs', {}, true],
    ['until its event is out', { status: 'completed' }, true],
    ['while a second look is due', { status: 'timed-out', publishedAt: then, lookAgainAt: then }, true],
    ['no more once its event is out', { status: 'completed', publishedAt: then }, false],
    ['no more once erased', { status: 'errored', publishedAt: then, lookAgainAt: then, erasedAt: then }, false],
  ])('is unfinished %s', (_when, changes, expected) => {
    expect(isUnfinished(changed(running, changes))).toBe(expected);
  });
});

describe('decided', () => {
  const maybe = fc.option(fc.constant(then), { nil: null });
  const changes = fc.record(
    {
      status: fc.constantFrom('running' as const, 'completed' as const, 'errored' as const),
      publishedAt: maybe,
      lookAgainAt: maybe,
      erasedAt: maybe,
    },
    { requiredKeys: [] },
  );

  it('keeps the attribute open true, whatever happens one after the other', () => {
    fc.assert(
      fc.property(fc.array(changes), (happenings) => {
        let record = running;
        for (const happening of happenings) {
          record = changed(record, decided(record, happening));
          expect(record.open).toBe(isUnfinished(record) ? 'open' : undefined);
        }
      }),
    );
  });

  it('writes it where a write says whether the event is out, though it was so when the record was read', () => {
    expect(decided(running, { publishedAt: null })).toEqual({ publishedAt: null, open: 'open' });
    expect(decided(running, { polls: 1 })).toEqual({ polls: 1 });
  });
});

it('changes take attributes away by null, and leave out what is undefined', () => {
  expect(changed({ ...running, reference: 'order-7' }, { reference: null, reason: undefined })).toEqual(running);
});

it('a record dates its expiry in seconds, and is gone for readers from then on', () => {
  expect(expiryOf(1_000_500, 2)).toBe(1_000 + 172_800);
  expect([isExpired({ expiresAt: 10 }, 9_999), isExpired({ expiresAt: 10 }, 10_000), isExpired({}, noon)]).toEqual([
    false,
    true,
    false,
  ]);
});

it('a reveal is as old as its claim', () => {
  expect(ageOf(running, noon + 1_500)).toBe(1_500);
});

it('a reveal has found nothing only where it has completed and everything could be read', () => {
  const nothing = { emails: 0, lowQualityEmails: 0, phoneNumbers: 0 };
  const completed = { ...running, status: 'completed' as const, found: nothing };
  expect(foundNothing(completed)).toBe(true);
  expect(foundNothing({ ...completed, unreadable: 1 })).toBe(false);
  expect(foundNothing({ ...completed, found: { ...nothing, phoneNumbers: 1 } })).toBe(false);
  expect(foundNothing({ ...completed, status: 'failed' })).toBe(false);
});
