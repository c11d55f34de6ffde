import { describe, expect, it } from 'vitest';
import { endingOf, endingOfExecution, endingOfState, endsAtOnce } from '../../../lambdas/reveal/life/ending.ts';

describe('endsAtOnce', () => {
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
    expect([0, 119_999, 120_000].map((ageMs) => endsAtOnce(notFound, ageMs)?.reason)).toEqual([
      undefined,
      undefined,
      'task-not-found',
    ]);
    // What the vendor does not take, it does not take later.
    expect(endsAtOnce({ kind: 'refused', reason: 'request-refused' }, 0)?.reason).toBe('request-refused');
  });
});

describe('endingOf', () => {
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
});

describe('endingOfState', () => {
  it('ends a reveal as the state asks, and as a fault of ours where the state asks for nothing', () => {
    expect(endingOfState({ outcome: 'timed-out', reason: 'deadline-passed' })).toEqual({
      outcome: 'timed-out',
      reason: 'deadline-passed',
    });
    for (const state of [
      { Error: 'RelayFault', Cause: '{}' },
      { outcome: 'completed' },
      { outcome: 'pending' },
      null,
    ]) {
      expect(endingOfState(state)).toEqual({ outcome: 'errored', reason: 'relay-fault' });
    }
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
