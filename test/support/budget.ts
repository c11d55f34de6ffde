/** A poll budget in memory, and reveals that ask it. */
import { askForSlot } from '../../lambdas/polling/ask-for-slot.ts';
import { decideNow } from '../../lambdas/polling/budget/decision.ts';
import { defaultPollLimits } from '../../lambdas/polling/budget/limits.ts';
import { applyMoves, type Item, type Move } from '../../lambdas/polling/budget/moves.ts';
import { belief } from '../../lambdas/polling/durations.ts';
import { afterAnswer } from '../../lambdas/polling/next-poll.ts';
import type { Context, PollingState, Slot, Verdict } from '../../lambdas/polling/polling-state.ts';
import { priceCurve } from '../../lambdas/polling/price-curve.ts';

export const noon = 1_800_000_000_000;
export const hour = 3_600_000;
const curve = priceCurve(belief({}));

export const at = (now: number): Context => ({ limits: defaultPollLimits, curve, now, random: () => 0.5 });

/** A budget in memory. A poll is answered 100 ms after it left. */
export function budgetWith(item: Item = {}) {
  const budget = {
    item,
    apply: (moves: readonly Move[]) => {
      const applied = applyMoves(budget.item, moves);
      budget.item = applied.item;
      return applied;
    },
    ask: (now: number, state: PollingState) => decideNow(askForSlot(at(now), state), budget.apply),
    answer: (now: number, state: PollingState, verdict: Verdict, slot: Slot) =>
      decideNow(afterAnswer(at(now), state, { verdict, sentAt: now - 100, slot }), budget.apply),
  };
  return budget;
}

export const slotAt = (pollAt: number): Slot => ({ kind: 'slot', pollAt, probe: false, item: {}, grantedAt: pollAt });
