/** Load P: profiles, whose tasks the relay starts before it polls them, and the row that comes of it. */
import { AccountConcurrency } from './concurrency.ts';
import type { Distribution } from './distributions.ts';
import { type LimiterName, makeLimiter } from './limiters.ts';
import { type Arrival, atOnce, poisson } from './loads.ts';
import { type Random, seeded } from './random.ts';
import { relayPolls } from './relay-polls.ts';
import { relayStarts } from './relay-starts.ts';
import { quantile } from './simulate.ts';
import { type Profile, type Reveal, World } from './world.ts';

/** The vendor's limit, starts per minute. */
export const startLimit = 120;

export type StartsRun = {
  readonly profiles: number;
  readonly pollsPerMinute: number;
  /** Whether starts wait for polls to follow, as they do in the handler. */
  readonly waits: boolean;
  readonly distribution: Distribution;
  readonly limiter: LimiterName;
  readonly seed: number;
  /** @default no limit */
  readonly concurrency?: number | undefined;
};

/** Seconds throughout, unless a name says else. */
export type StartsRow = {
  readonly load: 'P';
  readonly profiles: number;
  readonly pollsPerMinute: number;
  readonly waits: boolean;
  readonly distribution: string;
  readonly limiter: LimiterName;
  readonly seed: number;
  readonly startsRejected: number;
  readonly pollsRejected: number;
  readonly startsPerMinute: number;
  readonly pollsPerReveal: number;
  /** Passes through WaitToStart and StartTask, and through the loop, for each reveal. */
  readonly transitionsPerReveal: number;
  /** From the start of a task to our knowing that it has finished. */
  readonly meanToDetection: number;
  /** The same tasks, begun at the same moments by somebody else, and only polled. */
  readonly meanPolledOnly: number;
  readonly ratio: number;
  /** From the request for the last to its detection. */
  readonly drain: number;
  /** From the request to the start of those that somebody waits for. */
  readonly interactive: { readonly p50: number; readonly max: number };
  /** Profiles that were never started, or never found. */
  readonly left: number;
};

/** WaitToStart, StartTask, Next?; or WaitForSlot, Poll, Next? */
const transitionsPerLoop = 3;

export function simulateStarts({ profiles: many, pollsPerMinute, waits, ...run }: StartsRun): StartsRow {
  const { distribution, limiter, seed, concurrency } = run;
  const limits = { share: 1, interactiveShare: 0.25 };
  const random = seeded(seed, 1);
  const profiles = profilesOf(many, pollsPerMinute, random).map(
    ({ atMs, priority }): Profile => ({
      priority,
      requestedAt: atMs,
      durationMs: 1_000 * distribution.quantile(random()),
      task: undefined,
    }),
  );
  const makeWorld = () =>
    new World(
      makeLimiter(limiter, pollsPerMinute, 60_000 * seeded(seed, 2)()),
      seeded(seed, 3),
      new AccountConcurrency(concurrency ?? Number.POSITIVE_INFINITY, seeded(seed, 4)),
      makeLimiter(limiter, startLimit, 60_000 * seeded(seed, 5)()),
    );
  const polling = { ...limits, perMinute: pollsPerMinute };
  const world = makeWorld();
  const admit = relayStarts(world, relayPolls(world, polling), { ...limits, perMinute: startLimit }, waits);
  for (const profile of profiles) world.at(profile.requestedAt, () => admit(profile));
  world.run(100 * 3_600_000);

  const tasks = profiles.flatMap(({ task }) => task ?? []);
  const again = tasks.map((task): Reveal => ({ ...task, detectedAt: undefined }));
  const polledOnly = makeWorld();
  const { admit: poll } = relayPolls(polledOnly, polling);
  for (const task of again) polledOnly.at(task.startedAt, () => poll(task));
  polledOnly.run(100 * 3_600_000);

  const starts = tasks.map(({ startedAt }) => startedAt);
  const waited = profiles
    .filter(({ priority }) => priority === 'interactive')
    .map(({ task, requestedAt }) => ((task?.startedAt ?? Number.POSITIVE_INFINITY) - requestedAt) / 1_000)
    .sort((a, b) => a - b);
  const meanToDetection = meanSeconds(tasks);
  const meanPolledOnly = meanSeconds(again);
  return {
    load: 'P',
    profiles: profiles.length,
    pollsPerMinute,
    waits,
    distribution: distribution.name,
    limiter,
    seed,
    startsRejected: world.startsRejected,
    pollsRejected: world.rejected,
    startsPerMinute: (60_000 * (starts.length - 1)) / (highest(starts) - starts.reduce((a, b) => Math.min(a, b))),
    pollsPerReveal: world.polls / profiles.length,
    transitionsPerReveal: (transitionsPerLoop * world.loops + world.account.retries) / profiles.length,
    meanToDetection,
    meanPolledOnly,
    ratio: meanToDetection / meanPolledOnly,
    drain: highest(tasks.map(({ detectedAt = Number.NaN }) => detectedAt)) / 1_000,
    interactive: { p50: quantile(waited, 0.5), max: quantile(waited, 1) },
    left: profiles.filter(({ task }) => task?.detectedAt === undefined).length,
  };
}

/** All in bulk at once, and until about the last of them is started somebody who waits every three minutes. */
function profilesOf(bulk: number, pollsPerMinute: number, random: Random): Arrival[] {
  const lengthMs = (60_000 * bulk) / Math.min(startLimit, pollsPerMinute);
  const interactive = poisson(random, 1 / 3, lengthMs).map(({ atMs }) => ({ atMs, priority: 'interactive' as const }));
  return [...atOnce(bulk), ...interactive];
}

const highest = (numbers: readonly number[]) => numbers.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);

function meanSeconds(tasks: readonly Reveal[]): number {
  const sum = tasks.reduce((total, { startedAt, detectedAt = Number.NaN }) => total + detectedAt - startedAt, 0);
  return sum / tasks.length / 1_000;
}
