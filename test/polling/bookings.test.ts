import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Priority } from '../../lambdas/contract.ts';
import { bookMoves, inFlight, leavesAt, roomNear } from '../../lambdas/polling/bookings.ts';
import { defaultPollLimits as limits } from '../../lambdas/polling/budget/limits.ts';
import { applyMoves, type Item } from '../../lambdas/polling/budget/moves.ts';

const noon = 1_800_000_000_000;
const interval = 256;

/** Books one after the other, each with the item as the one before left it, and answers when each poll is to leave. */
function bookAll(wanted: readonly number[], priority: Priority = 'bulk', item: Item = {}) {
  let budget = item;
  const leave = wanted.map((pollAt) => {
    const booking = roomNear(limits, priority, budget, noon, pollAt);
    budget = applyMoves(budget, bookMoves(limits, priority, budget, booking)).item;
    return leavesAt(limits, budget, booking, pollAt);
  });
  return { leave, item: budget };
}

describe('a booking', () => {
  it('of a reveal alone is for the moment that the schedule wants', () => {
    expect(bookAll([noon + 41_234]).leave).toEqual([noon + 41_234]);
  });

  it('is a place of its own: hundreds that want one moment come back one by one', () => {
    const { leave, item } = bookAll(Array.from({ length: 300 }, () => noon + 100_000));
    const atOnce = leave.map((at) => leave.filter((other) => other >= at && other < at + 1_000).length);

    // Four slots a second, and the two in each bucket that need not wait for their place.
    expect(Math.max(...atOnce)).toBeLessThanOrEqual(6);
    expect(Math.max(...leave) - Math.min(...leave)).toBeLessThan(300 * interval + 10_000);
    expect(inFlight(limits, item, 'bulk', noon)).toBeCloseTo(300, 6);
  });

  it('moves to both sides of the wanted moment, the sooner one first', () => {
    const { leave } = bookAll(Array.from({ length: 40 }, () => noon + 100_000));

    expect(Math.min(...leave)).toBeLessThan(noon + 100_000);
    expect(Math.max(...leave)).toBeLessThan(noon + 110_000);
  });

  it('leaves an interactive reveal its share of moments that bulk has filled, but no more', () => {
    const full = bookAll(Array.from({ length: 1_200 }, () => noon + 100_000)).item;
    const { leave } = bookAll(
      Array.from({ length: 8 }, () => noon + 100_000),
      'interactive',
      full,
    );

    expect(Math.max(...leave) - Math.min(...leave)).toBeLessThan(15_000 + 20 * interval);
    expect(bookAll([noon + 100_000], 'bulk', full).leave[0]).not.toBeCloseTo(noon + 100_000, -4);
  });

  it('is refused by the item where others have filled the bucket since it was read', () => {
    const { item } = bookAll(Array.from({ length: 40 }, () => noon + 100_000));
    const stale = roomNear(limits, 'bulk', {}, noon, noon + 100_000);

    expect(applyMoves(item, bookMoves(limits, 'bulk', {}, stale)).move).toBeUndefined();
  });

  it('never fills a bucket with more than the budget has slots, whoever wants what', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 6, max: 250 }), { maxLength: 200 }), (seconds) => {
        const { item } = bookAll(seconds.map((second) => noon + 1_000 * second));
        const counts = Object.values(item).map((value) => Number(value) % 1_000_000);
        expect(Math.max(0, ...counts)).toBeLessThanOrEqual(Math.ceil(5_000 / interval));
      }),
    );
  });
});
