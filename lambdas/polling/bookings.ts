/**
 * How many reveals are in flight, without anybody having to sign off: every waiting reveal has exactly one booked return, so the bookings
 * that lie ahead are the reveals in flight. An aborted or crashed reveal drops out by itself when the moment of its last booking passes.
 *
 * A ring of buckets of 5 s per priority on the budget item. One number holds both the bucket's period and its count, `period * 1e6 + count`,
 * so that a bucket left over from an earlier round of the ring reads as empty and is started again by the same write.
 *
 * A bucket takes as many bookings as the budget has slots in it, and each booking is a place in it. So reveals come back one by one, and
 * hardly wait for their slot: a waiting handler holds a part of the account's Lambda concurrency.
 */

import type { Priority } from '../contract.ts';
import { intervalMs } from './budget/gcra.ts';
import { otherThan, type RateLimits, shareOf } from './budget/limits.ts';
import { endOfLine } from './budget/lines.ts';
import { add, type Item, type Move, num } from './budget/moves.ts';
import { aheadMs, aloneInBucket, bucketMs, buckets } from './tuning.ts';

/** More than a bucket ever counts. */
const base = 1_000_000;

const attrOf = (priority: Priority, period: number) => `${priority === 'interactive' ? 'i' : 'b'}${period % buckets}`;
const periodOf = (ms: number) => Math.floor(ms / bucketMs);

/** A moment at which a reveal comes back: the bucket it is counted in. */
export type Booking = { readonly period: number; readonly startsAt: number };

/** The bucket nearest to `pollAt` that has a slot left for the priority, as far as is known; the one of `pollAt` if there is none. */
export function roomNear(limits: RateLimits, priority: Priority, item: Item, now: number, pollAt: number): Booking {
  const first = periodOf(now);
  const last = first + buckets - 1;
  const wanted = Math.min(last, Math.max(first, periodOf(pollAt)));
  const hasRoom = (period: number) =>
    period >= first && period <= last && booked(item, priority, period) < slotsFor(limits, priority, item, period);
  for (let off = 0; off < buckets; off++) {
    if (hasRoom(wanted - off)) return bookingIn(wanted - off);
    if (hasRoom(wanted + off)) return bookingIn(wanted + off);
  }
  return bookingIn(wanted);
}

const bookingIn = (period: number): Booking => ({ period, startsAt: period * bucketMs });

/**
 * Take a place in a bucket, as long as it has slots left.
 *
 * @param item the budget as it is known: for the bookings of the other priority
 */
export function bookMoves(limits: RateLimits, priority: Priority, item: Item, { period }: Booking): Move[] {
  const attr = attrOf(priority, period);
  return [
    {
      name: 'book',
      when: [
        { attr, is: '>=', than: period * base },
        { attr, is: '<', than: period * base + slotsFor(limits, priority, item, period) },
      ],
      set: [add(attr, 1)],
    },
    firstOf(attr, period),
  ];
}

/** Take a place in a bucket however full it is: for those that others were faster than, again and again. */
export function squeezeMoves(priority: Priority, { period }: Booking): Move[] {
  const attr = attrOf(priority, period);
  const another: Move = { name: 'book', when: [{ attr, is: '>=', than: period * base }], set: [add(attr, 1)] };
  return [another, firstOf(attr, period), another];
}

const firstOf = (attr: string, period: number): Move => ({
  name: 'book',
  when: [{ attr, is: '<', than: period * base }],
  set: [{ attr, to: period * base + 1 }],
});

/**
 * When the poll of the place just booked leaves: at the place's slot. Where hardly anybody else comes, a place says little, and the planned moment
 * is better.
 */
export function leavesAt(limits: RateLimits, item: Item, { period, startsAt }: Booking, pollAt: number): number {
  const bookings = bookedByAll(item, period);
  const place = startsAt + (bookings - 1) * intervalMs(limits, item);
  const isWantedHere = pollAt < startsAt + bucketMs;
  return isWantedHere && bookings <= aloneInBucket ? Math.max(place, pollAt) : place;
}

/** The slots of a bucket that a priority may book: what the other one has left, and never less than its share. */
function slotsFor(limits: RateLimits, priority: Priority, item: Item, period: number): number {
  const each = bucketMs / intervalMs(limits, item);
  // A whole number, now and then one more, so that no slot is left out.
  const slots = Math.floor((period + 1) * each) - Math.floor(period * each);
  return Math.max(1, slots - booked(item, otherThan(priority), period), Math.floor(slots * shareOf(limits, priority)));
}

/** Reveals in flight in a priority: returns booked ahead, of the running bucket the part that lies ahead, and those standing in line. */
export function inFlight(limits: RateLimits, item: Item, priority: Priority, now: number): number {
  const current = periodOf(now);
  let ahead = booked(item, priority, current) * (1 - (now % bucketMs) / bucketMs);
  for (let period = current + 1; period < current + buckets; period++) ahead += booked(item, priority, period);
  const inLine = Math.max(0, endOfLine(item, priority) - now) / intervalMs(limits, item);
  return ahead + inLine;
}

/**
 * Reveals of either priority that hold a slot and wait for it: their booked return has passed, and the next one is not booked yet. Not counted, L3
 * `three-sharp` is found 5 % later. No slot is granted
 * further ahead than `aheadMs`: beyond that, a cool-down has moved `tat`.
 */
export function withSlotInHand(limits: RateLimits, item: Item, now: number): number {
  return Math.min(aheadMs, Math.max(0, num(item, 'tat') - now)) / intervalMs(limits, item);
}

const bookedByAll = (item: Item, period: number) => booked(item, 'interactive', period) + booked(item, 'bulk', period);

function booked(item: Item, priority: Priority, period: number): number {
  const value = num(item, attrOf(priority, period));
  return Math.floor(value / base) === period ? value % base : 0;
}
