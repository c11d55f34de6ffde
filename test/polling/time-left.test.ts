import { describe, expect, it } from 'vitest';
import type { Priority } from '../../lambdas/contract.ts';
import { bookMoves, roomNear } from '../../lambdas/polling/bookings.ts';
import { defaultPollLimits } from '../../lambdas/polling/budget/limits.ts';
import { applyMoves, type Item } from '../../lambdas/polling/budget/moves.ts';
import { secondsLeft } from '../../lambdas/polling/time-left.ts';

const noon = 1_800_000_000_000;
const starts = { limits: { ...defaultPollLimits, perMinute: 120 }, item: {} };
const pollsAt = (perMinute: number, item: Item = {}) => ({ limits: { ...defaultPollLimits, perMinute }, item });
const left = (remaining: { toStart?: number; polled?: number; lastBegunMs?: number }, polls = pollsAt(240)) =>
  secondsLeft({ toStart: 0, polled: 0, lastBegunMs: noon, ...remaining }, { polls, starts, durations: {} }, noon);
/** A budget on which so many others have booked their returns. */
function withBookings(count: number, priority: Priority): Item {
  let item: Item = {};
  for (let n = 0; n < count; n += 1) {
    const booking = roomNear(defaultPollLimits, priority, item, noon, noon + 20_000);
    item = applyMoves(item, bookMoves(defaultPollLimits, priority, item, booking)).item;
  }
  return item;
}

describe('the time that is left', () => {
  it('is none where nothing runs', () => {
    expect(left({})).toBe(0);
  });

  // From docs/polling.md: what the fleet's simulation took for 10,000 at once.
  it.each([
    ['tasks that run, 240 polls a minute', { polled: 10_000 }, 240, 2_672],
    ['profiles, 240 polls a minute', { toStart: 10_000 }, 240, 5_594],
    ['profiles, 120 polls a minute', { toStart: 10_000 }, 120, 6_209],
    ['profiles, 60 polls a minute', { toStart: 10_000 }, 60, 11_945],
  ])('is within a quarter of what the simulation takes for a crowd: %s', (_, remaining, perMinute, measured) => {
    const guess = left(remaining, pollsAt(perMinute));
    expect(guess / measured).toBeGreaterThan(0.75);
    expect(guess / measured).toBeLessThan(1.25);
  });

  it('is some minutes for one alone: what tasks usually take', () => {
    expect(left({ polled: 1 })).toBeGreaterThan(60);
    expect(left({ polled: 1 })).toBeLessThan(300);
    expect(left({ toStart: 1 })).toBeGreaterThanOrEqual(left({ polled: 1 }));
  });

  it('gets less while a task runs, and never less than nothing', () => {
    const after = (seconds: number) => left({ polled: 1, lastBegunMs: noon - 1_000 * seconds });
    expect(after(60)).toBeLessThan(after(0));
    for (const seconds of [0, 100, 1_000, 10_000, 1e9]) expect(after(seconds)).toBeGreaterThanOrEqual(0);
  });

  it('is longer the more there are, and where others wait for the same slots', () => {
    const [few, many] = [left({ polled: 10 }), left({ polled: 5_000 })];
    expect(many).toBeGreaterThan(few);
    const crowd = { tailBulk: noon + 3_600_000 };
    expect(left({ polled: 10 }, pollsAt(240, crowd))).toBeGreaterThan(3_600);
    expect(left({ polled: 10 }, pollsAt(240, withBookings(1_000, 'interactive')))).toBeGreaterThan(few);
  });

  it('takes longer after the vendor has asked for a slower pace', () => {
    expect(left({ polled: 5_000 }, pollsAt(240, { gap: 512 }))).toBeGreaterThan(1.5 * left({ polled: 5_000 }));
  });
});
