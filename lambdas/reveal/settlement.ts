import * as z from 'zod/mini';
import { type NextChoice, type Outcome, outcomes, type Reason, type SettledState } from '../contract.ts';
import { causeOfCaught } from './caught-error.ts';
import { expiryOf, type RecordChanges, type RevealRecord } from './record.ts';
import { firstLookAgain } from './sweep.ts';

type NotCompleted = Exclude<Outcome, 'completed'>;

/** How a reveal ends if its record does not say so yet. */
export interface Ending {
  outcome: NotCompleted;
  reason: Reason;
}

const endingState = z.looseObject({
  outcome: z.enum(outcomes).check(z.refine((outcome) => outcome !== 'completed')),
  reason: z.optional(z.string()),
});

/**
 * The ending that the workflow's state asks for. A state that asks for none is a caught error, or comes from somewhere
 * that has no state: the relay could not go on.
 */
export function endingIn(state: unknown): Ending {
  const asked = endingState.safeParse(state).data;
  if (!asked) return { outcome: 'errored', reason: 'relay-fault' };
  return { outcome: asked.outcome as NotCompleted, reason: (asked.reason ?? 'relay-fault') as Reason };
}

/** The attributes that end a record. */
export function settledWith(
  ending: Ending,
  { nowMs, retentionDays }: { nowMs: number; retentionDays: number },
): RecordChanges {
  return {
    status: ending.outcome,
    reason: ending.reason,
    pausedBecause: null,
    nextPollAt: null,
    settledAt: new Date(nowMs).toISOString(),
    ...firstLookAgain(ending.reason, nowMs),
    expiresAt: expiryOf(nowMs, retentionDays),
  };
}

/** The names that executions fail with, for callers who catch them. */
const errorNames: Record<NotCompleted, string> = {
  failed: 'RevealFailed',
  'timed-out': 'RevealTimedOut',
  cancelled: 'RevealCancelled',
  errored: 'RevealErrored',
};

const causes: Record<Reason, string> = {
  'vendor-failed': 'The vendor says that the reveal failed. Its own words are in the record.',
  'task-not-found':
    'The vendor does not know the task: check the id, and that the key belongs to the account that started it.',
  'task-refused':
    'The vendor refuses this task to a key that it accepts for others: check that the key belongs to the account that started it.',
  'key-unavailable':
    "The secret holds no API key, or may not be read: fill it as the stack's output FillApiKeyWith shows, then start the reveal again.",
  'key-refused': 'The vendor refuses the API key: put the right one into the secret, then start the reveal again.',
  'out-of-credits': 'The vendor account is out of credits: top it up, then start the reveal again.',
  'request-refused': 'The vendor refuses the request as malformed: check the task id.',
  'deadline-passed':
    'The vendor had not finished when the time for this reveal was over. Start it again to look once more.',
  'answers-unusable': 'The vendor answered, but nothing that can be read. Start the reveal again once that has passed.',
  'vendor-unavailable': 'The vendor could not be reached. Start the reveal again once that has passed.',
  'relay-fault':
    'A service that the relay needs failed for too long: the log of the handler says which. Start the reveal again.',
  'cancelled-by-caller': 'Somebody cancelled the reveal.',
  'start-refused':
    "The vendor refuses to start a task for this profile, and has charged nothing. Its own words are in the record: check the profile's address.",
  'start-unknown':
    'The task may have been started, and charged for: the answer was lost. See the vendor\'s list of tasks, then resume with --task-id, or with --start-again, which may pay twice.',
  'credit-cap-reached':
    'The start would have cost more than maxCreditsPerDay, or the maxCredits of its batch, allow. Nothing was charged: raise the cap or wait for the next day, then resume.',
  'not-started': 'The reveal ended before its task was started. Nothing was charged.',
};

/**
 * What the execution ends with: the outcome, and for anything but a result a named error and what to do about it.
 *
 * @param state what the settle state was given, which knows more of a fault than the record
 */
export function settledStateOf(record: RevealRecord, state?: unknown): SettledState {
  const { revealId, status, reason, polls, found } = record;
  const end = { revealId, outcome: status as NextChoice, polls, ...(found && { found }), ...(reason && { reason }) };
  if (status === 'running' || status === 'completed') return end;
  const ofAws = (reason ?? 'relay-fault') === 'relay-fault' ? causeOfCaught(state) : undefined;
  return { ...end, error: errorNames[status], cause: ofAws ?? causes[reason ?? 'relay-fault'] };
}

/** The end of an execution that never was a reveal. */
export function rejectedStateOf(problem: string): SettledState {
  return { outcome: 'rejected', error: 'InvalidInput', cause: problem };
}

/** The end of an execution whose reveal belongs to another one by now: how it ends is for that one to say. */
export function supersededState(revealId: string): SettledState {
  return {
    revealId,
    outcome: 'duplicate',
    error: 'RevealSuperseded',
    cause: 'A later execution has taken this reveal over: follow that one.',
  };
}
