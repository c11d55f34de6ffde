/** `npm run bench:fleet`: see `help` in options.ts. */
import { writeFileSync } from 'node:fs';
import { UsageError } from '../cli/usage-error.ts';
import { delayBound } from './fleet/bound.ts';
import { type Distribution, mix, named } from './fleet/distributions.ts';
import { limiterNames } from './fleet/limiters.ts';
import { type Load, loads, steady } from './fleet/loads.ts';
import { type PolicyName, policyNames } from './fleet/policies.ts';
import { type Row, type Run, simulate, vendorLimit } from './fleet/simulate.ts';
import { type StartsRow, type StartsRun, simulateStarts } from './fleet/simulate-starts.ts';
import { help, type Options, parseOptions } from './options.ts';
import { plot, type Series } from './plot.ts';
import { legend, progress, startsLegend, startsTable, table } from './table.ts';

const plottedLoads = [5, 10, 20, 40, 60, 80, 100, 120, 140, 160, 180];

/** What is asked for, or by default `mix` everywhere and the other durations where the budget is short. */
function runsFor({ load, distribution, limiter, policies, seeds, concurrency }: Options): Run[] {
  const wanted = policyNames.filter((name) => policies.length === 0 || policies.includes(name));
  const runs: Run[] = [];
  for (const seed of seeds) {
    for (const one of loads) {
      if (load !== undefined && one.name !== load) continue;
      for (const durations of distribution ? [distribution] : named) {
        for (const name of limiter ? [limiter] : limiterNames) {
          if (
            !distribution &&
            durations !== mix &&
            !(['L3', 'L4'].includes(one.name) && name === (limiter ?? 'fixed-window'))
          )
            continue;
          for (const policy of wanted) {
            // Only ours has priorities.
            if (one.name === 'priorities' && policy !== 'relay') continue;
            runs.push({ policy, load: one, distribution: durations, limiter: name, seed, concurrency });
          }
        }
      }
    }
  }
  return runs;
}

/** The vendor's limits under every limiter, and budgets that polls run out of first under one. */
function startsRunsFor({ load, distribution = mix, limiter, policies, seeds, concurrency }: Options): StartsRun[] {
  if ((load ?? 'P') !== 'P' || (policies.length > 0 && !policies.includes('relay'))) return [];
  return seeds.flatMap((seed) => {
    const run = { profiles: 10_000, distribution, seed, concurrency };
    const atLimits = (limiter ? [limiter] : limiterNames).map(
      (name): StartsRun => ({ ...run, pollsPerMinute: vendorLimit, waits: true, limiter: name }),
    );
    const fewerPolls = [120, 60].flatMap((pollsPerMinute) =>
      [true, false].map((waits): StartsRun => ({ ...run, pollsPerMinute, waits, limiter: limiter ?? 'fixed-window' })),
    );
    return [...atLimits, ...fewerPolls];
  });
}

const runAll = (runs: readonly Run[]): Row[] =>
  each(runs, simulate, ({ load, distribution, limiter, policy }) =>
    [load.name, distribution.name, limiter, policy].join(' '),
  );
const runStarts = (runs: readonly StartsRun[]): StartsRow[] =>
  each(runs, simulateStarts, ({ distribution, limiter, pollsPerMinute }) =>
    ['P', distribution.name, limiter, pollsPerMinute].join(' '),
  );

function each<One, R>(runs: readonly One[], play: (run: One) => R, label: (run: One) => string): R[] {
  return runs.map((run, i) => {
    progress(i, runs.length, label(run));
    const row = play(run);
    progress(i + 1, runs.length, '');
    return row;
  });
}

function drawPlot(distribution: Distribution, seed: number): string {
  const at = (perMinute: number): Load => steady('L4', perMinute);
  const runs = policyNames.flatMap((policy) =>
    plottedLoads.map(
      (perMinute): Run => ({ policy, load: at(perMinute), distribution, limiter: 'fixed-window', seed }),
    ),
  );
  const rows = runAll(runs);
  const series = policyNames.map(
    (name: PolicyName): Series => ({
      name,
      points: runs.flatMap(({ policy, load }, i) =>
        policy === name ? [[load.perMinute!, rows[i]!.meanDelay] as const] : [],
      ),
    }),
  );
  const bound: Series = {
    name: 'bound',
    points: plottedLoads.map((n) => [n, delayBound(distribution, vendorLimit / n)]),
  };
  return plot([...series, bound]);
}

function main(args: readonly string[]): void {
  const options = parseOptions(args, policyNames);
  if (options.help) {
    process.stdout.write(help);
    return;
  }
  if (options.plot !== undefined) {
    writeFileSync(options.plot, drawPlot(options.distribution ?? mix, options.seeds[0]!));
    process.stderr.write(`Wrote ${options.plot}\n`);
    return;
  }
  const rows = runAll(runsFor(options));
  const starts = runStarts(startsRunsFor(options));
  if (options.json) {
    process.stdout.write(`${JSON.stringify([...rows, ...starts], null, 1)}\n`);
    return;
  }
  if (rows.length > 0) process.stdout.write(`${table(rows)}\n\n${legend}\n`);
  if (rows.length > 0 && starts.length > 0) process.stdout.write('\n');
  if (starts.length > 0) process.stdout.write(`${startsTable(starts)}\n\n${startsLegend}\n`);
}

try {
  main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}\nRun "npm run bench:fleet -- --help" for the options.\n`);
  process.exitCode = 2;
}
