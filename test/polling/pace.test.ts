import { describe, expect, it } from 'vitest';
import { inFlight, roomNear, squeezeMoves } from '../../lambdas/polling/bookings.ts';
import { decideNow } from '../../lambdas/polling/budget/decision.ts';
import { defaultPollLimits } from '../../lambdas/polling/budget/limits.ts';
import { afterAnswer, start } from '../../lambdas/polling/next-poll.ts';
import { type Answered, newPollingState, type PollingState, type Slot } from '../../lambdas/polling/polling-state.ts';
import { at, budgetWith, hour, noon, slotAt } from '../support/budget.ts';

describe('the reveals in flight', () => {
  it('are counted by their next return, and a crashed one drops out by itself', () => {
    const budget = budgetWith();
    for (let i = 0; i < 10; i++) decideNow(start(at(noon), newPollingState('bulk', noon, noon, hour)), budget.apply);

    expect(inFlight(defaultPollLimits, budget.item, 'bulk', noon)).toBeCloseTo(10, 0);
    expect(inFlight(defaultPollLimits, budget.item, 'interactive', noon)).toBe(0);
    expect(inFlight(defaultPollLimits, budget.item, 'bulk', noon + 300_000)).toBe(0);
  });

  /** What follows a negative answer to a task a minute old, among so many reveals in flight. */
  function wakeAmong(reveals: number, answeredAt: number, slot: Partial<Slot> = {}, state: Partial<PollingState> = {}) {
    const asked = { ...newPollingState('bulk', answeredAt - 60_000, noon, hour), ...state };
    const crowd = budgetWith();
    for (let i = 0; i < reveals; i++)
      crowd.apply(
        squeezeMoves('bulk', roomNear(defaultPollLimits, 'bulk', {}, noon, noon + 30_000 + (90_000 * i) / reveals)),
      );
    const item = { ...crowd.item, ...slot.item };
    const answered: Answered = {
      verdict: { kind: 'pending' },
      sentAt: answeredAt,
      slot: { ...slotAt(noon), ...slot, item },
    };
    const next = decideNow(afterAnswer(at(answeredAt), asked, answered), crowd.apply);
    if (next.kind !== 'wake') throw new Error(next.kind);
    return next;
  }

  const waitAmong = (...among: Parameters<typeof wakeAmong>) => wakeAmong(...among).nextPollAt - among[1];

  it('are those at the moment the item was read, however long the slot was waited for', () => {
    const later = noon + 60_000;

    const [asKnown, asNow] = [noon, later].map((grantedAt) => waitAmong(300, later, { grantedAt }));

    // Both are places in buckets of five seconds.
    expect(Math.abs((asKnown ?? 0) - waitAmong(300, noon, { grantedAt: noon }))).toBeLessThanOrEqual(5_000);
    expect(asNow).toBeLessThan(waitAmong(300, noon, { grantedAt: noon }) - 10_000);
  });

  it('include those that wait with a slot in hand', () => {
    expect(waitAmong(300, noon, { item: { tat: noon + 10_000 } })).toBeGreaterThan(waitAmong(300, noon));
  });

  it('are not mistaken for more during a cool-down', () => {
    expect(waitAmong(300, noon, { item: { tat: noon + 60_000 } })).toBe(
      waitAmong(300, noon, { item: { tat: noon + 10_000 } }),
    );
  });

  it('let a reveal that polls were scarce for quicken only so far when they thin out', () => {
    const free = waitAmong(50, noon);
    const [much, little, notAtAll] = [0.001, 0.055, 0.2].map((slowest) => waitAmong(50, noon, {}, { slowest }));

    expect(much).toBe(19_500);
    expect(little).toBeGreaterThan(free);
    expect(little).toBeLessThan(19_500);
    expect(notAtAll).toBe(free);
  });

  it('make polls scarce once there are fewer than three for each', () => {
    expect(wakeAmong(100, noon).state.slowest).toBeUndefined();
    expect(wakeAmong(300, noon).state.slowest).toBeCloseTo(1 / (301 * 0.256), 4);
  });

  it('plan for a little more than there is, and are woken a second before their place', () => {
    const planned = (301 * 256) / 1.03;

    expect(Math.abs(waitAmong(300, noon) - (planned - 1_000))).toBeLessThanOrEqual(5_000);
    expect(waitAmong(30, noon)).toBe(waitAmong(1, noon));
  });
});
