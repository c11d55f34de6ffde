import { setTimeout as sleep } from 'node:timers/promises';

/** Relay time: the time that the vendor and the relay both live in. It runs `speed` times as fast as the wall clock. */
export interface VendorClock {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Waits that many milliseconds of relay time; rejects when the signal aborts. */
  readonly wait: (relayMs: number, signal: AbortSignal) => Promise<void>;
}

/**
 * At speed 15 the vendor's 60 s window lasts 4 s and a 90 s task lasts 6 s.
 * Built on the monotonic clock, so that a correction of the machine's time never makes a task younger.
 */
export function vendorClock(speed = 1): VendorClock {
  const startedAt = Date.now();
  const origin = performance.now();
  return {
    now: () => startedAt + (performance.now() - origin) * speed,
    wait: (relayMs, signal) => sleep(relayMs / speed, undefined, { signal }),
  };
}
