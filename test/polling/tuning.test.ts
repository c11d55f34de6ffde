import { describe, expect, it } from 'vitest';
import { bucketMs, buckets, longestWaitSeconds } from '../../lambdas/polling/tuning.ts';

describe('what belongs together', () => {
  it('the ring of bookings is at least as long as the longest wait', () => {
    expect(bucketMs * buckets).toBeGreaterThanOrEqual(1_000 * longestWaitSeconds);
  });
});
