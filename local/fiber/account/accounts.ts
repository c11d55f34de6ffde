import { BusiestWindow, type Limiter, type LimiterKind, makeLimiter } from './limiter.ts';

export interface LimitOptions {
  /** Polls that one key may make in a window. @default 240 */
  readonly polls?: number;
  /** Starts that one key may make in a window. @default 120 */
  readonly starts?: number;
  /** Questions about the account that one key may ask in a window. @default 20 */
  readonly questions?: number;
  /** Milliseconds of relay time. @default 60_000 */
  readonly windowMs?: number;
  /** How the vendor counts, which it does not say. @default 'sliding-log' */
  readonly kind?: LimiterKind;
  /** What a full bucket holds when the kind is `token-bucket`. @default 10 */
  readonly burst?: number;
  /** Whether a 429 of the limiter says when to come back. @default true */
  readonly retryAfter?: boolean;
}

/** What belongs to one key. */
export interface Account {
  /** `key-1`, `key-2` …: keys themselves are never shown. */
  readonly name: string;
  readonly polls: Limiter;
  readonly starts: Limiter;
  readonly questions: Limiter;
  readonly busiest: BusiestWindow;
  credits: number;
  pollCount: number;
  rejectedPolls: number;
  startCount: number;
  rejectedStarts: number;
}

/** The keys that are valid now, and the accounts behind all keys that ever were. */
export class Accounts {
  readonly #accounts = new Map<string, Account>();
  readonly #limit: LimitOptions;
  readonly #credits: number;
  #valid = new Set<string>();

  constructor(keys: readonly string[], limit: LimitOptions, credits: number) {
    this.#limit = limit;
    this.#credits = credits;
    this.setKeys(keys);
  }

  /** Exactly these keys are valid from now on. A key that comes back finds its credits and its limits as they were. */
  setKeys(keys: readonly string[]): void {
    for (const key of keys) {
      if (key === '') throw new RangeError('An API key has at least one character');
      if (!this.#accounts.has(key)) this.#accounts.set(key, this.#open());
    }
    this.#valid = new Set(keys);
  }

  /** For one key, or for every key that is valid now. */
  setCredits(credits: number, key?: string): void {
    for (const each of key === undefined ? this.#valid : [key]) {
      const account = this.#accounts.get(each);
      if (account === undefined) throw new RangeError('There never was an account with that key');
      account.credits = credits;
    }
  }

  find(key: string): Account | undefined {
    return this.#valid.has(key) ? this.#accounts.get(key) : undefined;
  }

  all(): readonly Account[] {
    return [...this.#accounts.values()];
  }

  #open(): Account {
    const { polls = 240, starts = 120, questions = 20, windowMs = 60_000, ...counting } = this.#limit;
    const { kind = 'sliding-log', burst = 10 } = counting;
    const shared = { windowMs, kind, burst };
    return {
      name: `key-${this.#accounts.size + 1}`,
      polls: makeLimiter({ ...shared, limit: polls }),
      starts: makeLimiter({ ...shared, limit: starts }),
      questions: makeLimiter({ ...shared, limit: questions }),
      busiest: new BusiestWindow(windowMs),
      credits: this.#credits,
      pollCount: 0,
      rejectedPolls: 0,
      startCount: 0,
      rejectedStarts: 0,
    };
  }
}
