/**
 * When a paid start may leave. The rules of slots, lines and breaker are those of polls, on an item and with limits of their own; these are the ones
 * that starts have in addition.
 *
 * | attribute | is |
 * | --- | --- |
 * | `unknowns` | starts in a row of which nobody knows whether they were paid for |
 */
import { openMoves, pausedBecause, wakeAfterProbe } from './breaker.ts';
import type { Decision } from './decision.ts';
import { endOfLine } from './lines.ts';
import { add, type Item, type Move, num } from './moves.ts';
import { noteAnswer } from './note-answer.ts';
import type { Answered, PollingState, RateContext, Verdict, Wake } from './polling-state.ts';
import { longestPollLineMs, spreadOutMs, unknownStartsInARow } from './tuning.ts';

/** What an answer to a start says of the key, the pace and the vendor. */
export type StartVerdict =
  /** The vendor has dealt with it, be it by a refusal of this profile. */
  | { readonly kind: 'accepted' }
  /** Nothing came of it, and nothing is known of the key. */
  | { readonly kind: 'nothing' }
  /** It may have been paid for. */
  | { readonly kind: 'unknown' }
  | Extract<Verdict, { kind: 'rejected' | 'refused' }>;

/**
 * Why a start has to wait for the polls: nobody polls with the key, or they stand in a long line. Undefined if a task that is started now is polled in time.
 *
 * @param polls the item of the poll budget
 */
export function waitForPolls({ now, random }: RateContext, state: PollingState, polls: Item): Wake | undefined {
  const reason = pausedBecause(polls);
  if (reason !== undefined) {
    return { kind: 'wake', nextPollAt: wakeAfterProbe(polls, now, random()), state, pausedBecause: reason };
  }
  const tooLong = endOfLine(polls, state.priority) - now - longestPollLineMs;
  return tooLong > 0
    ? { kind: 'wake', nextPollAt: Math.round(now + tooLong + spreadOutMs * random()), state }
    : undefined;
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
    case 'unknown': {
      const { item } = yield [oneMoreUnknown];
      if (num(item, 'unknowns') >= unknownStartsInARow) yield openMoves(context.now, sentAt, 'starts-unknown');
      return;
    }
    case 'nothing':
      return;
    default:
      verdict satisfies never;
  }
}

export type StartAnswered = Omit<Answered, 'verdict'> & { readonly verdict: StartVerdict };

const noUnknowns: Move = { name: 'known', when: [], set: [{ attr: 'unknowns', to: 0 }] };
const oneMoreUnknown: Move = { name: 'unknown', when: [], set: [add('unknowns', 1)] };
