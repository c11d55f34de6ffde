import type { Reason } from '../contract.ts';
import type { RevealRecord } from './record.ts';
import type { PollAnswer } from './vendor-answer.ts';

/** What an answer means for the reveal: it goes on, or it ends because of this. */
export type Verdict = { kind: 'go-on' } | { kind: 'end'; outcome: 'timed-out' | 'errored'; reason: Reason };

/**
 * A reveal is given up on only when the vendor has just said that it is not finished, and its time is over: whatever
 * held the relay up (a backlog, a redrive, an outage) has then been answered by a fresh look. Answers that say nothing
 * about the task (a rejected poll, a server error) end it only after twice that time.
 */
export function verdictOn(
  answer: Exclude<PollAnswer, { kind: 'done' }>,
  record: Pick<RevealRecord, 'createdAt'>,
  { maxWaitMs, nowMs }: { maxWaitMs: number; nowMs: number },
): Verdict {
  const ageMs = nowMs - Date.parse(record.createdAt);
  switch (answer.kind) {
    case 'refused':
      return { kind: 'end', outcome: 'errored', reason: answer.reason };
    case 'running':
      return ageMs >= maxWaitMs ? { kind: 'end', outcome: 'timed-out', reason: 'deadline-passed' } : { kind: 'go-on' };
    case 'rate-limited':
      return ageMs >= 2 * maxWaitMs
        ? { kind: 'end', outcome: 'errored', reason: 'vendor-unavailable' }
        : { kind: 'go-on' };
    case 'unusable':
      return ageMs >= 2 * maxWaitMs ? { kind: 'end', outcome: 'errored', reason: reasonOf(answer) } : { kind: 'go-on' };
  }
}

function reasonOf({ problem }: Extract<PollAnswer, { kind: 'unusable' }>): Reason {
  const unreadable = problem === 'not-json' || problem === 'not-an-answer' || problem === 'too-large';
  return unreadable ? 'answers-unusable' : 'vendor-unavailable';
}
