import { createHash } from 'node:crypto';
import { eventTypes, type Outcome } from '../../contract.ts';
import { readCreditAlert } from '../../fiber/reading/charge.ts';
import { creditsOf, creditsPaid } from '../credits.ts';
import { foundNothing, type RevealRecord } from '../record.ts';
import type { LowCreditsEvent, RevealEvent } from './details.ts';

export interface Announcement {
  type: typeof eventTypes.completed | typeof eventTypes.failed;
  detail: RevealEvent;
}

export interface CreditWarning {
  type: typeof eventTypes.lowCredits;
  detail: LowCreditsEvent;
}

/** The event that tells how a reveal ended, or nothing while it has not. */
export function announcementOf(record: RevealRecord, table: string): Announcement | undefined {
  const { revealId, taskId, generation, status: outcome, settledAt } = record;
  if (outcome === 'running' || settledAt === undefined) return undefined;
  const { startCreditsCharged } = record;
  const stated = creditsOf(record);
  const credits = creditsPaid(stated);
  return {
    type: outcome === 'completed' ? eventTypes.completed : eventTypes.failed,
    detail: {
      schemaVersion: 1,
      eventId: eventIdOf(record, outcome),
      revealId,
      ...(taskId !== undefined && { taskId }),
      generation,
      ...(record.reference && { reference: record.reference }),
      outcome,
      ...(record.reason && { reason: record.reason }),
      ...(record.late && { late: true }),
      found: record.found ?? { emails: 0, lowQualityEmails: 0, phoneNumbers: 0 },
      ...(foundNothing(record) && { nothingFound: true }),
      polls: record.polls,
      seconds: (Date.parse(settledAt) - Date.parse(record.createdAt)) / 1_000,
      ...(credits !== undefined && { credits }),
      ...stated,
      ...(startCreditsCharged !== undefined && { startCreditsCharged }),
      settledAt,
      record: { table, revealId },
    },
  };
}

/**
 * The vendor's warning that came with the last charge of a reveal; `none` if that came without one, and nothing where there was no charge, or where an erasure
 * has taken its words.
 */
export function creditWarningOf(record: RevealRecord): CreditWarning | 'none' | undefined {
  const { revealId, charge = record.startCharge, settledAt, erasedAt } = record;
  if (!charge || settledAt === undefined || erasedAt !== undefined) return undefined;
  const { availableCredits, getMoreCreditsUrl } = readCreditAlert(charge.lowCreditAlert) ?? {};
  if (availableCredits === undefined) return 'none';
  const eventId = eventIdOf(record, 'low-credits');
  const link = getMoreCreditsUrl === undefined ? {} : { getMoreCreditsUrl };
  const detail = { schemaVersion: 1, eventId, revealId, availableCredits, ...link, settledAt } as const;
  return { type: eventTypes.lowCredits, detail };
}

/** Generations start again at one when a record has expired: the time of the claim tells them apart. */
function eventIdOf({ revealId, createdAt, generation }: RevealRecord, what: Outcome | 'low-credits'): string {
  return createHash('sha256')
    .update(JSON.stringify([revealId, createdAt, generation, what]))
    .digest('hex')
    .slice(0, 32);
}
