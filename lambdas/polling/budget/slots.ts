/** Slots: the moments at which a poll may leave, shared between two priorities. No poll leaves without one. */

import type { Priority } from '../../contract.ts';
import { aheadMs, leadLimit, lineAheadMs, voidAfterMs } from '../tuning.ts';
import { breakerClosed, isIdle, isNear, storedInterval, takeNext, takeNow, takenSlot } from './gcra.ts';
import { otherThan, type RateLimits, shareOf } from './limits.ts';
import { delayLine, hasNoLine, isTurnOf } from './lines.ts';
import { add, type Clause, type Item, type Move, num } from './moves.ts';

/** The names of the moves that grant a slot. */
const grants = new Set<string | undefined>(['idle', 'own', 'lent', 'probe']);

/**
 * Ask for a slot now. Granted to a reveal whose turn has come, or, in a priority without a line, to whoever asks.
 *
 * `idle`: nobody else wants the moment. `own`: the priority is within its share. `lent`: the other one has no line. A priority over its share gets
 * only idle moments while the other one waits, and neither those nor lent ones hold up anybody's line. So neither can starve the other, the last few
 * of a line included. `lead` holds by how many hundredths of a slot interactive is ahead of its share.
 */
export function slotMoves(limits: RateLimits, priority: Priority, now: number, place: number | undefined): Move[] {
  const other = otherThan(priority);
  const interval = storedInterval(limits);
  const longEnough: Clause = { ...interval, is: '>=', than: interval.or };
  const always = [breakerClosed, longEnough];
  const myTurn = place === undefined ? hasNoLine(priority, now) : isTurnOf(priority, place, now);
  const isInteractive = priority === 'interactive';
  const withinShare: Clause = isInteractive
    ? { attr: 'lead', is: '<=', than: leadLimit }
    : { attr: 'lead', is: '>=', than: -leadLimit };
  const near = isNear(now, place === undefined ? aheadMs : lineAheadMs);
  const count = add('lead', Math.round((isInteractive ? 100 : -100) * shareOf(limits, other)));
  return [
    { name: 'idle', when: [...always, isIdle(now)], set: [takeNow(limits, now)] },
    {
      name: 'own',
      when: [...always, myTurn, near, withinShare],
      set: [takeNext(limits), count, ...delayLine(other, interval)],
    },
    { name: 'lent', when: [...always, myTurn, near, hasNoLine(other, now)], set: [takeNext(limits)] },
  ];
}

/** The slot that was granted, or undefined. A move applied twice wastes the first of two slots and answers the second. */
export function slotGranted(limits: RateLimits, item: Item, move: string | undefined): number | undefined {
  return grants.has(move) ? takenSlot(limits, item) : undefined;
}

/** Whether a slot is still good when its moment comes: not late, and no cool-down or pause came in between. */
export function slotStillGood(item: Item, slot: number, now: number, probe: boolean): boolean {
  return now <= slot + voidAfterMs && num(item, 'cool') <= slot && (probe || num(item, 'broken') === 0);
}
