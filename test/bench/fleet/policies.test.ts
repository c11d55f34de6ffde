import { describe, expect, it } from 'vitest';
import { AccountConcurrency } from '../../../bench/fleet/concurrency.ts';
import { mix } from '../../../bench/fleet/distributions.ts';
import { makeLimiter } from '../../../bench/fleet/limiters.ts';
import { type Load, poisson } from '../../../bench/fleet/loads.ts';
import { makePolicy } from '../../../bench/fleet/policies.ts';
import { seeded } from '../../../bench/fleet/random.ts';
import { simulate } from '../../../bench/fleet/simulate.ts';
import { type Reveal, World } from '../../../bench/fleet/world.ts';
import { longRun } from '../../support/long-run.ts';

describe('priorities', longRun, () => {
  it('an interactive reveal beside a bulk burst is found soon, and nobody is rejected', () => {
    const load: Load = {
      name: 'priorities',
      is: '',
      arrivals: (random) => [
        ...Array.from({ length: 2_000 }, () => ({ atMs: 0, priority: 'bulk' as const })),
        ...poisson(random, 10, 480_000).map(({ atMs }) => ({ atMs, priority: 'interactive' as const })),
      ],
    };
    const row = simulate({ policy: 'relay', load, distribution: mix, limiter: 'strict-log', seed: 1 });

    expect(row.rejected).toBe(0);
    expect(row.meanDelay).toBeLessThan(30);
  });

  it('with the same load each are found equally soon', () => {
    const reveals = Array.from(
      { length: 2_400 },
      (_, i): Reveal => ({
        priority: i % 2 === 0 ? 'interactive' : 'bulk',
        startedAt: i * 500,
        finishesAt: i * 500 + 30_000 + ((i * 7_919) % 150_000),
        detectedAt: undefined,
      }),
    );
    const world = play(reveals, 3_600_000);
    const meanSeconds = (priority: string) => {
      const delays = reveals
        .filter((reveal) => reveal.priority === priority)
        .map((r) => (r.detectedAt ?? Number.NaN) - r.finishesAt);
      return delays.reduce((a, b) => a + b, 0) / delays.length / 1_000;
    };

    expect(world.rejected).toBe(0);
    expect(meanSeconds('interactive')).toBeLessThan(32);
    expect(meanSeconds('bulk')).toBeLessThan(32);
  });

  it.each([1_000, 2_500])('%i bulk behind as many interactive get their three quarters, to the last one', (n) => {
    const reveals = ['interactive', 'bulk'].flatMap((priority, i) =>
      Array.from(
        { length: n },
        (): Reveal => ({
          priority: priority as Reveal['priority'],
          startedAt: i * 20_000,
          finishesAt: i * 20_000,
          detectedAt: undefined,
        }),
      ),
    );
    const world = play(reveals, 1_800_000);
    const found = (priority: string) =>
      reveals.filter((reveal) => reveal.priority === priority).map(({ detectedAt }) => detectedAt ?? Number.NaN);

    expect(world.rejected).toBe(0);
    expect(Math.max(...found('bulk'))).toBeLessThan(1.25 * (20_000 + (n * 256) / 0.75));
    expect(Math.max(...found('interactive'))).toBeLessThan(1.1 * (20_000 + 2 * n * 256));
  });
});

describe('a bad day', longRun, () => {
  it('with the account out of credits for half an hour costs a handful of polls, and everybody is found afterwards', () => {
    const reveals = Array.from(
      { length: 1_000 },
      (_, i): Reveal => ({ priority: 'bulk', startedAt: i * 500, finishesAt: i * 500 + 60_000, detectedAt: undefined }),
    );
    let refused = 0;
    const world = play(reveals, 5_400_000, (ms) => {
      const out = ms > 300_000 && ms < 2_100_000;
      if (out) refused++;
      return out;
    });

    expect(refused).toBeLessThan(20);
    expect(world.rejected).toBe(0);
    expect(Math.max(...reveals.map(({ detectedAt }) => detectedAt ?? Number.NaN))).toBeLessThan(2_100_000 + 900_000);
  });
});

function play(reveals: readonly Reveal[], untilMs: number, refuses: (ms: number) => boolean = () => false): World {
  const world = new World(
    makeLimiter('strict-log', 240, 0),
    seeded(1, 3),
    new AccountConcurrency(Number.POSITIVE_INFINITY, seeded(1, 4)),
  );
  world.refuses = refuses;
  const admit = makePolicy('relay', world);
  for (const reveal of reveals) world.at(reveal.startedAt, () => admit(reveal));
  world.run(untilMs);
  return world;
}
