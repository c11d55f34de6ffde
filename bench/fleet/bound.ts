/**
 * The bound: no policy without foreknowledge detects sooner on average than the best inspection schedule with the same number of polls.
 *
 * minimise E[delay] subject to E[polls per reveal] ≤ polls, by its Lagrangian dual: with a price for each poll the best schedule is a
 * dynamic programme over ages,
 *
 *     J(s) = min over t > s of  ∫ₛᵗ (F(x) - F(s)) dx  +  price · (1 - F(s))  +  J(t)
 *
 * and the bound is the largest J(0) - price · polls over all prices. Written apart from the schedule in `lambdas/reveal` and on a far finer grid, so
 * that each checks the other.
 */
import { type Distribution, meanSeconds } from './distributions.ts';

/** Mean detection delay, seconds, that no policy with `polls` polls per reveal on average can beat. */
export function delayBound(distribution: Distribution, polls: number): number {
  const grid = ageGrid(distribution);
  const dual = (logPrice: number) => {
    const price = Math.exp(logPrice);
    return bestCost(grid, price) - price * polls;
  };
  // The dual is concave in the price: close in on its top.
  let low = Math.log(1e-3);
  let high = Math.log(1e5);
  for (let i = 0; i < 28; i++) {
    const a = low + (high - low) * 0.382;
    const b = low + (high - low) * 0.618;
    if (dual(a) < dual(b)) low = a;
    else high = b;
  }
  return Math.max(0, dual((low + high) / 2));
}

/** A burst of `reveals` at once drains no sooner than this, seconds, at `pollsPerMinute`. */
export function drainBound(distribution: Distribution, reveals: number, pollsPerMinute: number): number {
  return (60 * reveals) / pollsPerMinute + meanSeconds(distribution);
}

type Grid = { readonly ages: Float64Array; readonly done: Float64Array; readonly area: Float64Array };

/** Ages dense in time and in probability, so that sharp modes and long tails are both resolved. */
function ageGrid({ quantile, cdf }: Distribution): Grid {
  const points = 500;
  const longest = quantile(0.99999);
  const set = new Set([0, longest + 1e-3]);
  for (let i = 1; i <= points; i++) {
    set.add(round((quantile(0.999) * i) / points));
    const x = quantile((i - 0.5) / points);
    set.add(round(x));
    // Just before a jump, so that a jump stays one.
    set.add(round(Math.max(0, x - 2e-3)));
    set.add(round(quantile(1 - 10 ** (-5 * (i / points)))));
  }
  const ages = Float64Array.from([...set].sort((a, b) => a - b));
  const done = ages.map((x) => cdf(x));
  done[done.length - 1] = 1;
  const area = new Float64Array(ages.length);
  for (let i = 1; i < ages.length; i++) {
    area[i] = area[i - 1]! + ((ages[i]! - ages[i - 1]!) * (done[i]! + done[i - 1]!)) / 2;
  }
  return { ages, done, area };
}

const round = (x: number) => Math.round(x * 1e4) / 1e4;

function bestCost({ ages, done, area }: Grid, price: number): number {
  const last = ages.length - 1;
  const cost = new Float64Array(last + 1);
  for (let i = last - 1; i >= 0; i--) {
    let best = Number.POSITIVE_INFINITY;
    for (let j = i + 1; j <= last; j++) {
      const late = area[j]! - area[i]! - done[i]! * (ages[j]! - ages[i]!);
      if (late > best) break;
      if (late + cost[j]! < best) best = late + cost[j]!;
    }
    cost[i] = best + price * (1 - done[i]!);
  }
  return cost[0]!;
}
