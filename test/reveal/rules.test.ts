import { describe, expect, it } from 'vitest';
import type { PollAnswer } from '../../lambdas/fiber/vendor-answer.ts';
import { admit, executionArn, executionName } from '../../lambdas/reveal/admission.ts';
import { endingOf, endsAtOnce, verdictOn } from '../../lambdas/reveal/poll-ending.ts';
import { changed, expiryOf, newRecord, type RevealRecord, withAnswer } from '../../lambdas/reveal/record.ts';
import { endingIn, settledStateOf } from '../../lambdas/reveal/settlement.ts';

const nowMs = Date.parse('2026-11-23T12:00:00Z');
const claim = { generation: 1, executionArn: 'arn:one', claimedBy: 'arn:one', nowMs };
const record: RevealRecord = newRecord({ taskId: 'task_1' }, claim);

describe('admit', () => {
  it('lets the first one claim a new reveal', () => {
    expect(admit(undefined, nowMs)).toEqual({ kind: 'claim', generation: 1 });
  });

  it.each(['running', 'completed'] as const)('attaches everybody to a reveal that is %s', (status) => {
    const existing = { ...record, status };
    expect(admit(existing, nowMs)).toEqual({ kind: 'attach', record: existing });
  });

  it.each(['failed', 'timed-out', 'cancelled', 'errored'] as const)('starts over after one that %s', (status) => {
    const replaces = { ...record, status, generation: 3, publishedAt: '2026-11-23T12:00:00.000Z' };
    expect(admit(replaces, nowMs)).toEqual({ kind: 'claim', generation: 4, replaces });
  });

  it('does not take the place of one whose event is not out yet', () => {
    const unannounced = { ...record, status: 'failed' as const };
    expect(admit(unannounced, nowMs)).toEqual({ kind: 'attach', record: unannounced });
  });

  it('starts over after one that has expired, though the item is still there', () => {
    const replaces = { ...record, status: 'completed' as const, expiresAt: nowMs / 1_000 };
    expect(admit(replaces, nowMs)).toEqual({ kind: 'claim', generation: 2, replaces });
    expect(admit(replaces, nowMs - 1)).toEqual({ kind: 'attach', record: replaces });
  });
});

describe('executionName', () => {
  it('is a valid name that says nothing of the task id and differs from claim to claim', () => {
    const name = executionName(record);
    expect(name).toMatch(/^[0-9a-z-]{1,80}$/);
    expect(name).not.toContain('task');
    expect(executionName({ ...record, createdAt: '2026-11-23T12:00:00.001Z' })).not.toBe(name);
    expect(executionArn('arn:aws:states:eu-west-1:1:stateMachine:Relay', name)).toBe(
      `arn:aws:states:eu-west-1:1:execution:Relay:${name}`,
    );
  });
});

describe('endings', () => {
  it('ends a reveal at once only where no other poll can help', () => {
    const refused = (reason: 'task-not-found' | 'request-refused' | 'key-refused' | 'out-of-credits') =>
      endsAtOnce({ kind: 'refused', reason, httpStatus: 400 }, 120_000);
    expect(refused('task-not-found')).toEqual({ outcome: 'errored', reason: 'task-not-found' });
    expect(refused('request-refused')).toEqual({ outcome: 'errored', reason: 'request-refused' });
    expect([refused('key-refused'), refused('out-of-credits')]).toEqual([undefined, undefined]);
    expect(endsAtOnce({ kind: 'unusable', problem: 'server-error' }, 120_000)).toBeUndefined();
  });

  it('asks again for a task that is not found within two minutes of its reveal', () => {
    const notFound = { kind: 'refused', reason: 'task-not-found', httpStatus: 404 } as const;
    expect([endsAtOnce(notFound, 0), endsAtOnce(notFound, 119_999)]).toEqual([undefined, undefined]);
    expect([verdictOn(notFound, 0), verdictOn(notFound, 119_999)]).toEqual([{ kind: 'unknown' }, { kind: 'unknown' }]);
    expect([endsAtOnce(notFound, 120_000)?.reason, verdictOn(notFound, 120_000)]).toEqual([
      'task-not-found',
      { kind: 'no-task' },
    ]);
    // What the vendor does not take, it does not take later.
    expect(endsAtOnce({ kind: 'refused', reason: 'request-refused' }, 0)?.reason).toBe('request-refused');
  });

  it('says why a reveal was given up', () => {
    const lastError = { at: '2026-11-23T12:00:00.000Z', problem: 'not-json' } as const;
    expect(endingOf({ kind: 'giveUp', why: 'timed-out' }, lastError)).toEqual({
      outcome: 'timed-out',
      reason: 'deadline-passed',
    });
    expect(endingOf({ kind: 'giveUp', why: 'paused', pausedBecause: 'out-of-credits' }, undefined)).toEqual({
      outcome: 'errored',
      reason: 'out-of-credits',
    });
    expect(endingOf({ kind: 'giveUp', why: 'unreachable' }, lastError).reason).toBe('answers-unusable');
    expect(endingOf({ kind: 'giveUp', why: 'unreachable' }, { ...lastError, problem: 'timed-out' }).reason).toBe(
      'vendor-unavailable',
    );
  });

  it('tells the schedule what it needs to know of an answer', () => {
    const verdict = (answer: PollAnswer) => verdictOn(answer, 600_000);
    expect(verdict({ kind: 'running', vendorStatus: 'started' })).toEqual({ kind: 'pending' });
    expect(verdict({ kind: 'rate-limited', retryAfterMs: 5 })).toEqual({ kind: 'rejected', retryAfterMs: 5 });
    expect(verdict({ kind: 'refused', reason: 'key-refused', httpStatus: 401 })).toEqual({
      kind: 'refused',
      reason: 'key-refused',
    });
    // What is wrong with one task must not pause everybody.
    expect(verdict({ kind: 'refused', reason: 'task-not-found', httpStatus: 404 })).toEqual({ kind: 'no-task' });
    expect(verdict({ kind: 'unusable', problem: 'not-json' })).toEqual({ kind: 'unknown' });
  });

  it('lets a vendor that is down ask everybody to wait, and a page before it only the one who saw it', () => {
    const down = { kind: 'unusable', httpStatus: 503, retryAfterMs: 5 } as const;
    expect(verdictOn({ ...down, problem: 'server-error' }, 0)).toEqual({ kind: 'unavailable', retryAfterMs: 5 });
    expect(verdictOn({ ...down, problem: 'edge' }, 0)).toEqual({ kind: 'unknown', retryAfterMs: 5 });
  });
});

describe('withAnswer', () => {
  it('counts answers that say nothing in a row', () => {
    const once = changed(record, withAnswer(record, { kind: 'unusable', problem: 'no-connection' }, nowMs));
    const twice = changed(once, withAnswer(once, { kind: 'rate-limited' }, nowMs));
    expect([once.failures, twice.failures, twice.polls]).toEqual([1, 2, 2]);
    expect(withAnswer(twice, { kind: 'running', vendorStatus: 'started' }, nowMs)).toMatchObject({
      failures: 0,
      polls: 3,
    });
  });
});

describe('settling', () => {
  it('ends a reveal as the state asks, and as a fault of ours where the state asks for nothing', () => {
    expect(endingIn({ outcome: 'timed-out', reason: 'deadline-passed' })).toEqual({
      outcome: 'timed-out',
      reason: 'deadline-passed',
    });
    for (const state of [
      { Error: 'RelayFault', Cause: '{}' },
      { outcome: 'completed' },
      { outcome: 'pending' },
      null,
    ]) {
      expect(endingIn(state)).toEqual({ outcome: 'errored', reason: 'relay-fault' });
    }
  });

  it.each([
    ['failed', 'RevealFailed'],
    ['timed-out', 'RevealTimedOut'],
    ['cancelled', 'RevealCancelled'],
    ['errored', 'RevealErrored'],
  ] as const)('ends the execution of one that %s with the error %s and what to do', (status, error) => {
    expect(settledStateOf({ ...record, status, reason: 'deadline-passed' })).toMatchObject({
      error,
      cause: expect.stringContaining('Start it again'),
    });
  });

  it('ends the execution of a completed one with counts', () => {
    const found = { emails: 1, lowQualityEmails: 0, phoneNumbers: 2 };
    expect(settledStateOf({ ...record, status: 'completed', found })).toEqual({
      revealId: 'task_1',
      outcome: 'completed',
      polls: 0,
      found,
    });
  });

  it('dates the expiry in seconds', () => {
    expect(expiryOf(1_000_500, 2)).toBe(1_000 + 172_800);
  });
});
