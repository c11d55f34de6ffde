/**
 * When a paid start may leave. The rules of slots, lines and breaker are those of polls, on an item and with limits of their own; these are the ones
 * that starts have in addition.
 *
 * | attribute | is |
 * | --- | --- |
 * | `unknowns` | starts in a row of which nobody knows whether they were paid for |
 */
import { openMoves, pausedBecause, probeMoves, wakeAfterProbe } from './budget/breaker.ts';
import type { Decision } from './budget/decision.ts';
import { holdMoves, turnOf, wakeForTurn } from './budget/lines.ts';
import { add, type Item, type Move, num } from './budget/moves.ts';
import { joinLine } from './next-poll.ts';
import { noteAnswer } from './note-answer.ts';
import { paceFor } from './pace.ts';
import type { Answered, Context, PollingState, RateContext, Verdict, Wake } from './polling-state.ts';
import { pollsPerReveal } from './schedule.ts';
import { holdMs, pollsToStart, spreadOutMs, unknownStartsInARow, unwantedProbeMs } from './tuning.ts';

/** What an answer to a start says of the key, the pace and the vendor. */
export type StartVerdict =
  /** The vendor has dealt with it, be it by a refusal of this profile. */
  | { readonly kind: 'accepted' }
  /** Nothing came of it, and nothing is known of the key. */
  | { readonly kind: 'nothing' }
  /** It may have been paid for. */
  | { readonly kind: 'unknown' }
  | Extract<Verdict, { kind: 'rejected' | 'refused' }>;

/** The poll budget, as a start sees it. */
export type Polls = Pick<Context, 'limits' | 'curve'> & { readonly item: Item };

/**
 * What a start has to wait for on account of polls: nobody polls with the key, or they could not follow. Undefined if a task that is started now is
 * polled in time.
 */
export function* waitForPolls(context: RateContext, state: PollingState, polls: Polls): Decision<Wake | undefined> {
  const { now, random } = context;
  const { limits, curve, item } = polls;
  const reason = pausedBecause(item);
  if (reason !== undefined) {
    const wake = yield* holdBack(context, state, wakeAfterProbe(item, now, random()) - now);
    return { ...wake, pausedBecause: reason };
  }
  const { pollsPerSecond } = paceFor(limits, curve, item, state, now);
  return pollsPerReveal(curve, pollsPerSecond) < pollsToStart ? yield* holdBack(context, state, holdMs) : undefined;
}

/**
 * Nothing may be started for so many milliseconds. Who stands first in line delays everybody behind: else all whose turn goes by would ask again and
 * again, and all at once when starts go on.
 */
export function* holdBack(context: RateContext, state: PollingState, ms: number): Decision<Wake> {
  const { limits, now, random } = context;
  const { priority, place } = state;
  const heldUntil = Math.round(now + ms);
  if (place === undefined) return yield* joinLine({ ...context, now: heldUntil }, state, heldUntil);
  const { item } = yield [];
  const turn = turnOf(priority, item, place);
  const moved = yield holdMoves(priority, place, now, heldUntil - turn);
  if (turnOf(priority, moved.item, place) < heldUntil) {
    return { kind: 'wake', nextPollAt: Math.round(heldUntil + spreadOutMs * random()), state };
  }
  return { kind: 'wake', nextPollAt: wakeForTurn(limits, priority, moved.item, place, heldUntil), state };
}

/**
 * Takes the probe that no poll wants: polls pause, and nobody is left who polls. A task that is started then finds out by its first poll whether they are
 * taken again. So it is one start for each probe. Without it everybody waits for a probe that nobody makes.
 */
export function* takeUnwantedProbe({ limits, now }: RateContext): Decision<boolean> {
  const { item } = yield [];
  if (now <= num(item, 'probeAt') + unwantedProbeMs) return false;
  const { move } = yield probeMoves(limits, now);
  return move === 'probe';
}

/** Notes what an answer says of the key and the pace. Starts of which nobody knows whether they were paid for must not go on at full speed. */
export function* noteStart(context: RateContext, { verdict, slot, sentAt }: StartAnswered): Decision<void> {
  switch (verdict.kind) {
    case 'accepted':
      yield* noteAnswer(context, { verdict: { kind: 'done' }, slot, sentAt });
      if (num(slot.item, 'unknowns') > 0) yield [noUnknowns];
      return;
    case 'rejected':
    case 'refused':
      yield* noteAnswer(context, { verdict, slot, sentAt });
      return;
    case 'unknown':
      yield* noteUnknownStart(context, sentAt);
      return;
    case 'nothing':
      return;
    default:
      verdict satisfies never;
  }
}

/** The same of a start that has no answer: its handler may have died before it could say so. */
export function* noteUnknownStart({ now }: RateContext, sentAt: number): Decision<void> {
  const { item } = yield [oneMoreUnknown];
  if (num(item, 'unknowns') >= unknownStartsInARow) yield openMoves(now, sentAt, 'starts-unknown');
}

export type StartAnswered = Omit<Answered, 'verdict'> & { readonly verdict: StartVerdict };

const noUnknowns: Move = { name: 'known', when: [], set: [{ attr: 'unknowns', to: 0 }] };
const oneMoreUnknown: Move = { name: 'unknown', when: [], set: [add('unknowns', 1)] };
