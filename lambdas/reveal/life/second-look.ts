import type { Reason } from '../../contract.ts';
import type { PollAnswer, RawAnswer } from '../../fiber/vendor-answer.ts';
import { decided, expiryOf, type RecordChanges, type RevealRecord, type SettledAt } from '../record.ts';
import { isPerhapsTheTask, verdictOn } from '../verdict.ts';
import { type FinishedAnswer, finishedWith } from './answer.ts';
import { endsAtOnce } from './ending.ts';

const minute = 60_000;
/** Waits before each second look, from the look before it. Four within about a day and a half, then the record stays as it is. */
const lookAfterMs = [15 * minute, 60 * minute, 6 * 60 * minute, 24 * 60 * minute];

/** Whether the vendor may still come to a result, which was paid for, after a reveal has ended for this reason. */
const mayStillFinish: Record<Reason, boolean> = {
  'deadline-passed': true,
  'answers-unusable': true,
  'vendor-unavailable': true,
  'relay-fault': true,
  'key-unavailable': true,
  'key-refused': true,
  'out-of-credits': true,
  'task-not-found': true,
  'task-refused': true,
  'vendor-failed': false,
  'request-refused': false,
  'cancelled-by-caller': false,
  'start-refused': false,
  // Without a task there is nothing to look at. Should its name still come, the reason becomes another.
  'start-unknown': false,
  'credit-cap-reached': false,
  'not-started': false,
};

/** Whether the reveal was given up on, and a finished answer would still be welcome. */
export function isGivenUp({ status, reason }: RevealRecord): boolean {
  return (status === 'errored' || status === 'timed-out') && reason !== undefined && mayStillFinish[reason] === true;
}

/** When a reveal that ends for this reason gets its first second look, if it gets one: where there is a task. */
export function firstSecondLook(
  { taskId }: RevealRecord,
  reason: Reason,
  nowMs: number,
): Pick<RecordChanges, 'lookAgainAt'> {
  return taskId !== undefined && mayStillFinish[reason] ? { lookAgainAt: nextLook(0, nowMs) } : {};
}

/** What the answer to a second look comes to. */
export type SecondLook =
  /** The vendor has come to something since, be it a failure: the late ending of the same generation. */
  | { kind: 'late'; changes: RecordChanges & { expiresAt: number }; answer: RawAnswer }
  /** Something came that could not be read. The first such answer is kept. */
  | { kind: 'unread'; changes: RecordChanges & { expiresAt: number }; answer: RawAnswer }
  | { kind: 'nothing-new'; changes: RecordChanges }
  /** Refused for the key or for this task, nobody knows which. Counted as a look: or it would stand before all others in each sweep. */
  | { kind: 'perhaps-the-key'; changes: RecordChanges }
  /** It was about the key, the pace or the vendor as a whole: the look comes back by its own time. */
  | { kind: 'not-now' };

export function secondLookWith(record: RevealRecord, answer: PollAnswer, at: SettledAt): SecondLook {
  switch (answer.kind) {
    case 'done':
      return {
        kind: 'late',
        changes: { ...lateWith(record, answer, at), polls: record.polls + 1 },
        answer: answer.answer,
      };
    case 'running':
      return { kind: 'nothing-new', changes: looked(record, at.nowMs) };
    case 'rate-limited':
      return { kind: 'not-now' };
    case 'refused':
      // As old as one is that has been given up on.
      if (endsAtOnce(answer, Number.POSITIVE_INFINITY)) return { kind: 'nothing-new', changes: lookedLast(record) };
      if (isPerhapsTheTask(answer)) return { kind: 'perhaps-the-key', changes: looked(record, at.nowMs) };
      return { kind: 'not-now' };
    case 'unusable': {
      if (verdictOn(answer, Number.POSITIVE_INFINITY).kind === 'unavailable') return { kind: 'not-now' };
      const changes = looked(record, at.nowMs);
      // The first that could not be read may be the result, and this one a page that says that the vendor is closed.
      if (!answer.answer || record.answer) return { kind: 'nothing-new', changes };
      const { expiresAt = expiryOf(at.nowMs, at.retentionDays) } = record;
      return { kind: 'unread', changes: { ...changes, expiresAt }, answer: answer.answer };
    }
    default:
      return answer satisfies never;
  }
}

/** What a finished answer makes of a reveal that had been given up on: the same generation, with another ending to announce. */
export function lateWith(record: RevealRecord, answer: FinishedAnswer, at: SettledAt) {
  const finished = finishedWith(record, answer, at);
  return decided(record, { ...finished, late: true, lookAgainAt: null, publishedAt: null, eventId: null });
}

function looked(record: RevealRecord, nowMs: number): RecordChanges {
  const looks = (record.looks ?? 0) + 1;
  return decided(record, { looks, polls: record.polls + 1, lookAgainAt: nextLook(looks, nowMs) });
}

function lookedLast(record: RevealRecord): RecordChanges {
  return decided(record, { looks: (record.looks ?? 0) + 1, polls: record.polls + 1, lookAgainAt: null });
}

function nextLook(looks: number, nowMs: number): string | null {
  const wait = lookAfterMs[looks];
  return wait === undefined ? null : new Date(nowMs + wait).toISOString();
}
