import { describe, expect, it } from 'vitest';
import type { PollAnswer } from '../../lambdas/fiber/vendor-answer.ts';
import { isPerhapsTheTask, verdictOn } from '../../lambdas/reveal/verdict.ts';

describe('verdictOn', () => {
  it('tells the schedule what it needs to know of an answer', () => {
    const verdict = (answer: PollAnswer) => verdictOn(answer, 600_000);
    expect(verdict({ kind: 'running', vendorStatus: 'started' })).toEqual({ kind: 'pending' });
    expect(verdict({ kind: 'rate-limited', retryAfterMs: 5 })).toEqual({ kind: 'rejected', retryAfterMs: 5 });
    expect(verdict({ kind: 'refused', reason: 'key-refused', httpStatus: 401 })).toEqual({
      kind: 'refused',
      reason: 'key-refused',
    });
    // What is wrong with one task must not pause everybody.
    expect(verdict({ kind: 'refused', reason: 'task-not-found', httpStatus: 404 })).toEqual({ kind: 'no-such-task' });
    expect(verdict({ kind: 'unusable', problem: 'not-json' })).toEqual({ kind: 'unknown' });
  });

  it('asks again for a task that is not found within two minutes of its reveal', () => {
    const notFound = { kind: 'refused', reason: 'task-not-found', httpStatus: 404 } as const;
    expect([0, 119_999, 120_000].map((ageMs) => verdictOn(notFound, ageMs).kind)).toEqual([
      'unknown',
      'unknown',
      'no-such-task',
    ]);
  });

  it('lets a vendor that is down ask everybody to wait, and a page before it only the one who saw it', () => {
    const down = { kind: 'unusable', httpStatus: 503, retryAfterMs: 5 } as const;
    expect(verdictOn({ ...down, problem: 'server-error' }, 0)).toEqual({ kind: 'unavailable', retryAfterMs: 5 });
    expect(verdictOn({ ...down, problem: 'edge' }, 0)).toEqual({ kind: 'unknown', retryAfterMs: 5 });
  });

  it('says of a 403 that it may be about the task alone', () => {
    const forbidden = { kind: 'refused', reason: 'key-refused', httpStatus: 403 } as const;
    expect(verdictOn(forbidden, 0)).toEqual({ kind: 'refused', reason: 'key-refused', perhapsTheTask: true });
    expect([isPerhapsTheTask(forbidden), isPerhapsTheTask({ ...forbidden, httpStatus: 401 })]).toEqual([true, false]);
  });
});
