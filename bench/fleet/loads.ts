/** The loads: when reveals start. */
import type { Random } from './random.ts';

export type LoadName = 'L1' | 'L2' | 'L3' | 'L4' | 'L5' | 'priorities';

/** One run: `perMinute` for the bound, where there is a steady rate. */
export type Load = {
  readonly name: LoadName;
  readonly is: string;
  readonly perMinute?: number;
  readonly burst?: number;
  readonly arrivals: (random: Random) => readonly Arrival[];
};

export type Arrival = { readonly atMs: number; readonly priority: 'interactive' | 'bulk' };

export const loads: readonly Load[] = [
  {
    name: 'L1',
    is: 'one reveal alone, 300 times',
    arrivals: () => Array.from({ length: 300 }, (_, i) => ({ atMs: i * 1_200_000, priority: 'bulk' as const })),
  },
  steady('L2', 10),
  steady('L3', 60),
  steady('L4', 120),
  { name: 'L5', is: '1,000 at once', burst: 1_000, arrivals: () => atOnce(1_000) },
  { name: 'L5', is: '3,000 at once', burst: 3_000, arrivals: () => atOnce(3_000) },
  { name: 'L5', is: '10,000 at once', burst: 10_000, arrivals: () => atOnce(10_000) },
  {
    name: 'priorities',
    is: '10 interactive a minute beside 10,000 bulk at once: the interactive ones',
    arrivals: (random) => [
      ...atOnce(10_000),
      ...poisson(random, 10, 2_400_000).map(({ atMs }) => ({ atMs, priority: 'interactive' as const })),
    ],
  },
];

/** So many a minute for an hour, at random moments. */
export function steady(name: LoadName, perMinute: number): Load {
  return { name, is: `${perMinute} a minute for an hour`, perMinute, arrivals: (random) => poisson(random, perMinute) };
}

export function poisson(random: Random, perMinute: number, lengthMs = 3_600_000): Arrival[] {
  const arrivals: Arrival[] = [];
  for (let atMs = 0; ; ) {
    atMs += (-60_000 / perMinute) * Math.log(1 - random());
    if (atMs >= lengthMs) return arrivals;
    arrivals.push({ atMs, priority: 'bulk' });
  }
}

export function atOnce(reveals: number): Arrival[] {
  return Array.from({ length: reveals }, () => ({ atMs: 0, priority: 'bulk' as const }));
}
