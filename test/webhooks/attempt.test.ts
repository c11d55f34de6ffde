import { describe, expect, it } from 'vitest';
import { webhookAttempts, webhookWaits } from '../../lambdas/contract.ts';
import { type Attempt, verdictOn } from '../../lambdas/webhooks/attempt.ts';

const nowMs = Date.parse('2026-11-27T12:00:00Z');
const answered = (status: number, retryAfter?: string): Attempt => ({ kind: 'answered', status, retryAfter });
const wait = (attempt: Attempt, number: number, random = 0) => {
  const verdict = verdictOn(attempt, number, random, nowMs);
  return verdict.kind === 'again' ? verdict.afterSeconds : verdict.kind;
};

describe('an answer', () => {
  it.each([200, 201, 202, 204, 299])('of %i has taken the event', (status) => {
    expect(wait(answered(status), 1)).toBe('delivered');
  });

  it('of 410 wants nothing more, whenever it comes', () => {
    for (const number of [1, webhookAttempts]) expect(wait(answered(410), number)).toBe('off');
  });

  it.each([100, 301, 307, 400, 401, 404, 422, 429, 500, 503])('of %i is asked for once more', (status) => {
    expect(wait(answered(status), 1)).toBe(webhookWaits[0]);
  });

  it('that does not come is asked for once more', () => {
    expect(wait({ kind: 'failed', problem: 'timed-out' }, 3)).toBe(webhookWaits[2]);
  });
});

describe('the next attempt', () => {
  it('comes after the waits that are stated, and none after the last', () => {
    const waits = Array.from({ length: webhookAttempts }, (_, at) => wait(answered(500), at + 1));
    expect(waits).toEqual([...webhookWaits, 'given-up']);
  });

  it('is a tenth later at the most, so that those who were refused together do not come together', () => {
    expect(wait(answered(500), 5, 0.999)).toBeGreaterThan(7_900);
    expect(wait(answered(500), 5, 0.999)).toBeLessThanOrEqual(7_920);
  });

  it('comes later if a receiver that is busy asks for that, and not sooner', () => {
    expect(wait(answered(429, '600'), 1)).toBe(600);
    expect(wait(answered(503, 'Fri, 27 Nov 2026 12:30:00 GMT'), 1)).toBe(1_800);
    expect(wait(answered(429, '1'), 4)).toBe(webhookWaits[3]);
    expect(wait(answered(500, '600'), 1)).toBe(webhookWaits[0]);
  });

  it('is never further away than SQS can hide a message', () => {
    for (const number of [1, webhookAttempts - 1]) {
      expect(wait(answered(503, '999999999'), number, 1)).toBeLessThan(43_200);
    }
  });
});
