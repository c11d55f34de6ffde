/**
 * What has been learned about how long reveals take: a histogram on one item, one numeric attribute per bin, to which every detection adds.
 *
 * A detection only says that the task finished between the last negative poll and this one. Its one count is spread over that interval
 * in the proportions believed so far: with polls at ever different ages this sharpens the histogram step by step (it is the
 * expectation step of the EM algorithm for interval-censored data, one observation at a time). Memory is bounded: past
 * `memory` counts everything is halved, so old behaviour of the vendor fades.
 *
 * @see Turnbull 1976, "The empirical distribution function with arbitrarily grouped, censored and truncated data"
 */
import { type Assignment, add, type Item, type Move, num } from './budget/moves.ts';
import { memory, otherwise, otherwiseMeanSeconds, priorWeight, smoothings, usualPoints } from './tuning.ts';

/**
 * Upper ends of the bins, seconds: steps of 2 up to 20, of 4 up to 240, then of a tenth up to two hours. Stored counts are named by them: they
 * cannot change.
 */
export const binEnds: readonly number[] = (() => {
  const ends: number[] = [];
  for (let end = 2; end <= 20; end += 2) ends.push(end);
  for (let end = 24; end <= 240; end += 4) ends.push(end);
  while (ends.at(-1)! < 7_200) ends.push(Math.round(ends.at(-1)! * 1.1));
  return ends;
})();

const starts: readonly number[] = binEnds.map((_, bin) => binEnds[bin - 1] ?? 0);
const widths: readonly number[] = binEnds.map((end, bin) => end - starts[bin]!);
const attrs: readonly string[] = binEnds.map((_, bin) => `d${bin}`);
const prior: readonly number[] = binEnds.map((end, bin) => priorShare(end) - priorShare(starts[bin]!));

/** Mostly what is usual, and in part durations of which nothing is known. */
function priorShare(seconds: number): number {
  const memoryless = 1 - Math.exp(-seconds / otherwiseMeanSeconds);
  return (1 - otherwise) * usualShare(seconds) + otherwise * memoryless;
}

function usualShare(seconds: number): number {
  const above = usualPoints.findIndex(([at]) => at >= seconds);
  if (above <= 0) return above === 0 ? 0 : 1;
  const [x0, y0] = usualPoints[above - 1]!;
  const [x1, y1] = usualPoints[above]!;
  return y0 + ((y1 - y0) * (seconds - x0)) / (x1 - x0);
}

export type Belief = {
  /** The believed share of tasks that finish within each bin; sums to 1. */
  readonly mass: readonly number[];
  /** How many detections it rests on, besides the prior. */
  readonly observations: number;
};

export function belief(item: Item): Belief {
  const observations = num(item, 'total');
  const weight = priorWeight ** 2 / (priorWeight + observations);
  const counts = smoothed(attrs.map((attr) => num(item, attr)));
  const mass = counts.map((count, bin) => count + weight * prior[bin]!);
  const sum = mass.reduce((a, b) => a + b, 0);
  return { mass: mass.map((value) => value / sum), observations };
}

/**
 * Lets each count seep into the neighbouring bins, from the denser to the thinner: without it the EM algorithm turns noise into spikes. What
 * flows is density, since bins differ in width: an even spread stays as it is.
 */
function smoothed(counts: readonly number[]): readonly number[] {
  const now = [...counts];
  for (let round = 0; round < smoothings; round++) {
    const density = now.map((count, bin) => count / widths[bin]!);
    for (let bin = 0; bin < now.length - 1; bin++) {
      const flow = 0.25 * Math.min(widths[bin]!, widths[bin + 1]!) * (density[bin]! - density[bin + 1]!);
      now[bin]! -= flow;
      now[bin + 1]! += flow;
    }
  }
  return now;
}

/** A task was found finished at `toSeconds`, and was not yet at `fromSeconds`; `seen` is the item as last read, which may be old. */
export function observeMoves(seen: Item, fromSeconds: number, toSeconds: number): Move[] {
  const { mass } = belief(seen);
  const parts = binEnds.map((end, bin) => {
    const overlap = (Math.min(end, toSeconds) - Math.max(starts[bin]!, fromSeconds)) / widths[bin]!;
    return overlap > 0 ? overlap * mass[bin]! : 0;
  });
  const sum = parts.reduce((a, b) => a + b, 0);
  const set: Assignment[] = [];
  if (sum > 0)
    for (const [bin, part] of parts.entries()) {
      const count = Math.round((1_000 * part) / sum) / 1_000;
      if (count > 0) set.push(add(attrs[bin]!, count));
    }
  if (set.length === 0) set.push(add(attrs.at(-1)!, 1));
  return [{ name: 'observe', when: [], set: [...set, add('total', 1)] }];
}

/**
 * Halve everything once the memory is full, from the item just read and only if nothing was added since: whoever comes too late simply leaves it to the
 * next observation. Empty while there is room.
 */
export function forgetMoves(item: Item): Move[] {
  const total = num(item, 'total');
  if (total < memory) return [];
  const halves = attrs.flatMap((attr): Assignment[] => {
    const count = num(item, attr);
    return count > 0 ? [{ attr, to: Math.round(500 * count) / 1_000 }] : [];
  });
  return [
    {
      name: 'forget',
      when: [{ attr: 'total', is: '=', than: total }],
      set: [...halves, { attr: 'total', to: total / 2 }],
    },
  ];
}
