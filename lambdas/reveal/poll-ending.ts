import type { Reason } from '../contract.ts';
import type { PollAnswer } from '../fiber/vendor-answer.ts';
import type { GiveUp, Verdict } from './poll-turn.ts';
import type { RevealRecord } from './record.ts';
import type { Ending } from './settlement.ts';

/** An answer that no other poll will change: the vendor does not know the task, or does not take the request. */
export function endsAtOnce(answer: PollAnswer): Ending | undefined {
  if (answer.kind !== 'refused') return undefined;
  const isAboutTheTask = answer.reason === 'task-not-found' || answer.reason === 'request-refused';
  return isAboutTheTask ? { outcome: 'errored', reason: answer.reason } : undefined;
}

/** The answer as the schedule sees it. */
export function verdictOn(answer: PollAnswer): Verdict {
  switch (answer.kind) {
    case 'done':
      return { kind: 'done' };
    case 'running':
      return { kind: 'pending' };
    case 'rate-limited':
      return { kind: 'rejected', ...(answer.retryAfterMs !== undefined && { retryAfterMs: answer.retryAfterMs }) };
    case 'refused':
      // What is wrong with one task says nothing against the key: it must not pause everybody.
      return endsAtOnce(answer) ? { kind: 'done' } : { kind: 'refused', reason: answer.reason };
    case 'unusable':
      return { kind: 'unknown' };
  }
}

const unreadable: unknown[] = ['not-json', 'not-an-answer', 'too-large'] satisfies Extract<
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
    case 'unreachable':
      return {
        outcome: 'errored',
        reason: unreadable.includes(lastError?.problem) ? 'answers-unusable' : 'vendor-unavailable',
      };
  }
}
