/** One run of the fleet simulation: a policy under a load, a distribution, a limiter and a seed, and the row that comes of it. */
import { delayBound, drainBound } from './bound.ts';
import { AccountConcurrency } from './concurrency.ts';
import { type Distribution, meanSeconds } from './distributions.ts';
import { type LimiterName, makeLimiter } from './limiters.ts';
import type { Load } from './loads.ts';
import type { PerSecond } from './per-second.ts';
import { makePolicy, type PolicyName } from './policies.ts';
import { seeded } from './random.ts';
import { type Reveal, World } from './world.ts';

/** Seconds throughout. A reveal still undetected an hour after the last start counts as detected then. */
export type Row = {
  readonly policy: PolicyName;
  readonly load: string;
  readonly distribution: string;
  readonly limiter: LimiterName;
  readonly seed: number;
  readonly reveals: number;
  readonly rejected: number;
  readonly pollsPerReveal: number;
  readonly transitionsPerReveal: number;
  readonly meanDelay: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly maxDelay: number;
  /** From the first start to the last detection. */
  readonly drain: number;
  /** Of the mean delay at a steady rate, of the drain for a burst; null for one reveal alone. */
  readonly bound: number | null;
  readonly ratio: number | null;
  /** The account's Lambda concurrency; null: more than is ever needed. */
  readonly concurrency: number | null;
  /** Reveals that ended because their handler could not be invoked. */
  readonly lost: number;
  /** So many handlers at once are enough in 99 of 100 moments in which any run. */
  readonly handlers: number;
  /** So many at once there were at most. */
  readonly mostHandlers: number;
  /** State transitions of Step Functions in a second, retries included. */
  readonly transitions: Rate;
  /** Writes tried in a second on the item that all reveals share, those refused by their condition included. */
  readonly budgetWrites: Rate;
};

export type Rate = { readonly mean: number; readonly peak: number };

/** WaitForSlot, Poll, Next? */
const transitionsPerLoop = 3;
export const vendorLimit = 240;

export type Run = {
  readonly policy: PolicyName;
  readonly load: Load;
  readonly distribution: Distribution;
  readonly limiter: LimiterName;
  readonly seed: number;
  /** @default no limit */
  readonly concurrency?: number | undefined;
};

export function simulate({ policy, load, distribution, limiter, seed, concurrency }: Run): Row {
  // Starts and durations come from their own stream: every policy sees the same reveals.
  const tasks = seeded(seed, 1);
  const arrivals = load.arrivals(tasks);
  const reveals = arrivals.map(
    ({ atMs, priority }): Reveal => ({
      priority,
      startedAt: atMs,
      finishesAt: atMs + 1_000 * distribution.quantile(tasks()),
      detectedAt: undefined,
    }),
  );
  const account = new AccountConcurrency(concurrency ?? Number.POSITIVE_INFINITY, seeded(seed, 4));
  const world = new World(makeLimiter(limiter, vendorLimit, 60_000 * seeded(seed, 2)()), seeded(seed, 3), account);
  const admit = makePolicy(policy, world);
  for (const reveal of reveals) {
    world.at(reveal.startedAt, () => {
      world.enter();
      admit(reveal);
    });
  }
  const horizon = Math.max(...arrivals.map(({ atMs }) => atMs)) + 3_600_000;
  world.run(horizon);

  const watched = load.name === 'priorities' ? reveals.filter(({ priority }) => priority === 'interactive') : reveals;
  const delays = watched.map(({ detectedAt, finishesAt }) => Math.max(0, (detectedAt ?? horizon) - finishesAt) / 1_000);
  delays.sort((a, b) => a - b);
  const meanDelay = delays.reduce((a, b) => a + b, 0) / delays.length;
  const drain = Math.max(...watched.map(({ detectedAt }) => detectedAt ?? horizon)) / 1_000;
  const bound = boundOf(load, distribution);
  return {
    policy,
    load: load.name,
    distribution: distribution.name,
    limiter,
    seed,
    reveals: watched.length,
    rejected: world.rejected,
    pollsPerReveal: world.polls / reveals.length,
    transitionsPerReveal: (transitionsPerLoop * world.loops + account.retries) / reveals.length,
    meanDelay,
    p50: quantile(delays, 0.5),
    p95: quantile(delays, 0.95),
    p99: quantile(delays, 0.99),
    maxDelay: quantile(delays, 1),
    drain,
    bound,
    // Nothing to compare with where the bound is practically 0, as for constant durations.
    ratio: bound === null || bound < 0.05 ? null : (load.burst === undefined ? meanDelay : drain) / bound,
    concurrency: concurrency ?? null,
    lost: world.lost,
    handlers: account.quantile(0.99),
    mostHandlers: account.quantile(1),
    transitions: rateOf(world.transitions),
    budgetWrites: rateOf(world.budgetWrites),
  };
}

const rateOf = ({ mean, peak }: PerSecond): Rate => ({ mean, peak });

const bounds = new Map<string, number>();

function boundOf({ perMinute, burst }: Load, distribution: Distribution): number | null {
  if (burst !== undefined) return drainBound(distribution, burst, vendorLimit);
  if (perMinute === undefined) return null;
  const key = `${distribution.name} ${perMinute} ${meanSeconds(distribution)}`;
  const known = bounds.get(key);
  if (known !== undefined) return known;
  const bound = delayBound(distribution, vendorLimit / perMinute);
  bounds.set(key, bound);
  return bound;
}

export function quantile(sorted: readonly number[], p: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(p * sorted.length))] ?? 0;
}
