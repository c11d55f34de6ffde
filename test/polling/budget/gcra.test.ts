import { describe, expect, it } from 'vitest';
import { baseIntervalMs } from '../../../lambdas/polling/budget/gcra.ts';
import { defaultPollLimits as limits } from '../../../lambdas/polling/budget/limits.ts';

describe('the emission interval', () => {
  it('follows the limit and our share of it', () => {
    expect(baseIntervalMs({ ...limits, perMinute: 240 })).toBe(256);
    expect(baseIntervalMs({ ...limits, perMinute: 240, share: 0.5 })).toBe(512);
    expect(baseIntervalMs({ ...limits, perMinute: 1 })).toBe(61_400);
  });
});
