import { normal, type Random } from '../random.ts';

/** Draws how long a task takes, in milliseconds of relay time. */
export type DurationSampler = (random: Random) => number;

const longestMs = 480_000;

/**
 * How long ordinary tasks take: 10 % lognormal around 8 s, 85 % lognormal around 100 s, 5 % uniform from 240 to 480 s,
 * nothing above 480 s; the mean is 112.9 s. The vendor says "2 to 3 minutes, some within seconds, 8 at worst".
 */
export const mix: DurationSampler = (random) => {
  const kind = random();
  if (kind < 0.1) return Math.min(longestMs, lognormalMs(random, 8_000, 0.5));
  if (kind < 0.95) return Math.min(longestMs, lognormalMs(random, 100_000, 0.45));
  return uniformMs(random, 240_000, longestMs);
};

export function uniformMs(random: Random, fromMs: number, toMs: number): number {
  return fromMs + random() * (toMs - fromMs);
}

function lognormalMs(random: Random, medianMs: number, sigma: number): number {
  return medianMs * Math.exp(sigma * normal(random));
}
