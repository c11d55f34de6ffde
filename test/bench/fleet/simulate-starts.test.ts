import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { exp, mix } from '../../../bench/fleet/distributions.ts';
import { limiterNames } from '../../../bench/fleet/limiters.ts';
import { type StartsRun, simulateStarts } from '../../../bench/fleet/simulate-starts.ts';
import { isMore, some } from '../../support/more.ts';

const run: StartsRun = {
  profiles: 10_000,
  pollsPerMinute: 240,
  waits: true,
  distribution: mix,
  limiter: 'fixed-window',
  seed: 1,
};

describe('thousands of profiles at once', () => {
  const profiles = isMore ? 10_000 : 2_000;
  const cases = [mix, exp].flatMap((distribution) =>
    limiterNames.map((limiter) => ({ distribution, limiter, name: distribution.name })),
  );
  it.each(some(cases, ({ distribution, limiter }) => distribution === mix && limiter === 'strict-log'))(
    'are all started and found without a rejection, as soon as tasks that are only polled: $name, $limiter',
    ({ distribution, limiter }) => {
      const row = simulateStarts({ ...run, profiles, distribution, limiter, seed: 4 });

      expect(row).toMatchObject({ startsRejected: 0, pollsRejected: 0, left: 0 });
      expect(row.ratio).toBeLessThan(1.15);
      expect(row.startsPerMinute).toBeGreaterThan(115);
      expect(row.interactive.max).toBeLessThan(30);
    },
  );
});

describe('profiles for which there are too few polls', () => {
  const few = { ...run, profiles: 3_000, pollsPerMinute: 60 };
  const waiting = simulateStarts(few);

  it('are not started faster than polls can follow, and found the sooner once they are', () => {
    const rushed = simulateStarts({ ...few, waits: false });

    expect(waiting).toMatchObject({ startsRejected: 0, pollsRejected: 0, left: 0 });
    expect(waiting.meanToDetection).toBeLessThan(250);
    expect(rushed.meanToDetection).toBeGreaterThan(750);
    expect(waiting.drain).toBeLessThan(1.2 * rushed.drain);
  });

  it('do not ask again and again meanwhile, and let an interactive one go first', () => {
    expect(waiting.transitionsPerReveal).toBeLessThan(30);
    expect(waiting.interactive.max).toBeLessThan(30);
  });

  it('are played exactly alike by the same seed', () => {
    const short = { ...few, profiles: 200 };

    expect(simulateStarts(short)).toEqual(simulateStarts(short));
  });
});

describe('the figures of profiles in docs/polling.md', async () => {
  const page = await readFile(new URL('../../../docs/polling.md', import.meta.url), 'utf8');
  const rows = [...page.matchAll(/^\| P \| (\d+) \| (yes|no) \|(.+)\|$/gm)].map(
    ([, pollsPerMinute, waits = '', cells = '']) => ({
      pollsPerMinute: Number(pollsPerMinute),
      waits,
      figures: cells.split('|').map((cell) => cell.trim()),
    }),
  );

  it('are there to be checked', () => {
    expect(rows).toHaveLength(5);
  });

  it.each(some(rows, ({ pollsPerMinute }) => pollsPerMinute === 240))(
    'are what the bench measures: $pollsPerMinute polls a minute, waiting: $waits',
    ({ pollsPerMinute, waits, figures }) => {
      const row = simulateStarts({ ...run, pollsPerMinute, waits: waits === 'yes' });

      expect(figures).toEqual([
        `${row.startsRejected} / ${row.pollsRejected}`,
        row.startsPerMinute.toFixed(1),
        row.meanToDetection.toFixed(1),
        row.meanPolledOnly.toFixed(1),
        Math.round(row.drain).toLocaleString('en'),
        row.transitionsPerReveal.toFixed(1),
        `${row.interactive.p50.toFixed(1)} / ${row.interactive.max.toFixed(1)}`,
      ]);
    },
  );
});
