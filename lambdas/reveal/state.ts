import * as z from 'zod/mini';
import type { RevealState } from '../contract.ts';
import type { Turn, Wake } from '../polling/turn.ts';
import type { Ending } from './life/ending.ts';
import type { RevealRecord } from './record.ts';
import { priorities } from './request.ts';

const turn = z.object({
  lane: z.enum(priorities),
  startedAt: z.number(),
  deadlineAt: z.number(),
  pendingAt: z.number(),
  place: z.optional(z.number()),
  slowest: z.optional(z.number()),
  refusedAt: z.optional(z.number()),
  unknowns: z.number(),
});

/** As much of a state as a handler relies on. Loose: an execution may outlive the version that started it. */
const runningState = z.looseObject({
  revealId: z.string().check(z.minLength(1)),
  generation: z.number(),
  turn: z.catch(z.optional(turn), undefined),
});

/** The workflow's state as it came in, or undefined if it is something else, such as a caught error. */
export function readState(value: unknown): { revealId: string; generation: number; turn?: Turn } | undefined {
  const state = runningState.safeParse(value).data;
  return (
    state && { revealId: state.revealId, generation: state.generation, ...(state.turn && { turn: state.turn as Turn }) }
  );
}

/** The state of a reveal that goes on: `WaitForSlot` lets go at `wakeAt`. */
export function pendingState({ revealId, generation }: RevealRecord, { wakeAt, turn }: Wake): RevealState {
  return { revealId, generation, outcome: 'pending', nextPollAt: new Date(wakeAt).toISOString(), turn };
}

/** The state of a reveal that is given up on: the settle state is the one place that writes how a reveal ended. */
export function endingState({ revealId, generation }: RevealRecord, ending: Ending): RevealState {
  return { revealId, generation, ...ending };
}

/** The state of a reveal that has ended, or that belongs to another execution by now. */
export function endedState(record: RevealRecord, isOurs: boolean): RevealState {
  const { revealId, generation, status, reason, found } = record;
  if (!isOurs || status === 'running') {
    return { revealId, generation, outcome: 'duplicate', status, ...(found && { found }) };
  }
  return { revealId, generation, outcome: status, ...(reason && { reason }) };
}
