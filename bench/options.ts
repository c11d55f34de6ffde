/** The command line of the fleet simulation. */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { UsageError } from '../cli/usage-error.ts';
import { type Distribution, named, parseDistribution } from './fleet/distributions.ts';
import { type LimiterName, limiterNames } from './fleet/limiters.ts';
import { type LoadName, loads } from './fleet/loads.ts';

export const help = `Who polls when: every policy under every load, in virtual time, beside the bound.

  npm run bench:fleet                      the table
  npm run bench:fleet -- --json            the same as one JSON array of rows, seconds throughout
  npm run bench:fleet -- --plot FILE.svg   draw mean delay against load, for the policies and the bound, instead

  --load NAME          only this load: ${loadNames().join(', ')}; P are profiles, whose tasks are started first
  --distribution WHAT  only these durations: ${named.map(({ name }) => name).join(', ')},
                       or a JSON file { "name": "ours", "quantiles": [[0, 20], [0.5, 90], [1, 400]] }
  --limiter NAME       only this limiter: ${limiterNames.join(', ')}
  --policy NAME        only this policy; may be repeated
  --concurrency N      the account's Lambda concurrency, which new accounts often have at 10 (default: as much as is needed)
  --seed N             another seed (default 1)
  --seeds N            N seeds in a row, beginning with --seed
  --help               this text

  By default: 'mix' under every load and limiter, the other durations at L3 and L4 under the fixed window. P with fewer
  polls than starts, too, and there with and without starts that wait for polls.
`;

export type Options = {
  readonly json: boolean;
  readonly help: boolean;
  readonly plot: string | undefined;
  readonly load: LoadName | 'P' | undefined;
  readonly distribution: Distribution | undefined;
  readonly limiter: LimiterName | undefined;
  readonly policies: readonly string[];
  readonly seeds: readonly number[];
  readonly concurrency: number | undefined;
};

/** Throws a UsageError that says what to do. */
export function parseOptions(args: readonly string[], policyNames: readonly string[]): Options {
  const { values } = parse(args);
  const first = count('--seed', values.seed ?? '1');
  const many = count('--seeds', values.seeds ?? '1');
  return {
    json: values.json ?? false,
    help: values.help ?? false,
    plot: values.plot,
    load: values.load === undefined ? undefined : oneOf('--load', values.load, loadNames()),
    distribution: values.distribution === undefined ? undefined : distributionFrom(values.distribution),
    limiter: values.limiter === undefined ? undefined : oneOf('--limiter', values.limiter, limiterNames),
    policies: (values.policy ?? []).map((name) => oneOf('--policy', name, policyNames)),
    concurrency: values.concurrency === undefined ? undefined : count('--concurrency', values.concurrency),
    seeds: Array.from({ length: many }, (_, i) => first + i),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
        plot: { type: 'string' },
        load: { type: 'string' },
        distribution: { type: 'string' },
        limiter: { type: 'string' },
        policy: { type: 'string', multiple: true },
        concurrency: { type: 'string' },
        seed: { type: 'string' },
        seeds: { type: 'string' },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function loadNames(): readonly (LoadName | 'P')[] {
  return [...new Set(loads.map(({ name }) => name)), 'P'];
}

function oneOf<T extends string>(option: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((name) => name === value);
  if (found === undefined) throw new UsageError(`${option} ${value}: choose one of ${allowed.join(', ')}.`);
  return found;
}

/** A whole number from 1. Throws a UsageError that says what to do. */
export function count(option: string, value: string): number {
  if (!/^[1-9]\d{0,8}$/.test(value)) throw new UsageError(`${option} ${value}: give a whole number from 1.`);
  return Number(value);
}

function distributionFrom(value: string): Distribution {
  const known = named.find(({ name }) => name === value);
  if (known) return known;
  let text: string;
  try {
    text = readFileSync(value, 'utf8');
  } catch {
    const names = named.map(({ name }) => name).join(', ');
    throw new UsageError(`--distribution ${value}: neither one of ${names} nor a file that can be read.`);
  }
  try {
    return parseDistribution(JSON.parse(text));
  } catch (error) {
    throw new UsageError(`--distribution ${value}: ${error instanceof Error ? error.message : error}`);
  }
}
