import { describe, expect, it } from 'vitest';
import { delayBound, drainBound } from '../../bench/bound.ts';
import { AccountConcurrency } from '../../bench/concurrency.ts';
import {
  type Distribution,
  exp,
  fromQuantile,
  memoryless,
  mix,
  parseDistribution,
  uni,
  unseen,
} from '../../bench/distributions.ts';
import { limiterNames, makeLimiter } from '../../bench/limiters.ts';
import { type Load, type LoadName, loads, poisson, steady } from '../../bench/loads.ts';
import { parseOptions } from '../../bench/options.ts';
import { makePolicy, policyNames } from '../../bench/policies.ts';
import { seeded } from '../../bench/random.ts';
import { simulate } from '../../bench/simulate.ts';
import { type Reveal, World } from '../../bench/world.ts';
import { UsageError } from '../../cli/usage-error.ts';
import { some } from '../support/more.ts';

describe('the bound', () => {
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

describe('the limiters', () => {
  it('serve 240 in a minute each, and differ in what comes after', () => {
    const served = limiterNames.map((name) => {
      const limiter = makeLimiter(name, 240, 0);
      return [0, 60_000].map((from) => {
        let count = 0;
        for (let i = 0; i < 600; i++) if (limiter(from + i * 100)) count++;
        return count;
      });
    });

    expect(served).toEqual([
      [240, 240],
      [240, 240],
      [240, 0],
      [249, 240],
    ]);
  });
});

describe('a quarter of an hour at the limit', () => {
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

describe('durations it was not tuned on', () => {
  const hours = some(['L2', 'L3', 'L4'] as const, (load) => load === 'L2');
  const hour = (load: LoadName, distribution: Distribution) => {
    const at = loads.find(({ name }) => name === load)!;
    const [ours, fixed] = (['relay', 'fixed-15s-reserved'] as const).map((policy) =>
      simulate({ policy, load: at, distribution, limiter: 'fixed-window', seed: 3 }),
    );
    return { ours: ours!.meanDelay, fixed: fixed!.meanDelay };
  };

  it.each(hours)('are never found later than every 15 s on the same budget: %s', (load) => {
    for (const distribution of unseen) {
      const { ours, fixed } = hour(load, distribution);
      expect(ours, distribution.name).toBeLessThan(fixed);
    }
  });

  it('are found about as soon as by a cadence that happens to ask just behind every mode', () => {
    const justBefore = fromQuantile('46 or 171 s', (p) => (p < 0.5 ? 44 + 4 * p : 167 + 4 * p));
    const { ours, fixed } = hour('L2', justBefore);

    expect(ours / fixed).toBeLessThan(1.05);
  });

  it.each(hours)(
    'are found within a hundredth as soon as every 15 s where even spacing is the best there is: %s',
    (load) => {
      for (const distribution of memoryless) {
        const { ours, fixed } = hour(load, distribution);
        expect(ours / fixed, distribution.name).toBeLessThan(1.01);
      }
    },
  );
});

describe('an account with a Lambda concurrency of 10', () => {
  const atOnce: Load = {
    name: 'L5',
    is: '',
    burst: 3_000,
    arrivals: () => Array.from({ length: 3_000 }, () => ({ atMs: 0, lane: 'bulk' as const })),
  };
  const rows = (load: Load) =>
    [10, undefined].map((concurrency) =>
      simulate({ policy: 'relay', load, distribution: mix, limiter: 'strict-log', seed: 2, concurrency }),
    );

  it.each([steady('L3', 60), steady('L4', 120), atOnce])(
    'loses nobody, and none is rejected: $perMinute a minute, $burst at once',
    (load) => {
      const [small, large] = rows(load);

      expect(small).toMatchObject({ lost: 0, rejected: 0, concurrency: 10 });
      expect(large).toMatchObject({ lost: 0, rejected: 0, concurrency: null });
      expect(large?.handlers).toBeLessThanOrEqual(12);
    },
  );

  it('lost reveals for ever when a workflow tried again for a minute only', () => {
    const impatient = {
      errors: [],
      maxAttempts: 6,
      intervalSeconds: 2,
      backoffRate: 2,
      maxDelaySeconds: 60,
      jitter: 'FULL',
    } as const;
    const world = new World(
      makeLimiter('strict-log', 240, 0),
      seeded(1, 3),
      new AccountConcurrency(10, seeded(1, 4), impatient),
    );
    for (let i = 0; i < 3_000; i++) world.invoke((_skew, end) => world.at(world.now + 5_000, end));
    world.run(3_600_000);

    expect(world.lost).toBeGreaterThan(1_000);
  });
});

describe('lanes', () => {
  it('an interactive reveal beside a bulk burst is found soon, and nobody is rejected', () => {
    const load: Load = {
      name: 'lanes',
      is: '',
      arrivals: (random) => [
        ...Array.from({ length: 2_000 }, () => ({ atMs: 0, lane: 'bulk' as const })),
        ...poisson(random, 10, 480_000).map(({ atMs }) => ({ atMs, lane: 'interactive' as const })),
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
        lane: i % 2 === 0 ? 'interactive' : 'bulk',
        startedAt: i * 500,
        finishesAt: i * 500 + 30_000 + ((i * 7_919) % 150_000),
        detectedAt: undefined,
      }),
    );
    const world = play(reveals, 3_600_000);
    const meanSeconds = (lane: string) => {
      const delays = reveals
        .filter((reveal) => reveal.lane === lane)
        .map((r) => (r.detectedAt ?? Number.NaN) - r.finishesAt);
      return delays.reduce((a, b) => a + b, 0) / delays.length / 1_000;
    };

    expect(world.rejected).toBe(0);
    expect(meanSeconds('interactive')).toBeLessThan(32);
    expect(meanSeconds('bulk')).toBeLessThan(32);
  });

  it.each([1_000, 2_500])('%i bulk behind as many interactive get their three quarters, to the last one', (n) => {
    const reveals = ['interactive', 'bulk'].flatMap((lane, i) =>
      Array.from(
        { length: n },
        (): Reveal => ({
          lane: lane as Reveal['lane'],
          startedAt: i * 20_000,
          finishesAt: i * 20_000,
          detectedAt: undefined,
        }),
      ),
    );
    const world = play(reveals, 1_800_000);
    const found = (lane: string) =>
      reveals.filter((reveal) => reveal.lane === lane).map(({ detectedAt }) => detectedAt ?? Number.NaN);

    expect(world.rejected).toBe(0);
    expect(Math.max(...found('bulk'))).toBeLessThan(1.25 * (20_000 + (n * 256) / 0.75));
    expect(Math.max(...found('interactive'))).toBeLessThan(1.1 * (20_000 + 2 * n * 256));
  });
});

describe('a bad day', () => {
  it('with the account out of credits for half an hour costs a handful of polls, and everybody is found afterwards', () => {
    const reveals = Array.from(
      { length: 1_000 },
      (_, i): Reveal => ({ lane: 'bulk', startedAt: i * 500, finishesAt: i * 500 + 60_000, detectedAt: undefined }),
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

describe('the command line', () => {
  it.each([
    [['--load', 'L9'], 'choose one of L1, L2'],
    [['--limiter', 'none'], 'choose one of fixed-window'],
    [['--seed', 'x'], 'give a whole number'],
    [['--distribution', 'nowhere.json'], 'nor a file'],
    [['--loud'], '--loud'],
  ])('%j is refused with what to do', (args, message) => {
    expect(() => parseOptions(args, policyNames)).toThrow(UsageError);
    expect(() => parseOptions(args, policyNames)).toThrow(message);
  });

  it('reads durations of your own', () => {
    const ours = parseDistribution({
      name: 'ours',
      quantiles: [
        [0, 20],
        [0.5, 90],
        [1, 400],
      ],
    });

    expect([0, 0.25, 0.5, 0.75, 1].map(ours.quantile)).toEqual([20, 55, 90, 245, 400]);
    expect(ours.cdf(245)).toBeCloseTo(0.75, 6);
    expect(() =>
      parseDistribution({
        name: 'bad',
        quantiles: [
          [0, 20],
          [0.5, 10],
        ],
      }),
    ).toThrow('must rise');
  });

  it('knows every load by name', () => {
    expect([...new Set(loads.map(({ name }) => name))]).toEqual(['L1', 'L2', 'L3', 'L4', 'L5', 'lanes']);
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
