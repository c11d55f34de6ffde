import { describe, expect, it } from 'vitest';
import { startCallSeconds } from '../../../lambdas/contract.ts';
import { callMayLastMs, hasUnansweredStart, startStep } from '../../../lambdas/reveal/life/paid-start.ts';

const noon = Date.parse('2026-11-27T12:00:00Z');
const startIntent = { nonce: 'nonce', at: '2026-11-27T12:00:00.000Z' };
describe('what is next for a reveal without a task', () => {
  it('is to send, as long as nobody has set out', () => {
    expect(startStep({}, noon)).toEqual({ kind: 'send' });
  });

  it('is never to send once somebody has, however long ago, and whatever stands there for a time', () => {
    const steps = [-1, 0, callMayLastMs - 1, callMayLastMs, 1e12].map(
      (ms) => startStep({ startIntent }, noon + ms).kind,
    );
    expect(steps).toEqual(['under-way', 'under-way', 'under-way', 'unknown', 'unknown']);
    expect(startStep({ startIntent: { nonce: 'nonce', at: '' } }, noon).kind).toBe('unknown');
  });

  it('is to go on once there is a task, whatever else stands there', () => {
    expect(startStep({ taskId: 'task_1', startIntent }, noon)).toEqual({ kind: 'started' });
    expect(hasUnansweredStart({ taskId: 'task_1', startIntent })).toBe(false);
  });

  it('waits longer for another than its handler can live', () => {
    expect(callMayLastMs).toBeGreaterThan(1_000 * startCallSeconds.handlerLives);
    expect(startCallSeconds.leavesWithin + startCallSeconds.answer).toBeLessThan(startCallSeconds.handlerLives);
  });
});
