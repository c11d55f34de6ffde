import { describe, expect, it } from 'vitest';
import type { PollAnswer } from '../../lambdas/fiber/vendor-answer.ts';
import { endingOfExecution } from '../../lambdas/reveal/execution-ended.ts';
import { changed, newRecord, type RecordChanges } from '../../lambdas/reveal/record.ts';
import { settledWith } from '../../lambdas/reveal/settlement.ts';
import { afterLook, concernsEverybody, remedyFor } from '../../lambdas/reveal/sweep.ts';

const noon = Date.parse('2026-11-23T12:00:00Z');
const minutes = (count: number) => count * 60_000;
const claim = { generation: 1, executionArn: 'arn:one', claimedBy: 'arn:one', nowMs: noon };
const recordWith = (changes: RecordChanges) => changed(newRecord({ taskId: 'task_1' }, claim), changes);

describe('remedyFor', () => {
  it('leaves a running reveal alone that is where it said it would be', () => {
    const record = recordWith({ nextPollAt: '2026-11-23T12:30:00.000Z' });
    expect(remedyFor(record, noon + minutes(39))).toBe('leave');
    expect(remedyFor(record, noon + minutes(40))).toBe('inspect');
  });

  it('inspects one that was claimed and never started', () => {
    expect(remedyFor(recordWith({}), noon + minutes(9))).toBe('leave');
    expect(remedyFor(recordWith({}), noon + minutes(10))).toBe('inspect');
  });

  it('announces one that has ended, once its own workflow has had time to', () => {
    const record = recordWith({ status: 'completed', settledAt: '2026-11-23T12:00:00.000Z' });
    expect(remedyFor(record, noon + minutes(4))).toBe('leave');
    expect(remedyFor(record, noon + minutes(5))).toBe('announce');
  });

  it('looks again at one that was given up on, a few times and then no more', () => {
    const settled = { nowMs: noon, retentionDays: 30 };
    let record = recordWith({
      ...settledWith({ outcome: 'timed-out', reason: 'deadline-passed' }, settled),
      publishedAt: '2026-11-23T12:00:01.000Z',
    });
    const looks: number[] = [];
    for (let at = noon; at < noon + minutes(4 * 24 * 60); at += minutes(5)) {
      if (remedyFor(record, at) !== 'look-again') continue;
      looks.push((at - noon) / minutes(1));
      record = changed(record, afterLook(record, { kind: 'running', vendorStatus: 'started' }, at));
    }
    expect(looks).toEqual([15, 75, 435, 1_875]);
    expect(record.open).toBeUndefined();
  });

  it('looks again at one whose task was not found: the vendor may find it yet', () => {
    const ending = settledWith({ outcome: 'errored', reason: 'task-not-found' }, { nowMs: noon, retentionDays: 30 });
    expect(ending.lookAgainAt).toBe('2026-11-23T12:15:00.000Z');
  });

  it.each(['request-refused', 'vendor-failed', 'cancelled-by-caller'] as const)(
    'does not look again at one that ended with %s: the vendor will not say more',
    (reason) => {
      const ending = settledWith({ outcome: 'errored', reason }, { nowMs: noon, retentionDays: 30 });
      expect(ending.lookAgainAt).toBeUndefined();
    },
  );
});

describe('a look', () => {
  const record = recordWith({ status: 'timed-out', lookAgainAt: '2026-11-23T12:15:00.000Z', looks: 1 });

  it.each([
    ['that the vendor has failed at', { kind: 'done', outcome: 'failed' } as PollAnswer],
    ['that the vendor does not know', { kind: 'refused', reason: 'task-not-found', httpStatus: 404 } as PollAnswer],
  ])('is the last one at a task %s', (_what, answer) => {
    expect(concernsEverybody(answer)).toBe(false);
    expect(afterLook(record, answer, noon + minutes(15))).toEqual({
      looks: 2,
      polls: 1,
      lookAgainAt: null,
      open: null,
    });
  });

  it('that got no usable answer counts, so that there is an end to it', () => {
    expect(afterLook(record, { kind: 'unusable', problem: 'timed-out' }, noon)).toEqual({
      looks: 2,
      polls: 1,
      lookAgainAt: '2026-11-23T18:00:00.000Z',
    });
  });

  it('that was refused for the key or the pace says nothing about the task', () => {
    expect(concernsEverybody({ kind: 'rate-limited' })).toBe(true);
    expect(concernsEverybody({ kind: 'refused', reason: 'out-of-credits', httpStatus: 402 })).toBe(true);
    expect(concernsEverybody({ kind: 'unusable', problem: 'server-error', retryAfterMs: 60_000 })).toBe(true);
    expect(concernsEverybody({ kind: 'unusable', problem: 'edge', retryAfterMs: 60_000 })).toBe(false);
  });
});

describe('endingOfExecution', () => {
  it('takes an aborted execution for a cancelled reveal, and any other end for a fault of ours', () => {
    expect(endingOfExecution('ABORTED')).toEqual({ outcome: 'cancelled', reason: 'cancelled-by-caller' });
    for (const status of ['FAILED', 'TIMED_OUT'] as const) {
      expect(endingOfExecution(status)).toEqual({ outcome: 'errored', reason: 'relay-fault' });
    }
  });
});
