/**
 * How long it takes until so many reveals have ended: a rough guess from what waits for slots, and from what is known of how long tasks take. It is right
 * within a quarter of the fleet's own simulation where a crowd waits (docs/polling.md), and no better than the durations of tasks are even where nobody does.
 */
import { inFlight } from './bookings.ts';
import { intervalMs } from './budget/gcra.ts';
import type { RateLimits } from './budget/limits.ts';
import type { Item } from './budget/moves.ts';
import { belief, binEnds } from './durations.ts';
import { pollsToFinish } from './tuning.ts';

export interface Remaining {
  /** Reveals whose task has not been started. */
  toStart: number;
  /** Reveals whose task runs. */
  polled: number;
  /** Unix milliseconds: when the last of those tasks was begun. */
  lastBegunMs: number;
}

/** A budget: its limits, and its item as it was just read. */
export interface Budget {
  limits: RateLimits;
  item: Item;
}

/** In seconds. What others have waiting counts: slots are for all. */
export function secondsLeft(
  { toStart, polled, lastBegunMs }: Remaining,
  { polls, starts, durations }: { polls: Budget; starts: Budget; durations: Item },
  nowMs: number,
): number {
  if (toStart + polled === 0) return 0;
  const startsAhead = toStart === 0 ? 0 : Math.max(toStart, waitingIn(starts, nowMs));
  const pollsAhead = pollsToFinish * (Math.max(polled, waitingIn(polls, nowMs)) + startsAhead);
  const slotsMs = Math.max(
    startsAhead * intervalMs(starts.limits, starts.item),
    pollsAhead * intervalMs(polls.limits, polls.item),
  );
  // By the time a crowd has been polled, those that ran when it began have ended. A task that is started last runs after that.
  if (toStart > 0) return Math.ceil(slotsMs / 1_000 + lastOf(toStart + polled, durations, 0));
  const age = Math.max(0, nowMs - lastBegunMs) / 1_000;
  return Math.ceil(Math.max(slotsMs / 1_000, lastOf(polled, durations, age)));
}

function waitingIn({ limits, item }: Budget, nowMs: number): number {
  return inFlight(limits, item, 'interactive', nowMs) + inFlight(limits, item, 'bulk', nowMs);
}

/** The last few of a crowd are no guide to the rest of it. */
const surest = 0.95;

/** How many seconds more the slowest of so many tasks probably takes that have run for `age` seconds. */
function lastOf(tasks: number, durations: Item, age: number): number {
  const { mass } = belief(durations);
  const later = mass.map((share, bin) => (binEnds[bin]! > age ? share : 0));
  const all = later.reduce((a, b) => a + b, 0);
  let sure = all * Math.min(surest, tasks / (tasks + 1));
  for (const [bin, share] of later.entries()) {
    sure -= share;
    if (sure <= 0 && share > 0) return binEnds[bin]! - Math.min(age, binEnds[bin]!);
  }
  return 0;
}
