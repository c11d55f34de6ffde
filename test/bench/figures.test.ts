import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { exp, mix, uni, unseen } from '../../bench/distributions.ts';
import { loads } from '../../bench/loads.ts';
import type { PolicyName } from '../../bench/policies.ts';
import { type Row, simulate } from '../../bench/simulate.ts';

const page = await readFile(new URL('../../docs/polling.md', import.meta.url), 'utf8');

/** The rows of the table of measurements that are cheap enough to measure in every test run. */
const rows = [
  ...page.matchAll(
    /^\| (L4) \| (\S+) \| (\S+) \| (\d+) \| ([\d.]+) \| ([\d.]+) \| ([\d.]+) \| ([\d.]+) \| ([\d.]+) \|$/gm,
  ),
].map(([, load = '', durations = '', policy = '', ...figures]) => ({
  load,
  durations,
  policy,
  figures: figures.map(Number),
}));

const mean = (
  all: readonly Row[],
  field: 'rejected' | 'pollsPerReveal' | 'transitionsPerReveal' | 'meanDelay' | 'bound' | 'ratio',
) => all.reduce((sum, row) => sum + (row[field] ?? 0), 0) / all.length;

describe('the figures in docs/polling.md', () => {
  it('are there to be checked', () => {
    expect(rows.length).toBeGreaterThanOrEqual(7);
  });

  it.each(rows)(
    'are what the bench measures: $load, $durations, $policy',
    ({ load: name, durations, policy, figures }) => {
      const load = loads.find((one) => one.name === name);
      const distribution = [mix, exp, uni, ...unseen].find((one) => one.name === durations);
      if (!load || !distribution) throw new Error(`no ${name} or ${durations} in the bench`);
      const all = [1, 2, 3, 4, 5].map((seed) =>
        simulate({ policy: policy as PolicyName, load, distribution, limiter: 'fixed-window', seed }),
      );
      const measured = [
        mean(all, 'rejected'),
        Number(mean(all, 'pollsPerReveal').toFixed(2)),
        Number(mean(all, 'transitionsPerReveal').toFixed(1)),
        Number(mean(all, 'meanDelay').toFixed(1)),
        Number(mean(all, 'bound').toFixed(1)),
        Number(mean(all, 'ratio').toFixed(2)),
      ];
      expect(figures).toEqual(measured);
    },
  );
});
