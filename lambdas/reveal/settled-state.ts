import * as z from 'zod/mini';
import type { NextChoice, Reason, SettledState } from '../contract.ts';
import type { NotCompleted } from './life/ending.ts';
import type { RevealRecord } from './record.ts';

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
    "The task may have been started, and charged for: the answer was lost. See the vendor's list of tasks, then resume with --task-id, or with --start-again, which may pay twice.",
  'credit-cap-reached':
    'The start would have cost more than maxCreditsPerDay, or the maxCredits of its batch, allow. Nothing was charged: raise the cap or wait for the next day, then resume.',
  'not-started': 'The reveal ended before its task was started. Nothing was charged: start it again.',
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
  return { ...end, error: errorNames[status], cause: causeOf(reason ?? 'relay-fault', state) };
}

function causeOf(reason: Reason, state: unknown): string {
  const ofAws = causeOfCaught(state);
  switch (reason) {
    case 'relay-fault':
      return ofAws === undefined ? causes[reason] : `${ofAws} Start the reveal again.`;
    case 'not-started':
    case 'start-unknown':
      return ofAws === undefined ? causes[reason] : `${causes[reason]} ${ofAws}`;
    default:
      return causes[reason];
  }
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

const caught = z.looseObject({ Error: z.string() });
/** What AWS itself calls its errors; a handler's own have no dot. */
const awsName = /^(Lambda|States|Runtime|Sandbox|Function)\.\w{1,60}$/;

const noConcurrency = new Set(['Lambda.TooManyRequestsException', 'Lambda.EC2ThrottledException']);
const tooSlow = new Set(['States.Timeout', 'Sandbox.Timedout', 'Lambda.ClientExecutionTimeoutException']);

/**
 * Why a step came to nothing, if it was AWS that did not run it or cut it off: then the handler's log says nothing of it. The name of the
 * error is all that is read; its cause may hold anything.
 *
 * @param state what Step Functions hands over for an error that it caught
 */
function causeOfCaught(state: unknown): string | undefined {
  const name = caught.safeParse(state).data?.Error;
  if (name === undefined || !awsName.test(name)) return undefined;
  return whatHappened(name);
}

function whatHappened(name: string): string {
  if (noConcurrency.has(name)) {
    return `Lambda had no concurrency left for a step, for too long (${name}): raise the account's limit, or start fewer reveals at once.`;
  }
  if (tooSlow.has(name)) return `A step did not answer in time, again and again (${name}).`;
  return `AWS could not run a step, or cut it off (${name}): the log of the function says so too, in Lambda's own lines.`;
}
