import { expect, it } from 'vitest';
import { PerSecond } from '../../../bench/fleet/per-second.ts';

it('counts in each second, and knows the busiest one', () => {
  const rate = new PerSecond();
  expect([rate.mean, rate.peak]).toEqual([0, 0]);
  rate.add(0);
  rate.add(999, 2);
  rate.add(3_000);
  expect([rate.mean, rate.peak]).toEqual([1, 3]);
});
