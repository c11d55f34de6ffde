/**
 * Cool-downs: the vendor has asked everybody to wait.
 *
 * | attribute | is |
 * | --- | --- |
 * | `cool` | end of the last cool-down |
 * | `easeAt` | when the emission interval, stretched by a 429, may next shrink |
 */

import { aheadMs, clocksDifferMs, coolMs, easeBy, easeEveryMs, stretchBy } from '../tuning.ts';
import { baseIntervalMs, storedInterval } from './gcra.ts';
import type { RateLimits } from './limits.ts';
import { delayLines } from './lines.ts';
import { type Assignment, add, type Clause, type Item, type Move, num } from './moves.ts';

/**
 * Nobody polls for as long as the vendor says. After a 429, which means that somebody else polls with this key, the interval grows as well, once per
 * episode: a rejection of a poll that left before the last cool-down ended belongs to that one, and can only make it longer.
 */
export function coolDownMoves(
  limits: RateLimits,
  now: number,
  { sentAt, retryAfterMs = coolMs, tooFast }: { sentAt: number; retryAfterMs?: number | undefined; tooFast: boolean },
): Move[] {
  const interval = storedInterval(limits);
  // Never before the slots already granted.
  const until = now + Math.max(retryAfterMs, aheadMs + clocksDifferMs);
  const newEpisode: Clause = { attr: 'cool', is: '<=', than: sentAt };
  const forward: Clause = { attr: 'tat', is: '<=', than: until };
  const pause: Assignment[] = [
    { attr: 'tat', to: until },
    { attr: 'cool', to: until },
    { attr: 'easeAt', to: until + easeEveryMs },
  ];
  const wait = [...pause, ...delayLines(until - now)];
  const stretch: Move = {
    name: 'stretch',
    when: [newEpisode, forward, { ...interval, is: '<', than: 2 * interval.or }],
    set: [...wait, { attr: 'gap', to: [interval, Math.ceil(interval.or * stretchBy)] }],
  };
  return [
    ...(tooFast ? [stretch] : []),
    { name: 'cool', when: [newEpisode, forward], set: wait },
    { name: 'extend', when: [{ attr: 'cool', is: '<', than: until }, forward], set: pause },
  ];
}

/** Shrink the stretched interval a little, once a minute; also lift one that a lowered limit made too short. */
export function easeMoves(limits: RateLimits, now: number): Move[] {
  const interval = storedInterval(limits);
  const step = Math.ceil(interval.or * easeBy);
  const due: Clause = { attr: 'easeAt', is: '<=', than: now };
  const later: Assignment = { attr: 'easeAt', to: now + easeEveryMs };
  const toBase: Assignment = { attr: 'gap', to: interval.or };
  return [
    { name: 'lift', when: [{ ...interval, is: '<', than: interval.or }], set: [toBase] },
    { name: 'ease', when: [due, { ...interval, is: '>', than: interval.or + step }], set: [add('gap', -step), later] },
    { name: 'ease', when: [due, { ...interval, is: '>', than: interval.or }], set: [toBase, later] },
  ];
}

export function wantsEase(limits: RateLimits, item: Item, now: number): boolean {
  const base = baseIntervalMs(limits);
  const stored = num(item, 'gap', base);
  return stored < base || (stored > base && num(item, 'easeAt') <= now);
}
