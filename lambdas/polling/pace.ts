/** The pace a reveal may plan with: its part of the budget, and no more than does some good when the crowd thins out. Pure. */

import { inFlight, withSlotInHand } from './bookings.ts';
import type { Item } from './moves.ts';
import { gapMs, type Lane, otherLane, type PollLimits } from './rate-limiter.ts';
import { type PriceCurve, pollsPerReveal } from './schedule.ts';

/** There is less than a poll every 15 s for each: a crowd. */
const crowdedSeconds = 15;
/**
 * How long before its poll a reveal is woken. Alone, half a second: a wait ends up to a second late. In a crowd a second, so that nobody misses the place
 * that was booked.
 */
const wakeEarlyMs = { alone: 500, crowded: 1_000 };
/**
 * A crowd plans with a little more than there is: some moments find nobody who wants to poll, and bookings that are too many are put off. Without it
 * 2 % of the slots are left idle, and mean delays at L4 are 2 % longer.
 */
const overbooking = 1.03;
/**
 * Whoever once had to do with fewer polls than this is asked for every 20 s at most when the crowd thins out: what a rush leaves of the budget is not
 * all spent on the few that are left, where a poll brings least.
 */
const pollsWhenScarce = 3;
const thinnedOutSeconds = 20;
/** About what a reveal alone uses. */
const mostPollsPerSecond = 0.08;

export type Pace = {
  readonly pollsPerSecond: number;
  /** How long before the poll is planned to leave the reveal is woken. */
  readonly wakeEarlyMs: number;
  /** The fewest polls per second that the reveal ever had, if polls were scarce then; it carries them along. */
  readonly slowest: number | undefined;
};

/** For a reveal of this lane, from the budget as it was at `readAt`. */
export function paceFor(
  limits: PollLimits,
  curve: PriceCurve,
  item: Item,
  reveal: { readonly lane: Lane; readonly slowest?: number },
  readAt: number,
): Pace {
  const fair = pollsForEach(limits, item, reveal.lane, readAt);
  const crowded = fair * crowdedSeconds < 1;
  const scarce = pollsPerReveal(curve, fair) < pollsWhenScarce;
  const slowest = scarce ? Math.min(fair, reveal.slowest ?? fair) : reveal.slowest;
  const most = slowest === undefined ? fair : Math.max(slowest, 1 / thinnedOutSeconds);
  return {
    pollsPerSecond: Math.min(fair, most) * (crowded ? overbooking : 1),
    wakeEarlyMs: crowded ? wakeEarlyMs.crowded : wakeEarlyMs.alone,
    slowest,
  };
}

/**
 * Polls per second that the budget has for each reveal of the lane: an equal part of everything. A lane that is small beside the other one may
 * plan with the smaller guarantee, as far as it can use that, and the other one then plans with the rest. The item counts for the moment it was read
 * at: seconds later, after a slot was waited for, others have booked that it does not know of.
 */
function pollsForEach(limits: PollLimits, item: Item, lane: Lane, readAt: number): number {
  const perSecond = 1_000 / gapMs(limits, item);
  const mine = 1 + inFlight(limits, item, lane, readAt);
  const others = inFlight(limits, item, otherLane(lane), readAt);
  const sure = (reveals: number) =>
    Math.min(limits.interactiveShare, 1 - limits.interactiveShare, (reveals * mostPollsPerSecond) / perSecond);
  const part = Math.min(Math.max(mine / (mine + others), sure(mine)), 1 - sure(others));
  // Nobody knows whose they are: as many of each lane as it has of the rest.
  const inHand = withSlotInHand(limits, item, readAt) / (mine + others);
  return Math.min(1, (part * perSecond) / (mine * (1 + inHand)));
}
