/**
 * The poll schedule: at which age to look again, from the learned durations and how crowded it is.
 *
 * The best inspection schedule at a given price of a poll minimises `delay + price × polls`. With F the share finished by an
 * age and S = 1 - F, the cost to go after a negative poll at age s is
 *
 *     J(s) = min over t > s of  ∫ₛᵗ (F(x) - F(s)) dx  +  price · S(s)  +  J(t)
 *
 * solved backwards over the bins of the histogram. Crowding sets the price: the one at which the reveals in flight together ask for as many
 * polls as the budget has.
 */
import { type Belief, binEnds } from './durations.ts';

/** A schedule at one price: how it fares, and after a negative poll at each grid age when to look next (grid indices). */
export type Policy = {
  /** Polls per reveal, by belief. */
  readonly polls: number;
  /** Mean seconds from the start to the detection, by belief. */
  readonly cycleSeconds: number;
  /** The part of it after the task finished. */
  readonly delaySeconds: number;
  /** Whether polls spaced evenly at the same rate would fare as well, as far as is known. */
  readonly even: boolean;
  readonly next: Uint16Array;
};

/** The policy at each of `prices`, from cheap polls to dear ones: polls per reveal fall along it. Worked out when first asked for. */
export type PriceCurve = (step: number) => Policy;

/** Seconds of delay that one poll is worth, from 0.1 to about 1,600: a fifth more from one to the next. */
const prices = Array.from({ length: 54 }, (_, step) => 0.1 * 1.2 ** step);

/** When one may look: at the ends of the bins, and at the quarters of long ones, so that the old are not asked less often than the budget allows. */
const longBinSeconds = 5;
const looks = binEnds.flatMap((end, bin) => {
  const start = binEnds[bin - 1] ?? 0;
  const parts = end - start > longBinSeconds ? 4 : 1;
  return Array.from({ length: parts }, (_, part) => ({
    age: start + ((part + 1) * (end - start)) / parts,
    bin,
    shareOfBin: 1 / parts,
  }));
});
const ages = [0, ...looks.map(({ age }) => age)];
const last = ages.length - 1;

/**
 * Alone, a reveal need not be found sooner than this on average: that is less than with a poll every 15 s, and then polls cost more than they bring.
 * But it is asked for no less often than that, as the vendor advises: with sharp modes of duration these polls still bring something.
 */
const delayWhenIdleSeconds = 6;
const advisedSeconds = 15;
/** With a budget of fewer polls per reveal than this there is nothing left to schedule. */
const pollsWhenOverloaded = 1.25;
/**
 * Even spacing needs no knowledge. What was learned must promise to beat it by this factor, or it is likely to be noise: by more, the fewer
 * detections it rests on, and the prior alone is never enough.
 */
const worthKnowing = (observations: number) => 1.035 + 0.25 / Math.sqrt(observations);
const shortestWaitSeconds = 5;
export const longestWaitSeconds = 300;
/** Wait this much around the chosen moment, so that reveals of one burst drift apart; ± share of the wait. */
const jitter = 0.02;

/** The policies for a belief about durations. Each takes a fraction of a millisecond to work out and is kept: keep the curve for a minute. */
export function priceCurve({ mass, observations }: Belief): PriceCurve {
  const done = new Float64Array(last + 1);
  const area = new Float64Array(last + 1);
  for (let i = 1; i <= last; i++) {
    const { bin, shareOfBin } = looks[i - 1]!;
    done[i] = Math.min(1, done[i - 1]! + shareOfBin * mass[bin]!);
    area[i] = area[i - 1]! + ((ages[i]! - ages[i - 1]!) * (done[i]! + done[i - 1]!)) / 2;
  }
  const meanSeconds = ages[last]! - area[last]!;
  const known: Policy[] = [];
  return (step) => {
    known[step] ??= policyAt(prices[step]!, done, area, meanSeconds, worthKnowing(observations));
    return known[step];
  };
}

function policyAt(
  price: number,
  done: Float64Array,
  area: Float64Array,
  meanSeconds: number,
  mustBeatBy: number,
): Policy {
  const cost = new Float64Array(last + 1);
  const polls = new Float64Array(last + 1);
  const delay = new Float64Array(last + 1);
  const next = new Uint16Array(last + 1);
  next[last] = last;
  for (let i = last - 1; i >= 0; i--) {
    const alive = 1 - done[i]!;
    let best = Number.POSITIVE_INFINITY;
    for (let j = i + 1; j <= last; j++) {
      const late = area[j]! - area[i]! - done[i]! * (ages[j]! - ages[i]!);
      if (late > best) break;
      const total = late + cost[j]!;
      if (total < best) {
        best = total;
        next[i] = j;
      }
    }
    const to = next[i]!;
    cost[i] = best + price * alive;
    polls[i] = polls[to]! + alive;
    delay[i] = delay[to]! + area[to]! - area[i]! - done[i]! * (ages[to]! - ages[i]!);
  }
  const policy = { polls: polls[0]!, cycleSeconds: meanSeconds + delay[0]!, delaySeconds: delay[0]!, next };
  const evenDelaySeconds = evenCycleSeconds(policy.cycleSeconds / policy.polls, done) - meanSeconds;
  return { ...policy, even: evenDelaySeconds <= mustBeatBy * policy.delaySeconds };
}

/** Mean seconds from the start to the detection with a poll every `everySeconds`. */
function evenCycleSeconds(everySeconds: number, done: Float64Array): number {
  let cycle = 0;
  let bin = 0;
  for (let age = 0; age < ages[last]!; age += everySeconds) {
    while (ages[bin + 1]! <= age) bin++;
    const part = (age - ages[bin]!) / (ages[bin + 1]! - ages[bin]!);
    cycle += everySeconds * (1 - done[bin]! - part * (done[bin + 1]! - done[bin]!));
  }
  return cycle;
}

/**
 * Seconds to wait after a negative poll at `ageSeconds` (0 for the first poll), or 'line' when there is nothing to plan and evenly spaced polls would be
 * too far apart: everybody then just stands in line. `pollsPerSecond` is what the budget has for each reveal in flight; `random` and `jitterRandom` are
 * uniform in [0, 1): between two prices one of the two policies is drawn, so that the sum of all reveals meets the budget in between.
 */
export function nextWait(
  curve: PriceCurve,
  ageSeconds: number,
  pollsPerSecond: number,
  random: number,
  jitterRandom: number,
): number | 'line' {
  const policy = choosePolicy(curve, pollsPerSecond, random);
  const even = isEven(policy, pollsPerSecond);
  if (even && pollsPerSecond * longestWaitSeconds < 1) return 'line';
  // Older than anything that was ever learned: nothing says when it will be done.
  if (ageSeconds >= ages[last]!) return longestWaitSeconds * (1 - jitter * jitterRandom);
  const wait = even ? 1 / pollsPerSecond : ages[policy.next[nearestAge(ageSeconds)]!]! - ageSeconds;
  const jittered = wait * (1 + jitter * (2 * jitterRandom - 1));
  return Math.min(longestWaitSeconds, Math.max(shortestWaitSeconds, jittered));
}

/** How many polls a reveal can have at this rate until it is detected, by belief. */
export function pollsPerReveal(curve: PriceCurve, pollsPerSecond: number): number {
  return pollsPerSecond * choosePolicy(curve, pollsPerSecond, 1).cycleSeconds;
}

/** Crowded, and either no polls left to schedule or nothing worth knowing about the durations, as with memoryless ones. */
function isEven(policy: Policy, pollsPerSecond: number): boolean {
  return (
    pollsPerSecond * policy.cycleSeconds < pollsWhenOverloaded ||
    (policy.even && crowding(policy, pollsPerSecond) > soonEnough(policy))
  );
}

/** What the policy asks of the budget, as a share of what there is. */
const crowding = ({ polls, cycleSeconds }: Policy, pollsPerSecond: number) => polls / cycleSeconds / pollsPerSecond;
/** Above 1 where it detects sooner than anybody needs to know. */
const soonEnough = ({ delaySeconds }: Policy) => delayWhenIdleSeconds / delaySeconds;
/** Above 1 where it asks more often than advised. */
const oftenEnough = ({ polls, cycleSeconds }: Policy) => (polls * advisedSeconds) / cycleSeconds;

/** The cheapest policy that is not too much, or, drawn, the one before it. */
function choosePolicy(curve: PriceCurve, pollsPerSecond: number, random: number): Policy {
  const excess = (policy: Policy) =>
    Math.max(crowding(policy, pollsPerSecond), Math.min(soonEnough(policy), oftenEnough(policy))) - 1;
  let tooMuch = -1;
  // Durations can be so regular that even the dearest policy detects at once.
  let enough = prices.length - 1;
  while (enough - tooMuch > 1) {
    const middle = (tooMuch + enough) >> 1;
    if (excess(curve(middle)) > 0) tooMuch = middle;
    else enough = middle;
  }
  const policy = curve(enough);
  const cheaper = enough > 0 ? curve(enough - 1) : policy;
  return random < -excess(policy) / (excess(cheaper) - excess(policy)) ? cheaper : policy;
}

function nearestAge(ageSeconds: number): number {
  let low = 0;
  let high = last;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (ages[middle]! <= ageSeconds) low = middle;
    else high = middle;
  }
  return ageSeconds - ages[low]! <= ages[high]! - ageSeconds ? low : high;
}
