/** The pace a reveal may plan with: its part of the budget, and no more than does some good when the crowd thins out. Pure. */

import type { Priority } from '../contract.ts';
import { inFlight, withSlotInHand } from './bookings.ts';
import { intervalMs } from './budget/gcra.ts';
import { otherThan, type RateLimits } from './budget/limits.ts';
import type { Item } from './budget/moves.ts';
import type { PollingState } from './polling-state.ts';
import type { PriceCurve } from './price-curve.ts';
import { pollsPerReveal } from './schedule.ts';
import {
  advisedSeconds,
  mostPollsPerSecond,
  overbooking,
  pollsWhenScarce,
  thinnedOutSeconds,
  wakeEarlyMs,
} from './tuning.ts';

export type Pace = {
  readonly pollsPerSecond: number;
  /** How long before the poll is planned to leave the reveal is woken. */
  readonly wakeEarlyMs: number;
  /** The fewest polls per second that the reveal ever had, if polls were scarce then; it carries them along. */
  readonly slowest: number | undefined;
};

/** For a reveal of this priority, from the budget as it was at `readAt`. */
export function paceFor(
  limits: RateLimits,
  curve: PriceCurve,
  item: Item,
  reveal: Pick<PollingState, 'priority' | 'slowest'>,
  readAt: number,
): Pace {
  const fair = pollsForEach(limits, item, reveal.priority, readAt);
  const crowded = fair * advisedSeconds < 1;
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
 * Polls per second that the budget has for each reveal of the priority: an equal part of everything. A priority that is small beside the other one may
 * plan with the smaller guarantee, as far as it can use that, and the other one then plans with the rest: else interactive beside bulk is found half as
 * late again. The item counts for the moment it was read
 * at: seconds later, after a slot was waited for, others have booked that it does not know of.
 */
function pollsForEach(limits: RateLimits, item: Item, priority: Priority, readAt: number): number {
  const perSecond = 1_000 / intervalMs(limits, item);
  const mine = 1 + inFlight(limits, item, priority, readAt);
  const others = inFlight(limits, item, otherThan(priority), readAt);
  const sure = (reveals: number) =>
    Math.min(limits.interactiveShare, 1 - limits.interactiveShare, (reveals * mostPollsPerSecond) / perSecond);
  const part = Math.min(Math.max(mine / (mine + others), sure(mine)), 1 - sure(others));
  // Nobody knows whose they are: as many of each priority as it has of the rest.
  const inHand = withSlotInHand(limits, item, readAt) / (mine + others);
  return Math.min(1, (part * perSecond) / (mine * (1 + inHand)));
}
