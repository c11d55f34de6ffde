/**
 * The best schedules: at which ages to poll, from the learned durations, for each price that a poll may have.
 *
 * The best inspection schedule at a given price of a poll minimises `delay + price × polls`. With F the share finished by an
 * age and S = 1 - F, the cost to go after a negative poll at age s is
 *
 *     J(s) = min over t > s of  ∫ₛᵗ (F(x) - F(s)) dx  +  price · S(s)  +  J(t)
 *
 * solved backwards over the bins of the histogram.
 */
import { type Belief, binEnds } from './durations.ts';
import { longBinSeconds, prices, worthKnowing } from './tuning.ts';

/** A schedule at one price: how it fares, and after a negative poll at each grid age when to poll next (grid indices). */
export type Schedule = {
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

/** The schedule at each of `prices`, from cheap polls to dear ones: polls per reveal fall along it. Worked out when first asked for. */
export type PriceCurve = (step: number) => Schedule;

/** The ages at which one may poll: the ends of the bins, and the quarters of long ones. */
const steps = binEnds.flatMap((end, bin) => {
  const start = binEnds[bin - 1] ?? 0;
  const parts = end - start > longBinSeconds ? 4 : 1;
  return Array.from({ length: parts }, (_, part) => ({
    age: start + ((part + 1) * (end - start)) / parts,
    bin,
    shareOfBin: 1 / parts,
  }));
});
export const ages: readonly number[] = [0, ...steps.map(({ age }) => age)];
const last = ages.length - 1;

/** The schedules for a belief about durations. Each takes a fraction of a millisecond to work out and is kept: keep the curve for a minute. */
export function priceCurve({ mass, observations }: Belief): PriceCurve {
  const done = new Float64Array(last + 1);
  const area = new Float64Array(last + 1);
  for (let i = 1; i <= last; i++) {
    const { bin, shareOfBin } = steps[i - 1]!;
    done[i] = Math.min(1, done[i - 1]! + shareOfBin * mass[bin]!);
    area[i] = area[i - 1]! + ((ages[i]! - ages[i - 1]!) * (done[i]! + done[i - 1]!)) / 2;
  }
  const meanSeconds = ages[last]! - area[last]!;
  const known: Schedule[] = [];
  return (step) => {
    known[step] ??= scheduleAt(prices[step]!, done, area, meanSeconds, worthKnowing(observations));
    return known[step];
  };
}

function scheduleAt(
  price: number,
  done: Float64Array,
  area: Float64Array,
  meanSeconds: number,
  mustBeatBy: number,
): Schedule {
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
  const schedule = { polls: polls[0]!, cycleSeconds: meanSeconds + delay[0]!, delaySeconds: delay[0]!, next };
  const evenDelaySeconds = evenCycleSeconds(schedule.cycleSeconds / schedule.polls, done) - meanSeconds;
  return { ...schedule, even: evenDelaySeconds <= mustBeatBy * schedule.delaySeconds };
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
