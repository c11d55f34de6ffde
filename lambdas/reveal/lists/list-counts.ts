/** What a list comes to: its reveals by where they stand, and what they have cost. Sums of counts, so that they can be taken some members at a time. */
import type { RevealStatus } from '../../contract.ts';
import { creditsOf } from '../credits.ts';
import { hasUnansweredStart } from '../life/paid-start.ts';
import { foundNothing, isExpired, type RevealRecord } from '../record.ts';

/** `gone`: the record has expired. */
export type CountedStatus = RevealStatus | 'gone';

export interface ListCounts {
  statuses: Partial<Record<CountedStatus, number>>;
  /** Of the running ones: those whose task has not been started yet. */
  waitingToStart: number;
  /** Of the completed ones: those that found nothing. */
  nothingFound: number;
  /** Those whose contact data has been erased, wherever they stand. */
  erased: number;
  /** Those of whose start nobody knows whether it was paid for. */
  startUnknown: number;
  /** What they have cost, and what came back, where the vendor has said so: whoever has asked for them first. */
  creditsCharged: number;
  creditsRefunded: number;
  /** Unix milliseconds: when the last of the tasks that run was begun, as far as is known. 0 without one. */
  lastBegunMs: number;
}

export const noCounts: ListCounts = {
  statuses: {},
  waitingToStart: 0,
  nothingFound: 0,
  erased: 0,
  startUnknown: 0,
  creditsCharged: 0,
  creditsRefunded: 0,
  lastBegunMs: 0,
};

/** What of a record counts. */
export const countedAttributes = [
  'revealId',
  'status',
  'reason',
  'taskId',
  'startIntent',
  'createdAt',
  'startedAt',
  'erasedAt',
  'expiresAt',
  'found',
  'unreadable',
  'charge',
  'creditsCharged',
  'creditsRefunded',
  'startCharge',
  'startCreditsCharged',
] as const satisfies readonly (keyof RevealRecord)[];
export type CountedRecord = Pick<RevealRecord, (typeof countedAttributes)[number]>;

/** The counts with one more member. @param record undefined if there is none any more */
export function countedWith(counts: ListCounts, record: CountedRecord | undefined, nowMs: number): ListCounts {
  if (!record || isExpired(record, nowMs)) return { ...counts, statuses: oneMore(counts.statuses, 'gone') };
  const { status, taskId, erasedAt, startedAt, createdAt } = record;
  const { creditsCharged = 0, creditsRefunded = 0 } = creditsOf(record);
  const isPolled = status === 'running' && taskId !== undefined;
  const isUnknown = status !== 'running' && hasUnansweredStart(record);
  return {
    statuses: oneMore(counts.statuses, status),
    waitingToStart: counts.waitingToStart + Number(status === 'running' && !isPolled),
    nothingFound: counts.nothingFound + Number(foundNothing(record)),
    erased: counts.erased + Number(erasedAt !== undefined),
    startUnknown: counts.startUnknown + Number(isUnknown),
    creditsCharged: counts.creditsCharged + creditsCharged,
    creditsRefunded: counts.creditsRefunded + creditsRefunded,
    lastBegunMs: isPolled ? Math.max(counts.lastBegunMs, Date.parse(startedAt ?? createdAt)) : counts.lastBegunMs,
  };
}

function oneMore(statuses: ListCounts['statuses'], status: CountedStatus): ListCounts['statuses'] {
  return { ...statuses, [status]: (statuses[status] ?? 0) + 1 };
}
