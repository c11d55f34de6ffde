import { createHash } from 'node:crypto';
import { eventTypes, type Found, type Outcome, type Reason } from '../../contract.ts';
import { readCreditAlert } from '../../fiber/charge.ts';
import { creditsOf, creditsPaid } from '../credits.ts';
import { foundNothing, type RevealRecord } from '../record.ts';

/** The detail of both completion events: counts and pointers, never contact data. */
export interface RevealEvent {
  schemaVersion: 1;
  /** The name of the relay that it comes from, if it has one: on a bus with several, each event says whose it is. */
  relay?: string;
  /** The same for every copy of one event: events arrive at least once, consumers deduplicate by this. */
  eventId: string;
  revealId: string;
  /** The vendor's name for the task. Absent where the relay has not started one. */
  taskId?: string;
  generation: number;
  /** The caller's own name for the reveal. */
  reference?: string;
  outcome: Outcome;
  reason?: Reason;
  /** The reveal had been given up on, and said so in an event of its own, before this result came. */
  late?: true;
  found: Found;
  /** The reveal has completed, and there was nothing to find. */
  nothingFound?: true;
  polls: number;
  /** From admission to settling. */
  seconds: number;
  /** What the reveal came to, where the vendor said so: the charge less the refund, negative where only a refund was stated. */
  credits?: number;
  /** What was charged, and what was given back, each where the vendor has stated it. */
  creditsCharged?: number;
  creditsRefunded?: number;
  /** What the vendor stated as charged when the relay started the task: the same charge as `creditsCharged`, and not another. */
  startCreditsCharged?: number;
  settledAt: string;
  /** Where the contact data is, for those who may read it. */
  record: { table: string; revealId: string };
}

/** The detail of `Low Credits`: what the vendor says is left, once from the first warning until a charge comes without one. */
export interface LowCreditsEvent {
  schemaVersion: 1;
  /** The name of the relay that it comes from, if it has one. */
  relay?: string;
  eventId: string;
  /** The reveal whose answer carried the warning. */
  revealId: string;
  availableCredits: number;
  /** Where to get more, as the vendor says: an https address. */
  getMoreCreditsUrl?: string;
  settledAt: string;
}

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
