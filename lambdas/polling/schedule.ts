/**
 * When to poll next. Crowding sets the price of a poll: the one at which the reveals in flight together ask for as many polls as the budget has.
 */
import { ages, type PriceCurve, type Schedule } from './price-curve.ts';
import {
  advisedSeconds,
  delayWhenIdleSeconds,
  jitter,
  longestWaitSeconds,
  pollsWhenOverloaded,
  prices,
  shortestWaitSeconds,
} from './tuning.ts';

const oldest = ages.at(-1)!;

/**
 * Seconds to wait after a negative poll at `ageSeconds` (0 for the first poll), or 'line' when there is nothing to plan and evenly spaced polls would be
 * too far apart: everybody then just stands in line. `pollsPerSecond` is what the budget has for each reveal in flight; `random` and `jitterRandom` are
 * uniform in [0, 1): between two prices one of the two schedules is drawn, so that the sum of all reveals meets the
 * budget in between: with the dearer one alone L4 `mix` is found 4 % later.
 */
export function nextWait(
  curve: PriceCurve,
  ageSeconds: number,
  pollsPerSecond: number,
  random: number,
  jitterRandom: number,
): number | 'line' {
  const schedule = choose(curve, pollsPerSecond, random);
  const even = isEven(schedule, pollsPerSecond);
  if (even && pollsPerSecond * longestWaitSeconds < 1) return 'line';
  // Older than anything that was ever learned: nothing says when it will be done.
  if (ageSeconds >= oldest) return longestWaitSeconds * (1 - jitter * jitterRandom);
  const wait = even ? 1 / pollsPerSecond : ages[schedule.next[nearestAge(ageSeconds)]!]! - ageSeconds;
  const jittered = wait * (1 + jitter * (2 * jitterRandom - 1));
  return Math.min(longestWaitSeconds, Math.max(shortestWaitSeconds, jittered));
}

/** How many polls a reveal can have at this rate until it is detected, by belief. */
export function pollsPerReveal(curve: PriceCurve, pollsPerSecond: number): number {
  return pollsPerSecond * choose(curve, pollsPerSecond, 1).cycleSeconds;
}

/** Crowded, and either no polls left to schedule or nothing worth knowing about the durations, as with memoryless ones. */
function isEven(schedule: Schedule, pollsPerSecond: number): boolean {
  return (
    pollsPerSecond * schedule.cycleSeconds < pollsWhenOverloaded ||
    (schedule.even && crowding(schedule, pollsPerSecond) > soonEnough(schedule))
  );
}

/** What the schedule asks of the budget, as a share of what there is. */
const crowding = ({ polls, cycleSeconds }: Schedule, pollsPerSecond: number) => polls / cycleSeconds / pollsPerSecond;
/** Above 1 where it detects sooner than anybody needs to know. */
const soonEnough = ({ delaySeconds }: Schedule) => delayWhenIdleSeconds / delaySeconds;
/** Above 1 where it asks more often than advised. */
const oftenEnough = ({ polls, cycleSeconds }: Schedule) => (polls * advisedSeconds) / cycleSeconds;

/** The schedule at the lowest price of a poll that is not too much, or, drawn, the one before it. */
function choose(curve: PriceCurve, pollsPerSecond: number, random: number): Schedule {
  const excess = (schedule: Schedule) =>
    Math.max(crowding(schedule, pollsPerSecond), Math.min(soonEnough(schedule), oftenEnough(schedule))) - 1;
  let tooMuch = -1;
  // Durations can be so regular that even the dearest schedule detects at once.
  let enough = prices.length - 1;
  while (enough - tooMuch > 1) {
    const middle = (tooMuch + enough) >> 1;
    if (excess(curve(middle)) > 0) tooMuch = middle;
    else enough = middle;
  }
  const schedule = curve(enough);
  const cheaper = enough > 0 ? curve(enough - 1) : schedule;
  return random < -excess(schedule) / (excess(cheaper) - excess(schedule)) ? cheaper : schedule;
}

function nearestAge(ageSeconds: number): number {
  const above = ages.findIndex((age) => age > ageSeconds);
  return ageSeconds - ages[above - 1]! <= ages[above]! - ageSeconds ? above - 1 : above;
}
