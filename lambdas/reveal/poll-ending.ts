import type { Reason } from '../contract.ts';
import type { PollAnswer } from '../fiber/vendor-answer.ts';
import type { GiveUp, Verdict } from '../polling/turn.ts';
import type { RevealRecord } from './record.ts';
import type { Ending } from './settlement.ts';

/**
 * A task that has just been started may not be found for its first seconds: the answer comes from another place than the one that took
 * the start. Two minutes are a multiple of what others report of such services, and cost a wrong id five polls.
 */
const mayNotBeFoundYetMs = 120_000;

/**
 * An answer that no other poll will change: the vendor does not know the task, or does not take the request.
 *
 * @param ageMs how long ago the reveal was taken on
 */
export function endsAtOnce(answer: PollAnswer, ageMs: number): Ending | undefined {
  if (answer.kind !== 'refused') return undefined;
  const isUnknown = answer.reason === 'task-not-found' && ageMs >= mayNotBeFoundYetMs;
  const isAboutTheTask = isUnknown || answer.reason === 'request-refused';
  return isAboutTheTask ? { outcome: 'errored', reason: answer.reason } : undefined;
}

/** How long ago a reveal was taken on. */
export function ageOf({ createdAt }: Pick<RevealRecord, 'createdAt'>, nowMs: number): number {
  return nowMs - Date.parse(createdAt);
}

/** The answer as the schedule sees it. */
export function verdictOn(answer: PollAnswer, ageMs: number): Verdict {
  switch (answer.kind) {
    case 'done':
      return { kind: 'done' };
    case 'running':
      return { kind: 'pending' };
    case 'rate-limited':
      return { kind: 'rejected', ...(answer.retryAfterMs !== undefined && { retryAfterMs: answer.retryAfterMs }) };
    case 'refused':
      // What is wrong with one task says nothing against the key: it must not pause everybody.
      if (endsAtOnce(answer, ageMs)) return { kind: 'no-task' };
      if (answer.reason === 'task-not-found') return { kind: 'unknown' };
      return { kind: 'refused', reason: answer.reason, ...(isPerhapsTheTask(answer) && { perhapsTheTask: true }) };
    case 'unusable': {
      const { problem, retryAfterMs } = answer;
      if (retryAfterMs === undefined) return { kind: 'unknown' };
      // A page of the network in front of the vendor asks nobody else to wait.
      return { kind: problem === 'edge' ? 'unknown' : 'unavailable', retryAfterMs };
    }
  }
}

/** 403 says "forbidden", and not what: the key, or the task of another account. */
export function isPerhapsTheTask(answer: PollAnswer): boolean {
  return answer.kind === 'refused' && answer.httpStatus === 403;
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
  }
}
