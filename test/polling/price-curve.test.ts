import { describe, expect, it } from 'vitest';
import { belief, binEnds } from '../../lambdas/polling/durations.ts';
import { ages, priceCurve } from '../../lambdas/polling/price-curve.ts';
import { prices } from '../../lambdas/polling/tuning.ts';

const memoryless = binEnds.map((end, bin) => Math.exp(-(binEnds[bin - 1] ?? 0) / 90) - Math.exp(-end / 90));
const sharp = binEnds.map((end) => (end === 44 || end === 172 ? 0.5 : 0));

describe('the schedules at each price', () => {
  it('take fewer polls the dearer one is, and find later', () => {
    const curve = priceCurve(belief({}));
    const schedules = prices.map((_, step) => curve(step));
    const polls = schedules.map((schedule) => schedule.polls);
    const delays = schedules.map((schedule) => schedule.delaySeconds);

    expect(polls).toEqual(polls.toSorted((a, b) => b - a));
    expect(delays).toEqual(delays.toSorted((a, b) => a - b));
  });

  it('poll ever later, up to the last age', () => {
    const { next } = priceCurve(belief({}))(20);

    for (const [at, to] of next.entries())
      expect(ages[to]).toBeGreaterThanOrEqual(ages[Math.min(at + 1, ages.length - 1)]!);
  });

  it('are no better than even spacing where durations have no memory, and much better where they are sharp', () => {
    const isEven = (mass: readonly number[]) => priceCurve({ mass, observations: 2_000 })(30).even;

    expect([isEven(memoryless), isEven(sharp)]).toEqual([true, false]);
  });

  it('are never trusted to beat even spacing before anything was seen', () => {
    expect(priceCurve({ mass: sharp, observations: 0 })(30).even).toBe(true);
  });
});
