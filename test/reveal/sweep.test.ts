import { describe, expect, it } from 'vitest';
import { changed, newRecord, type RecordChanges, type RevealRecord } from '../../lambdas/reveal/record.ts';
import { longestUninspectedFirst, standingOf, sweepActionFor } from '../../lambdas/reveal/sweep.ts';

const noon = Date.parse('2026-11-23T12:00:00Z');
const minutes = (count: number) => count * 60_000;
const claim = { generation: 1, executionArn: 'arn:one', claimedBy: 'arn:one', nowMs: noon };
const recordWith = (changes: RecordChanges) => changed(newRecord({ taskId: 'task_1' }, claim), changes);

describe('sweepActionFor', () => {
  it('leaves a running reveal alone that is where it said it would be', () => {
    const record = recordWith({ nextPollAt: '2026-11-23T12:30:00.000Z' });
    expect(sweepActionFor(record, noon + minutes(39))).toBe('leave');
    expect(sweepActionFor(record, noon + minutes(40))).toBe('inspect');
  });

  it('inspects one that was claimed and never started', () => {
    expect(sweepActionFor(recordWith({}), noon + minutes(9))).toBe('leave');
    expect(sweepActionFor(recordWith({}), noon + minutes(10))).toBe('inspect');
  });

  it('gives a start more time, whose attempts take longer', () => {
    const wish = { revealId: 'person-1-a', linkedinUrl: 'ada', find: ['work-emails' as const], maxAgeDays: 30 };
    const waiting = newRecord(wish, claim);
    expect(sweepActionFor(waiting, noon + minutes(19))).toBe('leave');
    expect(sweepActionFor(waiting, noon + minutes(20))).toBe('inspect');
  });

  it('announces one that has ended, once its own workflow has had time to', () => {
    const record = recordWith({ status: 'completed', settledAt: '2026-11-23T12:00:00.000Z' });
    expect(sweepActionFor(record, noon + minutes(4))).toBe('leave');
    expect(sweepActionFor(record, noon + minutes(5))).toBe('announce');
  });

  it('looks again at one that was given up on, at the time that its record names', () => {
    const record = recordWith({
      status: 'timed-out',
      publishedAt: '2026-11-23T12:00:01.000Z',
      lookAgainAt: '2026-11-23T12:15:00.000Z',
    });
    expect(sweepActionFor(record, noon + minutes(14))).toBe('leave');
    expect(sweepActionFor(record, noon + minutes(15))).toBe('look-again');
    for (const gone of [{ erasedAt: '2026-11-23T12:10:00.000Z' }, { expiresAt: noon / 1_000 }]) {
      expect(sweepActionFor({ ...record, ...gone }, noon + minutes(15))).toBe('leave');
    }
  });
});

describe('standingOf', () => {
  const standing = (changes: RecordChanges, atMinute: number) =>
    standingOf(recordWith(changes), { nowMs: noon + minutes(atMinute), maxWaitMs: minutes(60) });

  it.each([
    ['key-unavailable', 'waitingForKey'],
    ['key-refused', 'waitingForKey'],
    ['out-of-credits', 'waitingForCredits'],
  ] as const)('says of a reveal that is paused because of %s that it is %s', (pausedBecause, expected) => {
    expect(standing({ pausedBecause }, 1)).toBe(expected);
    expect(standing({ pausedBecause, status: 'errored' }, 1)).toBeUndefined();
  });

  const wish = { revealId: 'person-1-a', linkedinUrl: 'ada', find: ['work-emails' as const], maxAgeDays: 30 };
  const person = (changes: RecordChanges, atMinute: number) =>
    standingOf(changed(newRecord(wish, claim), changes), { nowMs: noon + minutes(atMinute), maxWaitMs: minutes(60) });

  it('does not take one for overdue that stands in line to be started, and counts the time of another from its start', () => {
    expect(person({}, 600)).toBeUndefined();
    const started = { taskId: 'task_1', startedAt: '2026-11-23T14:00:00.000Z' };
    expect([person(started, 190), person(started, 191)]).toEqual([undefined, 'overdue']);
  });

  it.each([
    ['starts-paused', 'waitingForBrake'],
    ['table-restored', 'waitingForBrake'],
    ['starts-unknown', 'waitingForBrake'],
    ['key-refused', 'waitingForKey'],
    ['out-of-credits', 'waitingForCredits'],
  ] as const)('says of one that is not started because of %s that it is %s', (pausedBecause, expected) => {
    expect(person({ pausedBecause: pausedBecause as RevealRecord['pausedBecause'] }, 600)).toBe(expected);
  });

  it('takes one for overdue that stands in a backlog ten minutes after its deadline', () => {
    expect([standing({}, 70), standing({}, 71)]).toEqual([undefined, 'overdue']);
  });
});

it('inspects those first that nobody has inspected, or not for the longest time', () => {
  const seen = (inspectedAt?: string) => recordWith({ inspectedAt });
  const [late, early, never] = [seen('2026-11-23T11:55:00.000Z'), seen('2026-11-23T11:50:00.000Z'), seen()];
  expect(longestUninspectedFirst([late, early, never])).toEqual([never, early, late]);
});
