/** How the relay polls: the code of the handlers, on items in memory in place of a table. */
import { askForSlot } from '../../lambdas/polling/ask-for-slot.ts';
import { decideNow } from '../../lambdas/polling/budget/decision.ts';
import type { RateLimits } from '../../lambdas/polling/budget/limits.ts';
import { applyMoves, type Item, type Move } from '../../lambdas/polling/budget/moves.ts';
import { slotStillGood } from '../../lambdas/polling/budget/slots.ts';
import { belief, forgetMoves, observeMoves } from '../../lambdas/polling/durations.ts';
import { afterAnswer, start } from '../../lambdas/polling/next-poll.ts';
import {
  type Context,
  detection,
  newPollingState,
  type PollingState,
  type Verdict,
  type Wake,
} from '../../lambdas/polling/polling-state.ts';
import { type PriceCurve, priceCurve } from '../../lambdas/polling/price-curve.ts';
import { learnedForMs } from '../../lambdas/polling/tuning.ts';
import type { Reveal, World } from './world.ts';

/** In the bench a reveal is never given up: every policy is measured on all of them. */
export const neverMs = 1e12;

export type RelayPolls = {
  /** Sees a reveal through, from its admission on. */
  readonly admit: (reveal: Reveal) => void;
  /** Sees one through whose task a handler has just started, by its clock. */
  readonly firstPoll: (reveal: Reveal, startedAt: number, skewMs: number) => void;
  /** What a decision about polls needs to know, by a clock that is off by `skewMs`. */
  readonly context: (skewMs: number) => Context;
  /** The budget's item as it is now. */
  readonly item: () => Item;
};

export function relayPolls(world: World, limits: RateLimits): RelayPolls {
  let budget: Item = {};
  let durations: Item = {};
  let curve: PriceCurve | undefined;
  let curveAt = Number.NEGATIVE_INFINITY;

  const write = (moves: readonly Move[]) => {
    const applied = applyMoves(budget, moves);
    budget = applied.item;
    // DynamoDB charges what a condition refuses as well.
    const refused = moves.findIndex(({ name }) => name === applied.move);
    world.budgetWrites.add(world.now, refused < 0 ? moves.length : refused + 1);
    return applied;
  };
  const context = (skew: number): Context => {
    if (curve === undefined || world.now - curveAt > learnedForMs) {
      curve = priceCurve(belief(durations));
      curveAt = world.now;
    }
    return { limits, curve, now: Math.round(world.now + skew), random: world.random };
  };
  const observe = ({ fromSeconds, toSeconds }: ReturnType<typeof detection>) => {
    durations = applyMoves(durations, observeMoves(durations, fromSeconds, toSeconds)).item;
    durations = applyMoves(durations, forgetMoves(durations)).item;
  };

  const firstPoll = (reveal: Reveal, startedAt: number, skew: number) => {
    const wake = ({ nextPollAt, state }: Wake) => world.loop(nextPollAt, (skew, end) => ask(state, skew, end));
    const ask = (state: PollingState, skew: number, end: () => void): void => {
      const slot = decideNow(askForSlot(context(skew), state), write);
      if (slot.kind !== 'slot') end();
      if (slot.kind === 'wake') wake(slot);
      if (slot.kind !== 'slot') return;
      world.at(slot.pollAt - skew, () => {
        const sentAt = Math.round(world.now + skew);
        if (!slotStillGood(budget, slot.pollAt, sentAt, slot.probe)) return ask(state, skew, end);
        world.poll(reveal, (answer) => {
          end();
          const said: Verdict = answer === 'refused' ? { kind: answer, reason: 'out of credits' } : { kind: answer };
          const next = decideNow(afterAnswer(context(skew), state, { verdict: said, slot, sentAt }), write);
          if (next.kind === 'wake') wake(next);
          else if (next.kind === 'over') {
            observe(detection(state, sentAt));
            world.settle();
          }
        });
      });
    };
    const first = newPollingState(reveal.priority, Math.round(startedAt), Math.round(world.now + skew), neverMs);
    wake(decideNow(start(context(skew), first), write));
  };
  const admit = (reveal: Reveal) =>
    world.invoke((skew, end) => {
      end();
      firstPoll(reveal, reveal.startedAt, skew);
    });
  return { admit, firstPoll, context, item: () => budget };
}
