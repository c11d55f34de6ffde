import { describe, expect, it } from 'vitest';
import { AccountConcurrency } from '../../../bench/fleet/concurrency.ts';
import { mix } from '../../../bench/fleet/distributions.ts';
import { makeLimiter } from '../../../bench/fleet/limiters.ts';
import { type Load, steady } from '../../../bench/fleet/loads.ts';
import { seeded } from '../../../bench/fleet/random.ts';
import { simulate } from '../../../bench/fleet/simulate.ts';
import { World } from '../../../bench/fleet/world.ts';
import { longRun } from '../../support/long-run.ts';

describe('an account with a Lambda concurrency of 10', longRun, () => {
  const atOnce: Load = {
    name: 'L5',
    is: '',
    burst: 3_000,
    arrivals: () => Array.from({ length: 3_000 }, () => ({ atMs: 0, priority: 'bulk' as const })),
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
