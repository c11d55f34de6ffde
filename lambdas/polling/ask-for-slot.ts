/** Awake: may a reveal poll now, soon, or must it go back to the workflow? */
import { pausedBecause, probeMoves } from './budget/breaker.ts';
import { easeMoves, wantsEase } from './budget/cool-down.ts';
import type { Decision } from './budget/decision.ts';
import { wakeForTurn } from './budget/lines.ts';
import { type Item, num } from './budget/moves.ts';
import { slotGranted, slotMoves } from './budget/slots.ts';
import { joinLine, waitForProbe } from './next-poll.ts';
import type { GiveUp, PollingState, RateContext, Slot, Wake } from './polling-state.ts';
import { soonestWakeMs, spreadOutMs, wakeAheadMs } from './tuning.ts';

export function* askForSlot(context: RateContext, state: PollingState): Decision<Slot | Wake | GiveUp> {
  const { limits, now, random } = context;
  const { place, ...unplaced } = state;
  const { item, move } = yield [...slotMoves(limits, state.priority, now, place), ...probeMoves(limits, now)];
  const slot = grantedSlot(context, item, move);
  if (wantsEase(limits, item, now)) {
    yield easeMoves(limits, now);
    if (!slot) return yield* askForSlot(context, state);
  }
  if (slot) return slot;
  if (pausedBecause(item) !== undefined) return waitForProbe(context, state, item);
  const tat = num(item, 'tat');
  if (place === undefined) return yield* joinLine(context, unplaced, Math.max(now, tat));
  const turn = wakeForTurn(limits, state.priority, item, place, now);
  if (turn > now) return { kind: 'wake', nextPollAt: turn, state };
  // Its turn, but slots are taken for longer than a handler sleeps, or its priority is over its share.
  const nextPollAt = Math.round(Math.max(now + soonestWakeMs, tat - wakeAheadMs) + spreadOutMs * random());
  return { kind: 'wake', nextPollAt, state };
}

/** A slot for a poll that can be put off: there is none while bulk reveals stand in line. It may be the probe of a refused key. */
export function* askForSpareSlot(context: RateContext): Decision<Slot | undefined> {
  const { limits, now } = context;
  const { item, move } = yield [...slotMoves(limits, 'bulk', now, undefined), ...probeMoves(limits, now)];
  return grantedSlot(context, item, move);
}

function grantedSlot({ limits, now }: RateContext, item: Item, move: string | undefined): Slot | undefined {
  const slot = slotGranted(limits, item, move);
  if (slot === undefined) return undefined;
  return { kind: 'slot', pollAt: Math.max(now, slot), probe: move === 'probe', item, grantedAt: now };
}
