import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { type Distribution, named } from '../../bench/fleet/distributions.ts';
import { type Load, loads } from '../../bench/fleet/loads.ts';
import type { PolicyName } from '../../bench/fleet/policies.ts';
import { type Row, simulate } from '../../bench/fleet/simulate.ts';
import { isMore, some } from '../support/more.ts';

const page = await readFile(new URL('../../docs/polling.md', import.meta.url), 'utf8');

const columns = ['rejected', 'pollsPerReveal', 'transitionsPerReveal', 'meanDelay', 'bound', 'ratio'] as const;
/** The rows of the table of measurements. A cell is empty where there is nothing to compare with. */
const rows = [...page.matchAll(/^\| (L\d) \| (\S+) \| (\S+) \|(.+)\|$/gm)].map(
  ([, load = '', durations = '', policy = '', cells = '']) => ({
    load,
    durations,
    policy,
    figures: cells.split('|').map((cell) => cell.trim()),
  }),
);

const played = new Map<string, Row[]>();

/** The mean of five seeds. */
function measured(policy: string, load: Load, durations: string, field: (typeof columns)[number] | 'drain'): number {
  const key = `${policy} ${load.is} ${durations}`;
  const distribution = distributionNamed(durations);
  const all =
    played.get(key) ??
    [1, 2, 3, 4, 5].map((seed) =>
      simulate({ policy: policy as PolicyName, load, distribution, limiter: 'fixed-window', seed }),
    );
  played.set(key, all);
  return all.reduce((sum, row) => sum + (row[field] ?? 0), 0) / all.length;
}

function distributionNamed(name: string): Distribution {
  const distribution = named.find((one) => one.name === name);
  if (!distribution) throw new Error(`no ${name} in the bench`);
  return distribution;
}

function loadNamed(name: string, burst?: number): Load {
  const load = loads.find((one) => one.name === name && one.burst === burst);
  if (!load) throw new Error(`no ${name} in the bench`);
  return load;
}

const decimalsOf = (figure: string) => figure.split('.')[1]?.length ?? 0;

describe('the figures in docs/polling.md', () => {
  it('are there to be checked', () => {
    expect(rows.length).toBeGreaterThanOrEqual(10);
  });

  // Five seeds of an hour each take seconds: the rows of the durations that the page begins with that are soon over, and all others in
  // `npm run test:more`. What a full load comes to is in the tests of the simulation too.
  const usual = some(
    rows,
    ({ load, durations, policy }) => durations === 'mix' && (policy !== 'relay' || ['L1', 'L2'].includes(load)),
  );
  it.each(usual)('are what the bench measures: $load, $durations, $policy', ({ load, durations, policy, figures }) => {
    const shown = columns.map((field, at) => {
      const figure = figures[at] ?? '';
      return figure && measured(policy, loadNamed(load), durations, field).toFixed(decimalsOf(figure));
    });
    expect(figures).toEqual(shown);
  });

  it.runIf(isMore)('are what the bench measures: a burst of 10,000, and the interactive reveals beside it', () => {
    const burst = loadNamed('L5', 10_000);
    const [, drain = '', ratio = '', bound = ''] =
      /drained after ([\d,]+) s, ([\d.]+) times the ([\d,]+) s/.exec(page) ?? [];
    const [, delay = ''] = /found after ([\d.]+) s on average/.exec(page) ?? [];

    expect({ drain, ratio, bound, delay }).toEqual({
      drain: Math.round(measured('relay', burst, 'mix', 'drain')).toLocaleString('en'),
      ratio: measured('relay', burst, 'mix', 'ratio').toFixed(2),
      bound: Math.round(measured('relay', burst, 'mix', 'bound')).toLocaleString('en'),
      delay: measured('relay', loadNamed('priorities'), 'mix', 'meanDelay').toFixed(1),
    });
  });
});

describe('the README', () => {
  it('says of a plain loop and of the relay what the bench measures', async () => {
    const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
    const [, rejected, loopDelay, relayRejected, relayDelay] =
      /rejected ([\d,]+) times in an hour and finds people (\d+) seconds late; the relay (\d+) times, and (\d+) seconds/.exec(
        readme,
      ) ?? [];
    const distribution = distributionNamed('mix');
    const [loop, relay] = (['fixed-15s', 'relay'] as const).map((policy) =>
      simulate({ policy, load: loadNamed('L4'), distribution, limiter: 'fixed-window', seed: 1 }),
    );
    expect({ rejected, loopDelay, relayRejected, relayDelay }).toEqual({
      rejected: loop?.rejected.toLocaleString('en'),
      loopDelay: loop?.meanDelay.toFixed(0),
      relayRejected: String(relay?.rejected),
      relayDelay: relay?.meanDelay.toFixed(0),
    });
  });
});
