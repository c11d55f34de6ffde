import * as z from 'zod/mini';
import { type Outcome, outcomes, type Reason } from '../../contract.ts';
import type { PollAnswer } from '../../fiber/vendor-answer.ts';
import type { GiveUp } from '../../polling/polling-state.ts';
import type { RevealRecord } from '../record.ts';

export type NotCompleted = Exclude<Outcome, 'completed'>;

/** How a reveal ends that has not completed. */
export interface Ending {
  outcome: NotCompleted;
  reason: Reason;
}

export const cancelled: Ending = { outcome: 'cancelled', reason: 'cancelled-by-caller' };
const relayFault: Ending = { outcome: 'errored', reason: 'relay-fault' };

/**
 * A task that has just been started may not be found for its first seconds: the answer comes from another place than the one that took
 * the start. Two minutes are a multiple of what others report of such services, and cost a wrong id five polls.
 */
const mayNotBeFoundYetMs = 120_000;

/**
 * The ending of an answer that no other poll will change: the vendor does not know the task, or does not take the request.
 *
 * @param ageMs how long ago the reveal was taken on
 */
export function endsAtOnce(answer: PollAnswer, ageMs: number): Ending | undefined {
  if (answer.kind !== 'refused') return undefined;
  const isUnknown = answer.reason === 'task-not-found' && ageMs >= mayNotBeFoundYetMs;
  const isAboutTheTask = isUnknown || answer.reason === 'request-refused';
  return isAboutTheTask ? { outcome: 'errored', reason: answer.reason } : undefined;
}

const unreadable: unknown[] = ['not-json', 'not-an-answer', 'too-large', 'bad-response'] satisfies Extract<
  PollAnswer,
  { kind: 'unusable' }
>['problem'][];

/** How a reveal ends that the schedule has given up on. */
export function endingOf({ why, pausedBecause }: GiveUp, lastError: RevealRecord['lastError']): Ending {
  switch (why) {
    case 'timed-out':
      return { outcome: 'timed-out', reason: 'deadline-passed' };
    case 'paused':
      return { outcome: 'errored', reason: (pausedBecause as Reason | undefined) ?? 'key-refused' };
    case 'refused':
      return { outcome: 'errored', reason: 'task-refused' };
    case 'unreachable':
      return {
        outcome: 'errored',
        reason: unreadable.includes(lastError?.problem) ? 'answers-unusable' : 'vendor-unavailable',
      };
    default:
      return why satisfies never;
  }
}

const endingState = z.looseObject({
  outcome: z.enum(outcomes).check(z.refine((outcome) => outcome !== 'completed')),
  reason: z.optional(z.string()),
});

/**
 * The ending that the workflow's state asks for. A state that asks for none is a caught error, or comes from somewhere
 * that has no state: the relay could not go on.
 */
export function endingOfState(state: unknown): Ending {
  const asked = endingState.safeParse(state).data;
  if (!asked) return relayFault;
  return { outcome: asked.outcome as NotCompleted, reason: (asked.reason ?? 'relay-fault') as Reason };
}

/** As much as we need of EventBridge's `Step Functions Execution Status Change`. */
export interface ExecutionEnded {
  detail: {
    executionArn: string;
    status: EndedStatus;
    /** The execution's input as JSON; null where it is too large for an event, which no reveal's input is. */
    input?: string | null;
  };
}

/** The ways in which an execution ends without having settled its reveal, in Step Functions' own words. */
type EndedStatus = 'FAILED' | 'TIMED_OUT' | 'ABORTED';

/**
 * What such an end means for a reveal that is still running. An execution that timed out is not a reveal that timed out: nobody
 * has just looked.
 */
export function endingOfExecution(status: EndedStatus): Ending {
  switch (status) {
    case 'ABORTED':
      return cancelled;
    case 'FAILED':
    case 'TIMED_OUT':
      return relayFault;
    default:
      return status satisfies never;
  }
}
