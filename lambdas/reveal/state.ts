import * as z from 'zod/mini';
import type { RevealState } from '../contract.ts';
import { priorities } from '../contract.ts';
import { newPollingState, type PollingState, type Wake } from '../polling/polling-state.ts';
import { statedCredits } from './credits.ts';
import type { Ending } from './life/ending.ts';
import type { StartedTask } from './life/paid-start.ts';
import type { RevealRecord } from './record.ts';

/** The polling state under the names that it has had on the wire since version 0.1.0. */
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
type Turn = z.infer<typeof turn>;

function pollingOf({ lane, pendingAt, unknowns, ...same }: Turn): PollingState {
  return { ...same, priority: lane, lastNegativeAt: pendingAt, failures: unknowns };
}

function turnOf({ priority, lastNegativeAt, failures, ...same }: PollingState): Turn {
  return { ...same, lane: priority, pendingAt: lastNegativeAt, unknowns: failures };
}

const startedTask = z.object({
  taskId: z.string().check(z.minLength(1)),
  nonce: z.string(),
  startedAt: z.string(),
  creditsCharged: z.optional(z.number()),
});

/** As much of a state as a handler relies on. Loose: an execution may outlive the version that started it. */
const runningState = z.looseObject({
  revealId: z.string().check(z.minLength(1)),
  generation: z.number(),
  turn: z.catch(z.optional(turn), undefined),
  startedTask: z.optional(startedTask),
});

/** The workflow's state as it came in, or undefined if it is something else, such as a caught error. */
export function readState(
  value: unknown,
): { revealId: string; generation: number; polling?: PollingState; startedTask?: StartedTask } | undefined {
  const state = runningState.safeParse(value).data;
  if (!state) return undefined;
  const { revealId, generation } = state;
  return {
    revealId,
    generation,
    ...(state.turn && { polling: pollingOf(state.turn) }),
    ...(state.startedTask && { startedTask: taskOf(state.startedTask) }),
  };
}

function taskOf({ creditsCharged, ...task }: z.infer<typeof startedTask>): StartedTask {
  return { ...task, ...(creditsCharged !== undefined && { charge: { creditsCharged } }) };
}

/** Where a reveal stands with the poll budget that has not been polled: its time counts from its task's start, if the relay has started it. */
export function firstPollingState({ priority, createdAt, startedAt }: RevealRecord, maxWaitMs: number): PollingState {
  const claimedMs = Date.parse(createdAt);
  const startedMs = startedAt === undefined ? claimedMs : Date.parse(startedAt);
  return newPollingState(priority, startedMs, Math.max(claimedMs, startedMs), maxWaitMs);
}

/** The state of a reveal that goes on: `WaitForSlot` lets go at `nextPollAt`, which is ISO text on the wire. */
export function pendingState({ revealId, generation }: RevealRecord, { nextPollAt, state }: Wake): RevealState {
  const turn = turnOf(state);
  return { revealId, generation, outcome: 'pending', nextPollAt: new Date(nextPollAt).toISOString(), turn };
}

/** The state of a reveal that has no task yet: `WaitToStart` lets go at `nextStartAt`, in Unix milliseconds here. */
export function toStartState(
  { revealId, generation }: Pick<RevealRecord, 'revealId' | 'generation'>,
  { nextStartAt, state, startedTask: task }: { nextStartAt: number; state?: PollingState; startedTask?: StartedTask },
): RevealState {
  // The vendor's words about the charge stay out of it.
  const { creditsCharged } = statedCredits(task?.charge);
  return {
    revealId,
    generation,
    outcome: 'to-start',
    nextStartAt: new Date(nextStartAt).toISOString(),
    ...(state && { turn: turnOf(state) }),
    ...(task && {
      startedTask: {
        taskId: task.taskId,
        nonce: task.nonce,
        startedAt: task.startedAt,
        ...(creditsCharged !== undefined && { creditsCharged }),
      },
    }),
  };
}

/** Handlers of one version come back this often to a record of a later one, until handlers of that one are there. */
const leftAloneMs = 60_000;

/** The state as it came, for a later time. It may hold more than is known here. */
export function sameStateLater(state: unknown, nowMs: number): RevealState {
  const same = state as RevealState;
  const later = new Date(nowMs + leftAloneMs).toISOString();
  return { ...same, ...(same.outcome === 'to-start' ? { nextStartAt: later } : { nextPollAt: later }) };
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
