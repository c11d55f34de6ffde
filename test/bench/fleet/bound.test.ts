import { describe, expect, it } from 'vitest';
import { delayBound, drainBound } from '../../../bench/fleet/bound.ts';
import { exp, fromQuantile, mix, uni } from '../../../bench/fleet/distributions.ts';
import { longRun } from '../../support/long-run.ts';

describe('the bound', longRun, () => {
  it('is what was worked out before, for 1.5, 2, 4, 8 and 24 polls', () => {
    const table = [mix, exp, uni].map((durations) =>
      [1.5, 2, 4, 8, 24].map((polls) => Number(delayBound(durations, polls).toFixed(1))),
    );

    expect(table).toEqual([
      [50.1, 32.8, 14.5, 6.3, 2],
      [58.3, 34.8, 13.6, 6.1, 1.9],
      [34.4, 22.5, 9.5, 4.4, 1.4],
    ]);
  });

  it('is what can be worked out by hand: uniform on 0 to 60 s', () => {
    const sixty = fromQuantile('sixty', (p) => 60 * p);

    expect(delayBound(sixty, 1)).toBeCloseTo(30, 1);
    // Polls at 35, 55 and 60 s: 1 + 25/60 + 5/60 of them, and (35² + 20² + 5²) / 120 s of delay.
    expect(delayBound(sixty, 1.5)).toBeCloseTo(13.75, 1);
  });

  it('of a burst is the time the polls take and one duration', () => {
    expect(drainBound(mix, 10_000, 240)).toBeCloseTo(2_613, 0);
  });
});
