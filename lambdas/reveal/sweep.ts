import { ageOf, isExpired, isOfLaterVersion, type RevealRecord } from './record.ts';

/** What the sweeper does about a record that is unfinished. */
export type SweepAction =
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
/** All attempts of `Admit` or `Poll` together may last nine minutes, and those of `StartTask`, which waits longer for its answer, eighteen. */
const overdueAfterMs = ({ taskId }: RevealRecord) => (taskId === undefined ? 20 : 10) * minute;

/** How a record stands that somebody may have to do something about. */
export type Standing = 'waitingForKey' | 'waitingForCredits' | 'waitingForBrake' | 'overdue';

/** Past its deadline a reveal ends with its next poll. One that has none for so long stands in a backlog. */
const backlogAfterMs = 10 * minute;

/** Why no start leaves, until somebody lets go. */
const brakes: unknown[] = ['starts-paused', 'table-restored', 'starts-unknown'];

export function standingOf(
  record: RevealRecord,
  { nowMs, maxWaitMs }: { nowMs: number; maxWaitMs: number },
): Standing | undefined {
  const { status, pausedBecause, taskId } = record;
  if (status !== 'running') return undefined;
  if (pausedBecause === 'key-unavailable' || pausedBecause === 'key-refused') return 'waitingForKey';
  if (pausedBecause === 'out-of-credits') return 'waitingForCredits';
  if (brakes.includes(pausedBecause)) return 'waitingForBrake';
  // The time after which a reveal is given up counts from its task's start: who stands in line to be started is not late.
  return taskId !== undefined && ageOf(record, nowMs) > maxWaitMs + backlogAfterMs ? 'overdue' : undefined;
}

/** Those first that nobody has inspected, or not for the longest time: a limit on inspections must not leave out the same ones each time. */
export function longestUninspectedFirst(records: readonly RevealRecord[]): RevealRecord[] {
  return [...records].sort((a, b) => (a.inspectedAt ?? '').localeCompare(b.inspectedAt ?? ''));
}

/** @param nowMs Unix milliseconds */
export function sweepActionFor(record: RevealRecord, nowMs: number): SweepAction {
  if (isOfLaterVersion(record)) return 'leave';
  const isPast = (iso: string, byMs = 0) => nowMs >= Date.parse(iso) + byMs;
  if (record.status === 'running') {
    return isPast(record.nextPollAt ?? record.createdAt, overdueAfterMs(record)) ? 'inspect' : 'leave';
  }
  if (!record.publishedAt) return isPast(record.settledAt ?? record.createdAt, announceAfterMs) ? 'announce' : 'leave';
  if (!record.lookAgainAt || record.erasedAt || isExpired(record, nowMs)) return 'leave';
  return isPast(record.lookAgainAt) ? 'look-again' : 'leave';
}
