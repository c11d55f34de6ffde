/** Who polls when: the policies that are compared. Each is given a reveal at its admission and sees it through. */

import { askForSlot } from '../../lambdas/polling/ask-for-slot.ts';
import { decideNow } from '../../lambdas/polling/decision.ts';
import { belief, forgetMoves, observeMoves } from '../../lambdas/polling/durations.ts';
import { baseIntervalMs } from '../../lambdas/polling/gcra.ts';
import { defaultPollLimits, type RateLimits } from '../../lambdas/polling/limits.ts';
import { applyMoves, type Item, type Move } from '../../lambdas/polling/moves.ts';
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
import { slotStillGood } from '../../lambdas/polling/slots.ts';
import { learnedForMs } from '../../lambdas/polling/tuning.ts';
import type { Handler, Reveal, VendorAnswer, World } from './world.ts';

export type PolicyName = 'fixed-15s' | 'fixed-30s' | 'backoff' | 'fixed-15s-reserved' | 'relay';

export const policyNames: readonly PolicyName[] = ['fixed-15s', 'fixed-30s', 'backoff', 'fixed-15s-reserved', 'relay'];

export type Admit = (reveal: Reveal) => void;

/** In the bench a reveal is never given up: every policy is measured on all of them. */
const neverMs = 1e12;

export function makePolicy(name: PolicyName, world: World, limits: RateLimits = defaultPollLimits): Admit {
  switch (name) {
    case 'fixed-15s':
      return fixed(world, 15_000);
    case 'fixed-30s':
      return fixed(world, 30_000);
    case 'backoff':
      return backoff(world);
    case 'fixed-15s-reserved':
      return reserved(world, 15_000, baseIntervalMs(limits));
    case 'relay':
      return relay(world, limits);
  }
}

/** What a handler without a plan makes of an answer: done, or another time. */
function answered(world: World, end: () => void, next: () => void) {
  return (answer: VendorAnswer) => {
    end();
    if (answer === 'done') world.settle();
    else next();
  };
}

/** The vendor's advice: poll every so many seconds until done; a rejection is just another "not yet". */
function fixed(world: World, waitMs: number): Admit {
  return (reveal) => {
    const next = () => world.loop(world.now + waitMs, (_skew, end) => world.poll(reveal, answered(world, end, next)));
    next();
  };
}

/** Exponential backoff with full jitter: a random wait up to 5 s, 10 s, 20 s … 60 s.
 * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/ */
function backoff(world: World): Admit {
  return (reveal) => {
    let attempt = 0;
    const next = () =>
      world.loop(world.now + world.random() * Math.min(60_000, 5_000 * 2 ** attempt++), (_skew, end) =>
        world.poll(reveal, answered(world, end, next)),
      );
    next();
  };
}

/** A fixed cadence that reserves each poll from one shared queue: the simplest thing that never exceeds the limit. */
function reserved(world: World, waitMs: number, intervalMs: number): Admit {
  let tat = 0;
  return (reveal) => {
    const pollAt = (slot: number, skew: number, end: () => void) => {
      world.at(slot - skew, () => world.poll(reveal, answered(world, end, next)));
    };
    const reserve: Handler = (skew, end) => {
      const now = world.now + skew;
      const slot = Math.max(tat, now);
      tat = slot + intervalMs;
      if (slot - now < 5_000) return pollAt(slot, skew, end);
      end();
      world.loop(slot - 1_000, (later, ended) =>
        world.now + later - slot > 700 ? reserve(later, ended) : pollAt(slot, later, ended),
      );
    };
    const next = () => world.loop(world.now + waitMs, reserve);
    next();
  };
}

/** Ours: the code of the handlers, on items in memory instead of a table. */
function relay(world: World, limits: RateLimits): Admit {
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

  return (reveal) => {
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
    world.invoke((skew, end) => {
      end();
      const now = Math.round(world.now + skew);
      const first = newPollingState(reveal.priority, Math.round(reveal.startedAt), now, neverMs);
      wake(decideNow(start(context(skew), first), write));
    });
  };
}
