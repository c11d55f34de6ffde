/** The vendor documents its limits and not how it counts, so every usual way is here. */
export const limiterKinds = ['fixed-window', 'sliding-log', 'strict-sliding-log', 'token-bucket'] as const;
export type LimiterKind = (typeof limiterKinds)[number];

export interface LimiterOptions {
  readonly kind: LimiterKind;
  /** Requests allowed in one window. */
  readonly limit: number;
  readonly windowMs: number;
  /** How many tokens a full bucket holds; only the token bucket reads it. */
  readonly burst: number;
}

export interface Limiter {
  /** Counts one request at that time. Returns 0 when it is let through, else the milliseconds until one would be. */
  take(now: number): number;
}

export function makeLimiter(options: LimiterOptions): Limiter {
  switch (options.kind) {
    case 'fixed-window':
      return fixedWindow(options);
    case 'sliding-log':
      return slidingLog(options, false);
    case 'strict-sliding-log':
      return slidingLog(options, true);
    case 'token-bucket':
      return tokenBucket(options);
  }
}

/** Windows start at whole multiples of their length, as a counter keyed by the minute does. */
function fixedWindow({ limit, windowMs }: LimiterOptions): Limiter {
  let current = Number.NEGATIVE_INFINITY;
  let taken = 0;
  return {
    take(now) {
      const window = Math.floor(now / windowMs);
      if (window > current) {
        current = window;
        taken = 0;
      }
      if (taken >= limit) return (current + 1) * windowMs - now;
      taken += 1;
      return 0;
    },
  };
}

/** Strict: a rejected request is counted too, so whoever keeps asking is kept out. */
function slidingLog({ limit, windowMs }: LimiterOptions, strict: boolean): Limiter {
  const log: number[] = [];
  return {
    take(now) {
      forget(log, now - windowMs);
      const admitted = log.length < limit;
      if (admitted || strict) log.push(now);
      if (admitted) return 0;
      // Room for one more once all but `limit - 1` of the log have left the window.
      const lastToLeave = log[log.length - limit] ?? now;
      return Math.max(1, lastToLeave + windowMs - now);
    },
  };
}

function tokenBucket({ limit, windowMs, burst }: LimiterOptions): Limiter {
  const perMs = limit / windowMs;
  let tokens = burst;
  let filledAt: number | undefined;
  return {
    take(now) {
      const idleMs = Math.max(0, now - (filledAt ?? now));
      tokens = Math.min(burst, tokens + idleMs * perMs);
      filledAt = now;
      // Refilled by a sum of fractions: without the tolerance a request exactly on time would be refused at random.
      if (tokens < 1 - 1e-9) return Math.max(1, (1 - tokens) / perMs);
      tokens -= 1;
      return 0;
    },
  };
}

/** Drops what is as old as that moment or older, so a window is half open: (now - window, now]. */
function forget(log: number[], until: number): void {
  let gone = 0;
  while (gone < log.length && (log[gone] ?? 0) <= until) gone += 1;
  if (gone > 0) log.splice(0, gone);
}

/** Remembers the most requests ever seen in one window, wherever that window starts. */
export class BusiestWindow {
  readonly #log: number[] = [];
  readonly #windowMs: number;
  #most = 0;

  constructor(windowMs: number) {
    this.#windowMs = windowMs;
  }

  get most(): number {
    return this.#most;
  }

  record(now: number): void {
    forget(this.#log, now - this.#windowMs);
    this.#log.push(now);
    this.#most = Math.max(this.#most, this.#log.length);
  }
}
