import type { PollAnswer } from '../fiber/vendor-answer.ts';
import type { Verdict } from '../polling/polling-state.ts';
import { endsAtOnce } from './life/ending.ts';

/**
 * The answer as the schedule sees it.
 *
 * @param ageMs how long ago the reveal was taken on
 */
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
      if (endsAtOnce(answer, ageMs)) return { kind: 'no-such-task' };
      if (answer.reason === 'task-not-found') return { kind: 'unknown' };
      return { kind: 'refused', reason: answer.reason, ...(isPerhapsTheTask(answer) && { perhapsTheTask: true }) };
    case 'unusable': {
      const { problem, retryAfterMs } = answer;
      if (retryAfterMs === undefined) return { kind: 'unknown' };
      // A page of the network in front of the vendor asks nobody else to wait.
      return { kind: problem === 'edge' ? 'unknown' : 'unavailable', retryAfterMs };
    }
    default:
      return answer satisfies never;
  }
}

/** 403 says "forbidden", and not what: the key, or the task of another account. */
export function isPerhapsTheTask(answer: PollAnswer): boolean {
  return answer.kind === 'refused' && answer.httpStatus === 403;
}
