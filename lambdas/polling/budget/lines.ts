/**
 * The lines: one per priority, first come first served, perhaps an hour long. A place in line tells a reveal when to come back for a slot, so that
 * ten thousand of them do not all ask at once. It grants nothing.
 *
 * `tail…` is the turn that the next to join gets. When something delays a whole line (a poll of the other priority, a cool-down, a pause), its `tail…` and
 * `shift…` grow alike in the same write. A reveal remembers `place = turn - shift`, so `place + shift` is its turn at any time, and nobody overtakes.
 */

import type { Priority } from '../../contract.ts';
import { headMs, noLineMs, wakeAheadMs } from '../tuning.ts';
import { breakerClosed, intervalMs, storedInterval } from './gcra.ts';
import { otherThan, type RateLimits, shareOf } from './limits.ts';
import { type Assignment, add, type Clause, type Item, type Move, num, type Term } from './moves.ts';

const tailOf = (priority: Priority) => (priority === 'interactive' ? 'tailInteractive' : 'tailBulk');
const shiftOf = (priority: Priority) => (priority === 'interactive' ? 'shiftInteractive' : 'shiftBulk');

export const endOfLine = (item: Item, priority: Priority) => num(item, tailOf(priority));
export const hasNoLine = (priority: Priority, now: number): Clause => ({
  attr: tailOf(priority),
  is: '<=',
  than: now + noLineMs,
});
/** Who is woken a little too early for its turn need not go back. */
export const isTurnOf = (priority: Priority, place: number, now: number): Clause => ({
  attr: shiftOf(priority),
  is: '<=',
  than: now + 1.5 * wakeAheadMs - place,
});

/** Everybody in the line comes so much later. */
export const delayLine = (priority: Priority, by: Term): Assignment[] => [
  add(tailOf(priority), by),
  add(shiftOf(priority), by),
];
export const delayLines = (ms: number): Assignment[] => [...delayLine('interactive', ms), ...delayLine('bulk', ms)];

/**
 * Delay a line from its head. Whoever comes next finds that it is not its turn any more, and one whose turn is long past stands in no line: neither
 * delays it further.
 */
export function holdMoves(priority: Priority, place: number, now: number, ms: number): Move[] {
  const isRecent: Clause = { attr: shiftOf(priority), is: '>=', than: now - headMs - place };
  return [{ name: 'hold', when: [isTurnOf(priority, place, now), isRecent], set: delayLine(priority, ms) }];
}

/** Join the line: at its end, or at `earliest` if it ends before that. */
export function joinMoves(limits: RateLimits, priority: Priority, earliest: number): Move[] {
  const interval = storedInterval(limits);
  const tail = tailOf(priority);
  const behind: Move = {
    name: 'join',
    when: [breakerClosed, { attr: tail, is: '>=', than: earliest }],
    set: [add(tail, interval)],
  };
  const first: Move = {
    name: 'join',
    when: [breakerClosed, { attr: tail, is: '<', than: earliest }],
    set: [{ attr: tail, to: [earliest, interval] }],
  };
  // Whoever is overtaken between the two stands behind the one who was faster.
  return [behind, first, behind];
}

/** The place just taken by a `join`. */
export function placeTaken(limits: RateLimits, priority: Priority, item: Item): number {
  return placeAt(priority, item, endOfLine(item, priority) - intervalMs(limits, item));
}

/** When it is the turn of a place, as things are. */
export const turnOf = (priority: Priority, item: Item, place: number) => place + num(item, shiftOf(priority));

/** The place whose turn is at that moment. */
export const placeAt = (priority: Priority, item: Item, turn: number) => turn - num(item, shiftOf(priority));

/**
 * When to come back for a slot: shortly before the turn. While the other priority has a line too, ours moves at its share of the rate
 * until the other one is through, whichever is sooner.
 */
export function wakeForTurn(limits: RateLimits, priority: Priority, item: Item, place: number, now: number): number {
  const ahead = Math.max(0, turnOf(priority, item, place) - now);
  const otherLine = Math.max(0, endOfLine(item, otherThan(priority)) - now);
  const wait = otherLine <= noLineMs ? ahead : Math.min(ahead / shareOf(limits, priority), ahead + otherLine);
  return Math.max(now, Math.round(now + wait - wakeAheadMs));
}
