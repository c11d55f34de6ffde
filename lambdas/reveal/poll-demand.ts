/**
 * How many reveals are in flight, without anybody having to sign off: every waiting reveal has exactly one booked return, so the bookings
 * that lie ahead are the reveals in flight. An aborted or crashed reveal drops out by itself when the moment of its last booking passes.
 *
 * A ring of buckets of 20 s per lane on the budget item. One number holds both the bucket's period and its count, `period * 1e6 + count`,
 * so that a bucket left over from an earlier round of the ring reads as empty and is started again by the same write.
 */
import { add, type Item, type Move, num } from './moves.ts';
import { aheadMs, gapMs, type Lane, type PollLimits, tailOf } from './poll-budget.ts';

const bucketMs = 20_000;
const buckets = 16;
const base = 1_000_000;

const attrOf = (lane: Lane, period: number) => `${lane === 'interactive' ? 'i' : 'b'}${period % buckets}`;

/** Book a return at `wakeAt`; one beyond the end of the ring counts in its last bucket. */
export function bookMoves(lane: Lane, now: number, wakeAt: number): Move[] {
  const period = Math.min(Math.floor(wakeAt / bucketMs), Math.floor(now / bucketMs) + buckets - 1);
  const attr = attrOf(lane, period);
  const another: Move = { name: 'book', when: [{ attr, is: '>=', than: period * base }], set: [add(attr, 1)] };
  const first: Move = {
    name: 'book',
    when: [{ attr, is: '<', than: period * base }],
    set: [{ attr, to: period * base + 1 }],
  };
  return [another, first, another];
}

/** Reveals in flight in a lane: returns booked ahead, of the running bucket the part that lies ahead, and those standing in line. */
export function inFlight(limits: PollLimits, item: Item, lane: Lane, now: number): number {
  const current = Math.floor(now / bucketMs);
  let ahead = booked(item, lane, current) * (1 - (now % bucketMs) / bucketMs);
  for (let period = current + 1; period < current + buckets; period++) ahead += booked(item, lane, period);
  const inLine = Math.max(0, num(item, tailOf(lane)) - now) / gapMs(limits, item);
  return ahead + inLine;
}

/**
 * Reveals of either lane that hold a slot and wait for it: their booked return has passed, and the next one is not booked yet. No slot is granted
 * further ahead than `aheadMs`: beyond that, a cool-down has moved `tat`.
 */
export function withSlotInHand(limits: PollLimits, item: Item, now: number): number {
  return Math.min(aheadMs, Math.max(0, num(item, 'tat') - now)) / gapMs(limits, item);
}

function booked(item: Item, lane: Lane, period: number): number {
  const value = num(item, attrOf(lane, period));
  return Math.floor(value / base) === period ? value % base : 0;
}
