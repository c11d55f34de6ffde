import { describe, expect, it } from 'vitest';
import {
  type Distribution,
  fromQuantile,
  memoryless,
  mix,
  named,
  uni,
  unseen,
} from '../../../bench/fleet/distributions.ts';
import { limiterNames } from '../../../bench/fleet/limiters.ts';
import { type Load, type LoadName, loads, poisson } from '../../../bench/fleet/loads.ts';
import { simulate } from '../../../bench/fleet/simulate.ts';
import { longRun } from '../../support/long-run.ts';

describe('a quarter of an hour at the limit', longRun, () => {
  const load: Load = { name: 'L4', is: '', perMinute: 120, arrivals: (random) => poisson(random, 120, 900_000) };

  it.each(limiterNames)(
    'from a cold start earns relay no rejection under a %s, with about two polls each, near the bound',
    (limiter) => {
      const row = simulate({ policy: 'relay', load, distribution: mix, limiter, seed: 3 });

      expect(row.rejected).toBe(0);
      expect(row.pollsPerReveal).toBeLessThan(2.25);
      expect(row.transitionsPerReveal).toBeLessThan(10);
      expect(row.ratio).toBeLessThan(1.12);
    },
  );

  it('is repeated exactly by the same seed', () => {
    const run = { policy: 'relay', load, distribution: uni, limiter: 'fixed-window', seed: 5 } as const;

    expect(simulate(run)).toEqual(simulate(run));
  });

  it('breaks naive polling', () => {
    expect(
      simulate({ policy: 'fixed-15s', load, distribution: mix, limiter: 'fixed-window', seed: 3 }).rejected,
    ).toBeGreaterThan(5_000);
  });
});

describe('durations it was not tuned on', longRun, () => {
  const meanDelay = (policy: 'relay' | 'fixed-15s-reserved', load: LoadName, distribution: Distribution) => {
    const at = loads.find(({ name }) => name === load)!;
    return simulate({ policy, load: at, distribution, limiter: 'fixed-window', seed: 3 }).meanDelay;
  };
  /** How much later than every 15 s on the same budget. */
  const ratio = (load: LoadName, distribution: Distribution) =>
    meanDelay('relay', load, distribution) / meanDelay('fixed-15s-reserved', load, distribution);
  const each = (distributions: readonly Distribution[]) =>
    (['L2', 'L3', 'L4'] as const).flatMap((load) => distributions.map(({ name }) => [load, name] as const));
  const byName = (wanted: string) => named.find(({ name }) => name === wanted)!;

  it.each(each(unseen))('are found sooner than every 15 s on the same budget: %s, %s', (load, name) => {
    expect(ratio(load, byName(name))).toBeLessThan(1);
  });

  it('are found about as soon as by a cadence that happens to ask just behind every mode', () => {
    const justBefore = fromQuantile('46 or 171 s', (p) => (p < 0.5 ? 44 + 4 * p : 167 + 4 * p));

    expect(ratio('L2', justBefore)).toBeLessThan(1.05);
  });

  it.each(each(memoryless))(
    'are found within a hundredth as soon as every 15 s where even spacing is the best there is: %s, %s',
    (load, name) => {
      expect(ratio(load, byName(name))).toBeLessThan(1.01);
    },
  );
});
