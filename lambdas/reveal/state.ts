import * as z from 'zod/mini';
import type { RevealState } from '../contract.ts';
import type { RevealRecord } from './record.ts';

/** As much of a state as a handler relies on. Loose: an execution may outlive the version that started it. */
const runningState = z.looseObject({ revealId: z.string().check(z.minLength(1)), generation: z.number() });

/** The workflow's state as it came in, or undefined if it is something else, such as a caught error. */
export function readState(value: unknown): Pick<RevealState, 'revealId' | 'generation'> | undefined {
  return runningState.safeParse(value).data;
}

/** What the record says is next, for the execution that asks. */
export function stateOf(record: RevealRecord, ownGeneration: boolean): RevealState {
  const { revealId, generation, status, reason, nextPollAt } = record;
  if (!ownGeneration) return { revealId, generation, outcome: 'duplicate' };
  if (status === 'running') return { revealId, generation, outcome: 'pending', ...(nextPollAt && { nextPollAt }) };
  return { revealId, generation, outcome: status, ...(reason && { reason }) };
}
