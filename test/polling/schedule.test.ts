import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { belief, binEnds } from '../../lambdas/polling/durations.ts';
import { priceCurve } from '../../lambdas/polling/price-curve.ts';
import { nextWait } from '../../lambdas/polling/schedule.ts';

const prior = priceCurve(belief({}));
const plenty = 100;

describe('the next wait', () => {
  it('is short alone and longer the more there are', () => {
    const waits = [plenty, 0.05, 0.02, 0.014].map((pollsPerSecond) => nextWait(prior, 60, pollsPerSecond, 0.999, 0.5));

    expect(waits).toEqual([...waits].sort((a, b) => Number(a) - Number(b)));
    expect(Number(waits[0])).toBeLessThan(20);
    expect(Number(waits[3])).toBeGreaterThan(35);
  });

  it('is even where there is nothing left to schedule', () => {
    expect([0, 100, 300].map((age) => nextWait(prior, age, 0.005, 0.5, 0.5))).toEqual([200, 200, 200]);
  });

  it('is for the line when even polls would be more than five minutes apart', () => {
    expect(nextWait(prior, 0, 0.0033, 0.5, 0.5)).toBe('line');
    expect(nextWait(prior, 0, 0.0034, 0.5, 0.5)).not.toBe('line');
  });

  it('is for the line in a burst however well durations are known', () => {
    const known = priceCurve({ mass: belief({}).mass, observations: 1_000 });

    expect(nextWait(known, 0, 0.003, 0.5, 0.5)).toBe('line');
  });

  it('is not for the line where tasks take so long that what is known of them still tells when to poll', () => {
    const tenMinutes = priceCurve({ mass: binEnds.map((end) => (end === 624 ? 1 : 0)), observations: 1_000 });
    const polls = [0, 300, 560].map((age) => age + Number(nextWait(tenMinutes, age, 0.003, 0.5, 0.5)));

    expect(polls).toEqual([300, 595.5, 595.5]);
  });

  it('leaves nobody alone for long at first, at whatever age', () => {
    const ages = Array.from({ length: 60 }, (_, step) => 5 * step);

    expect(Math.max(...ages.map((age) => Number(nextWait(prior, age, plenty, 0.5, 0.5))))).toBeLessThan(25);
  });

  it('is even under load until enough was seen, whatever the prior promises', () => {
    const waitsAfter = (observations: number) => {
      const curve = priceCurve({ mass: belief({}).mass, observations });
      return new Set([0, 45, 100, 170].map((age) => nextWait(curve, age, 0.016, 0.5, 0.5)));
    };

    expect([0, 1, 1_000].map((observations) => waitsAfter(observations).size)).toEqual([1, 1, 4]);
  });

  it('is as short as the budget allows for the old as well, whose bins are long', () => {
    const slow = binEnds.map((end) => (end > 600 && end <= 1_200 ? 1 / 7 : 0));
    const wait = nextWait(priceCurve({ mass: slow, observations: 1_000 }), 900, plenty, 0.5, 0.5);

    expect(wait).toBeLessThan(30);
  });

  it('always comes, and never starves anybody', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 50_000, noNaN: true }),
        fc.double({ min: 1e-6, max: 100, noNaN: true }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (age, pollsPerSecond, random, jitter) => {
          const wait = nextWait(prior, age, pollsPerSecond, random, jitter);
          if (wait === 'line') return;
          expect(wait).toBeGreaterThanOrEqual(5);
          expect(wait).toBeLessThanOrEqual(300);
        },
      ),
    );
  });

  it('grows rare for a task that is never done, so that an execution of eleven hours stays far below its limit of events', () => {
    let polls = 0;
    for (let age = 0; age < 11 * 3_600; polls += 1) age += Number(nextWait(prior, age, plenty, 0.5, 0.5));

    // Nine events a loop, of 25,000.
    expect(9 * polls).toBeLessThan(5_000);
  });

  it('ends just after a sharp mode rather than evenly', () => {
    const mass = binEnds.map((end) => (end === 120 ? 1 : 0));
    const wait = nextWait(priceCurve({ mass, observations: 500 }), 0, 0.014, 0.999, 0.5);

    expect(wait).toBe(120);
  });

  it('is the same at every age for memoryless durations, however their histogram happens to be notched', () => {
    const notched = binEnds.map((end, bin) => {
      const start = binEnds[bin - 1] ?? 0;
      return (Math.exp(-start / 90) - Math.exp(-end / 90)) * (bin % 2 ? 1.05 : 0.95);
    });
    const curve = priceCurve({ mass: notched, observations: 2_000 });
    const waits = [0, 45, 100, 170].map((age) => nextWait(curve, age, 0.016, 0.5, 0.5));

    expect(waits).toEqual(Array(4).fill(1 / 0.016));
  });
});
