/**
 * The rate limiter: GCRA, the generic cell rate algorithm, as moves on one item. Times in epoch milliseconds.
 *
 * `tat` is the theoretical arrival time, at which the next request may leave; each request that is granted moves it on by the emission interval.
 * The burst tolerance is 0: no request leaves before its slot. Where GCRA would refuse, a slot is granted up to `aheadMs` ahead and the handler
 * sleeps until then. This alone keeps the vendor's limit, whatever lines and bookings get wrong.
 *
 * | attribute | is |
 * | --- | --- |
 * | `tat` | theoretical arrival time |
 * | `gap` | emission interval; missing means the base interval. Longer for a while after a 429: see cool-down.ts |
 * | `broken` | 0, or when the breaker opened: see breaker.ts |
 *
 * These rules hold for one item and its limits. What the vendor limits apart from polls takes an item and limits of its own.
 */

import { spreadMs } from '../tuning.ts';
import type { RateLimits } from './limits.ts';
import { type Assignment, add, type Clause, type Item, num, type Term } from './moves.ts';

/** The emission interval, milliseconds, at which no window of a minute ever sees more requests than the limit. */
export function baseIntervalMs({ perMinute, share }: RateLimits): number {
  return Math.ceil((60_000 + spreadMs) / Math.max(1, Math.floor(perMinute * share)));
}

/** Now, in milliseconds: a stored interval that is shorter than the limits allow does not count. */
export const intervalMs = (limits: RateLimits, item: Item) => Math.max(num(item, 'gap'), baseIntervalMs(limits));
export const storedInterval = (limits: RateLimits) => ({ attr: 'gap', or: baseIntervalMs(limits) }) satisfies Term;

export const breakerClosed: Clause = { attr: 'broken', is: '=', than: 0 };
/** Nobody wants the moment: the next slot is now. */
export const isIdle = (now: number): Clause => ({ attr: 'tat', is: '<', than: now });
export const isNear = (now: number, withinMs: number): Clause => ({ attr: 'tat', is: '<=', than: now + withinMs });

export const takeNow = (limits: RateLimits, now: number): Assignment => ({
  attr: 'tat',
  to: [now, storedInterval(limits)],
});
export const takeNext = (limits: RateLimits): Assignment => add('tat', storedInterval(limits));
/** The slot taken last. */
export const takenSlot = (limits: RateLimits, item: Item) => num(item, 'tat') - intervalMs(limits, item);
