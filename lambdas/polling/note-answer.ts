/** What an answer says of the key and the pace is everybody's business: it is noted on the shared item, whoever polled. */
import { closeMoves, doubtMoves, openMoves } from './budget/breaker.ts';
import { coolDownMoves } from './budget/cool-down.ts';
import type { Decision } from './budget/decision.ts';
import { type Item, num } from './budget/moves.ts';
import type { Answered, RateContext, Slot, Verdict } from './polling-state.ts';

/** The budget after an answer was noted, and whom a refusal was about, if the answer was one. */
export type Noted = {
  readonly item: Item;
  /** What `item` says of the reveals in flight is of this moment. */
  readonly readAt: number;
  /** `key`: nobody polls for now. `unclear`: the key or the task, which another poll will tell. `task`: this task alone. */
  readonly refused?: 'key' | 'unclear' | 'task';
};

/** @param refusedAt when the same task was refused before, with the key not being taken for refused */
export function* noteAnswer(
  { limits, now }: RateContext,
  { verdict, slot, sentAt }: Answered,
  refusedAt?: number,
): Decision<Noted> {
  const known: Noted = { item: slot.item, readAt: slot.grantedAt };
  switch (verdict.kind) {
    case 'done':
    case 'no-such-task':
    case 'pending':
      // Where the breaker is closed, the booking that follows notes that the key was accepted.
      return slot.probe ? { item: (yield closeMoves(now, sentAt)).item, readAt: now } : known;
    case 'rejected':
    case 'unavailable': {
      const tooFast = verdict.kind === 'rejected';
      // That the vendor is down says nothing of the key, and while it is refused nobody else polls in any case.
      if (slot.probe && !tooFast) return known;
      // A key that is rejected for being too fast is a key that is accepted.
      if (slot.probe) yield closeMoves(now, sentAt);
      const { retryAfterMs } = verdict;
      return { item: (yield coolDownMoves(limits, now, { sentAt, retryAfterMs, tooFast })).item, readAt: now };
    }
    case 'refused': {
      const refused = whatIsRefused(verdict, slot, refusedAt);
      if (refused === 'task') return { ...known, refused };
      const { item } = yield refused === 'key' ? openMoves(now, sentAt, verdict.reason) : doubtMoves(sentAt);
      return { item, readAt: now, refused };
    }
    case 'unknown':
      return known;
  }
}

/**
 * A refusal that may be about the task is taken for the key only if nobody has been accepted since the last such refusal. Else the key is put in doubt,
 * and the reveal asks again. If others have been accepted meanwhile and it is refused once more, it is the task.
 */
function whatIsRefused(
  { perhapsTheTask }: Extract<Verdict, { kind: 'refused' }>,
  { item, probe }: Slot,
  refusedAt: number | undefined,
): 'key' | 'unclear' | 'task' {
  if (!perhapsTheTask) return 'key';
  const acceptedAt = num(item, 'accepted');
  if (refusedAt !== undefined && acceptedAt > refusedAt) return 'task';
  return !probe && acceptedAt > num(item, 'doubted') ? 'unclear' : 'key';
}
