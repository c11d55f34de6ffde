import { Accounts, type LimitOptions } from './account/accounts.ts';
import type { Random } from './random.ts';
import type { DurationSampler } from './tasks/durations.ts';
import { Tasks } from './tasks/tasks.ts';

/** What the vendor saw so far. All counts start at 0 with the server. */
export interface Stats {
  /** Every request to the poll endpoint, invalid ones included. */
  readonly polls: number;
  /** Polls that the rate limit answered with 429; planned 429s are not among them. */
  readonly rejectedPolls: number;
  /** The most polls of any one key within any one window, however it is laid; rejected ones count. */
  readonly maxPollsInWindow: number;
  /** Every poll that named a task, whatever became of it, by task id. */
  readonly pollsPerTask: Readonly<Record<string, number>>;
  readonly starts: number;
  readonly rejectedStarts: number;
  /** One entry for each key that is or was valid, in order of appearance. */
  readonly accounts: readonly AccountStats[];
}

export interface AccountStats {
  /** `key-1`, `key-2` …, never the key. */
  readonly name: string;
  readonly credits: number;
  readonly polls: number;
  readonly rejectedPolls: number;
  readonly maxPollsInWindow: number;
  readonly starts: number;
  readonly rejectedStarts: number;
}

/** How the vendor states credits and prices, of which several ways were seen. */
export type Statement = 'credits' | 'hundredths' | 'without-prices';

/** Everything the stand-in remembers, without the HTTP around it. Tasks belong to all keys alike. */
export interface Vendor {
  readonly accounts: Accounts;
  readonly tasks: Tasks;
  readonly limit: LimitOptions;
  readonly statement: Statement;
  readonly totals: { polls: number; rejectedPolls: number; starts: number; rejectedStarts: number };
  readonly pollsPerTask: Map<string, number>;
}

export interface VendorOptions {
  /** The valid key, or several, each with its own limits and credits. */
  readonly apiKey: string | readonly string[];
  readonly limit: LimitOptions;
  readonly credits: number;
  readonly statement: Statement;
  readonly random: Random;
  readonly ordinaryDuration: DurationSampler;
}

export function openVendor(options: VendorOptions): Vendor {
  const keys = typeof options.apiKey === 'string' ? [options.apiKey] : options.apiKey;
  return {
    accounts: new Accounts(keys, options.limit, options.credits),
    tasks: new Tasks(options.random, options.ordinaryDuration),
    limit: options.limit,
    statement: options.statement,
    totals: { polls: 0, rejectedPolls: 0, starts: 0, rejectedStarts: 0 },
    pollsPerTask: new Map(),
  };
}

export function statsOf(vendor: Vendor): Stats {
  const accounts = vendor.accounts.all().map(({ name, credits, pollCount, rejectedPolls, busiest, ...rest }) => ({
    name,
    credits,
    polls: pollCount,
    rejectedPolls,
    maxPollsInWindow: busiest.most,
    starts: rest.startCount,
    rejectedStarts: rest.rejectedStarts,
  }));
  return {
    ...vendor.totals,
    maxPollsInWindow: Math.max(0, ...accounts.map(({ maxPollsInWindow }) => maxPollsInWindow)),
    pollsPerTask: Object.fromEntries(vendor.pollsPerTask),
    accounts,
  };
}
