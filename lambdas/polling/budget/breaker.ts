/**
 * The breaker of a key: a refused key (401, 403) or an account out of credits (402) pauses every poll with that key, so that a thousand
 * reveals neither fail one by one nor spend the budget finding out the same thing. One probe at a time asks again, at growing
 * intervals; the first accepted one closes the breaker, without anybody restarting anything.
 *
 * | attribute | is |
 * | --- | --- |
 * | `broken` | 0, or when the breaker opened |
 * | `reason` | why, for the records of the reveals that wait; of the last time, once closed |
 * | `probeAt`, `probeWait` | when the next probe may leave; the interval that follows it, doubling up to `probeCapMs` |
 * | `mended` | when it last closed |
 * | `accepted`, `doubted` | when a poll was last accepted, as the booking after it notes; when a task was last refused that may be refused alone |
 */

import { comeBackWithinMs, probeCapMs, probeFirstMs } from '../tuning.ts';
import { breakerClosed, takeNow } from './gcra.ts';
import type { RateLimits } from './limits.ts';
import { delayLines } from './lines.ts';
import { type Assignment, add, type Clause, type Item, type Move, num } from './moves.ts';

/**
 * Open the breaker. The clocks of both lines stop: subtracting now here and adding the time of closing later moves every turn by the length
 * of the pause. A refusal of a poll that left before the breaker last closed is old news.
 */
export function openMoves(now: number, sentAt: number, reason: string): Move[] {
  return [
    {
      name: 'open',
      when: [breakerClosed, { attr: 'mended', is: '<=', than: sentAt }],
      set: [
        ...delayLines(-now),
        { attr: 'broken', to: now },
        { attr: 'probeAt', to: now + probeFirstMs },
        { attr: 'probeWait', to: 2 * probeFirstMs },
        { attr: 'reason', to: reason },
      ],
    },
    { name: 'still-open', when: [{ attr: 'broken', is: '>', than: 0 }], set: [{ attr: 'reason', to: reason }] },
  ];
}

/** Claim the next probe while the breaker is open: the poll of whoever asks first once it is due. */
export function probeMoves(limits: RateLimits, now: number): Move[] {
  const open: Clause = { attr: 'broken', is: '>', than: 0 };
  const due: Clause = { attr: 'probeAt', is: '<=', than: now };
  const free: Clause = { attr: 'tat', is: '<=', than: now };
  const claim: Assignment[] = [{ attr: 'probeAt', to: [now, { attr: 'probeWait' }] }, takeNow(limits, now)];
  return [
    {
      name: 'probe',
      when: [open, due, free, { attr: 'probeWait', is: '<=', than: probeCapMs / 2 }],
      set: [...claim, add('probeWait', { attr: 'probeWait' })],
    },
    { name: 'probe', when: [open, due, free], set: [...claim, { attr: 'probeWait', to: probeCapMs }] },
  ];
}

/** Close the breaker after an accepted poll that left while it was open. */
export function closeMoves(now: number, sentAt: number): Move[] {
  return [
    {
      name: 'close',
      when: [
        { attr: 'broken', is: '>', than: 0 },
        { attr: 'broken', is: '<=', than: sentAt },
      ],
      set: [...delayLines(now), { attr: 'broken', to: 0 }, { attr: 'mended', to: now }, acceptedAt(sentAt)],
    },
  ];
}

/** A task was refused, and perhaps it alone. */
export function doubtMoves(sentAt: number): Move[] {
  return [{ name: 'doubt', when: [], set: [{ attr: 'doubted', to: sentAt }] }];
}

/** When a poll left that was accepted. */
export const acceptedAt = (sentAt: number): Assignment => ({ attr: 'accepted', to: sentAt });

/** Why nobody polls at the moment, or undefined while the breaker is closed. */
export function pausedBecause(item: Item): string | undefined {
  return num(item, 'broken') > 0 ? String(item.reason ?? '') : undefined;
}

/**
 * When a waiting reveal comes back: at a random moment of the minute after the next probe. So probes are found one by one and, once the
 * breaker has closed, the reveals come back soon, but spread out.
 */
export function wakeAfterProbe(item: Item, now: number, random: number): number {
  return Math.round(Math.max(now, num(item, 'probeAt')) + random * comeBackWithinMs);
}
