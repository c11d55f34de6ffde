import { openIndex, type Reason } from '../contract.ts';
import type { PollAnswer } from '../fiber/vendor-answer.ts';
import { ageOf, endsAtOnce, verdictOn } from './poll-ending.ts';
import { type FinishedAnswer, finishedWith, isExpired, type RecordChanges, type RevealRecord } from './record.ts';

/** What the sweeper does about a record that is still open. */
export type Remedy =
  /** It has ended, and nobody has noted that its event went out. */
  | 'announce'
  /** It says running, and nobody has been there at the time it announced: see what its execution does. */
  | 'inspect'
  /** It was given up on, and the vendor may have finished since: the credits are spent either way. */
  | 'look-again'
  /** Somebody is on it, or its time has not come. */
  | 'leave';

const minute = 60_000;
/** Settling and announcing are seconds apart. A settle state that is still at it then announces as well: the same event. */
const announceAfterMs = 5 * minute;
/** All attempts of one state together may last nine minutes. */
const overdueAfterMs = 10 * minute;

/** Waits before each further look, from the one before it. Four looks within about a day and a half, then it stays as it is. */
const lookAgainAfterMs = [15 * minute, 60 * minute, 6 * 60 * minute, 24 * 60 * minute];

/** Reasons after which the vendor may still come to a result that was paid for. */
const mayStillFinish: ReadonlySet<Reason> = new Set<Reason>([
  'deadline-passed',
  'answers-unusable',
  'vendor-unavailable',
  'relay-fault',
  'key-unavailable',
  'key-refused',
  'out-of-credits',
  'task-not-found',
  'task-refused',
]);

/** How a record stands that somebody may have to do something about. */
export type Standing = 'waitingForKey' | 'waitingForCredits' | 'overdue';

/** Past its deadline a reveal ends with its next poll. One that has none for so long stands in a backlog. */
const backlogAfterMs = 10 * minute;

export function standingOf(
  { status, pausedBecause, createdAt }: RevealRecord,
  { nowMs, maxWaitMs }: { nowMs: number; maxWaitMs: number },
): Standing | undefined {
  if (status !== 'running') return undefined;
  if (pausedBecause === 'key-unavailable' || pausedBecause === 'key-refused') return 'waitingForKey';
  if (pausedBecause === 'out-of-credits') return 'waitingForCredits';
  return nowMs > Date.parse(createdAt) + maxWaitMs + backlogAfterMs ? 'overdue' : undefined;
}

/** Those first that nobody has inspected, or not for the longest time: a limit on inspections must not leave out the same ones each time. */
export function longestUninspectedFirst(records: readonly RevealRecord[]): RevealRecord[] {
  return [...records].sort((a, b) => (a.inspectedAt ?? '').localeCompare(b.inspectedAt ?? ''));
}

export function remedyFor(record: RevealRecord, nowMs: number): Remedy {
  const isPast = (iso: string, byMs = 0) => nowMs >= Date.parse(iso) + byMs;
  if (record.status === 'running') {
    return isPast(record.nextPollAt ?? record.createdAt, overdueAfterMs) ? 'inspect' : 'leave';
  }
  if (!record.publishedAt) return isPast(record.settledAt ?? record.createdAt, announceAfterMs) ? 'announce' : 'leave';
  if (!record.lookAgainAt || record.erasedAt || isExpired(record, nowMs)) return 'leave';
  return isPast(record.lookAgainAt) ? 'look-again' : 'leave';
}

/** When a reveal that ended for this reason is looked at again, for the first time. */
export function firstLookAgain(reason: Reason, nowMs: number): Pick<RecordChanges, 'lookAgainAt'> {
  return mayStillFinish.has(reason) ? lookAfter(0, nowMs) : {};
}

/** Whether an answer to a look is about the key, the pace or the vendor as a whole, and says nothing about the task. */
export function concernsEverybody(answer: PollAnswer): boolean {
  // As old as one is that has been given up on.
  const { kind } = verdictOn(answer, Number.POSITIVE_INFINITY);
  return kind === 'rejected' || kind === 'refused' || kind === 'unavailable';
}

/** After a look that found no result: when the next one is, or that there is none, and the record is closed. */
export function afterLook(record: RevealRecord, answer: PollAnswer, nowMs: number): RecordChanges {
  const looks = (record.looks ?? 0) + 1;
  const isOver = answer.kind === 'done' || endsAtOnce(answer, ageOf(record, nowMs)) !== undefined;
  const next = isOver ? {} : lookAfter(looks, nowMs);
  const looked = { looks, polls: record.polls + 1 };
  return next.lookAgainAt ? { ...looked, ...next } : { ...looked, lookAgainAt: null, open: null };
}

/** What a finished answer makes of a reveal that had been given up on: the same generation, with another ending to announce. */
export function lateWith(answer: FinishedAnswer, at: { nowMs: number; retentionDays: number }) {
  return {
    ...finishedWith(answer, at),
    late: true,
    lookAgainAt: null,
    open: openIndex.partitionValue,
    publishedAt: null,
    eventId: null,
  } satisfies RecordChanges;
}

/** Whether the reveal was given up on, and a finished answer would still be welcome. */
export function isGivenUp({ status, reason }: RevealRecord): boolean {
  return (status === 'errored' || status === 'timed-out') && reason !== undefined && mayStillFinish.has(reason);
}

function lookAfter(looks: number, nowMs: number): { lookAgainAt?: string } {
  const wait = lookAgainAfterMs[looks];
  return wait === undefined ? {} : { lookAgainAt: new Date(nowMs + wait).toISOString() };
}
