/** The vendor's limiter is unknown, so here are four. Each answers whether a request that arrives at `ms` is served. */
export type Limiter = (ms: number) => boolean;

export type LimiterName = 'fixed-window' | 'sliding-log' | 'strict-log' | 'token-bucket';

export const limiterNames: readonly LimiterName[] = ['fixed-window', 'sliding-log', 'strict-log', 'token-bucket'];

export function makeLimiter(name: LimiterName, limit: number, offsetMs: number): Limiter {
  switch (name) {
    case 'fixed-window':
      return fixedWindow(limit, offsetMs);
    case 'sliding-log':
      return slidingLog(limit, false);
    case 'strict-log':
      return slidingLog(limit, true);
    case 'token-bucket':
      return tokenBucket(limit, 10);
  }
}

/** So many in each window of 60 s; windows begin at `offsetMs`, which nobody outside knows. */
function fixedWindow(limit: number, offsetMs: number): Limiter {
  let window = Number.NEGATIVE_INFINITY;
  let count = 0;
  return (ms) => {
    const at = Math.floor((ms - offsetMs) / 60_000);
    if (at !== window) count = 0;
    window = at;
    if (count >= limit) return false;
    count++;
    return true;
  };
}

/** So many in any 60 s; the strict kind counts the rejected ones too. */
function slidingLog(limit: number, strict: boolean): Limiter {
  // Only the last `limit` counted requests matter: a ring of their times.
  const log = new Float64Array(limit).fill(Number.NEGATIVE_INFINITY);
  let next = 0;
  return (ms) => {
    const served = ms - log[next]! >= 60_000;
    if (served || strict) {
      log[next] = ms;
      next = (next + 1) % limit;
    }
    return served;
  };
}

function tokenBucket(limit: number, capacity: number): Limiter {
  let tokens = capacity;
  let since = 0;
  return (ms) => {
    tokens = Math.min(capacity, tokens + ((ms - since) * limit) / 60_000);
    since = ms;
    if (tokens < 1) return false;
    tokens--;
    return true;
  };
}
