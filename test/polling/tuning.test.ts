import { describe, expect, it } from 'vitest';
import * as tuning from '../../lambdas/polling/tuning.ts';

describe('constants that belong together', () => {
  it('the ring of bookings is at least as long as the longest wait', () => {
    expect(tuning.bucketMs * tuning.buckets).toBeGreaterThanOrEqual(1_000 * tuning.longestWaitSeconds);
  });

  it('a poll that is not void yet leaves within what the emission interval leaves room for', () => {
    expect(tuning.voidAfterMs).toBeLessThan(tuning.spreadMs);
  });

  it('a cool-down without Retry-After outlasts the slots already granted', () => {
    expect(tuning.coolMs).toBeGreaterThanOrEqual(tuning.aheadMs + tuning.clocksDifferMs);
  });

  it('whoever finds no line has a slot within what a handler sleeps for', () => {
    expect(tuning.noLineMs).toBeLessThanOrEqual(tuning.aheadMs);
  });

  it('a refused task is polled again when everybody alone has been polled since', () => {
    expect(tuning.refusedAgainMs).toBeGreaterThan(1_000 * tuning.advisedSeconds);
  });

  it('waits grow towards their caps', () => {
    expect(tuning.shortestWaitSeconds).toBeLessThan(tuning.longestWaitSeconds);
    expect(tuning.probeFirstMs).toBeLessThan(tuning.probeCapMs);
    expect(tuning.retryFirstMs).toBeLessThan(tuning.retryCapMs);
  });

  it('the usual durations are shares that rise from 0 to 1', () => {
    const flat = [0, 1].map((at) => tuning.usualPoints.map((point) => point[at]));

    expect(flat).toEqual(flat.map((values) => values.toSorted((a, b) => Number(a) - Number(b))));
    expect([tuning.usualPoints[0], tuning.usualPoints.at(-1)?.[1]]).toEqual([[0, 0], 1]);
  });
});
