import { createHash } from 'node:crypto';
import { type EventType, eventTypes, type Found, type Outcome, type Reason } from '../contract.ts';
import type { RevealRecord } from './record.ts';

/** The detail of both completion events: counts and pointers, never contact data. */
export interface RevealEvent {
  schemaVersion: 1;
  /** The same for every copy of one event: events arrive at least once, consumers deduplicate by this. */
  eventId: string;
  revealId: string;
  taskId: string;
  generation: number;
  outcome: Outcome;
  reason?: Reason;
  found: Found;
  polls: number;
  /** From admission to settling. */
  seconds: number;
  /** What the reveal cost, where the vendor said so: negative for a refund. */
  credits?: number;
  settledAt: string;
  /** Where the contact data is, for those who may read it. */
  record: { table: string; revealId: string };
}

export interface Announcement {
  type: EventType;
  detail: RevealEvent;
}

/** The event that tells how a reveal ended, or nothing while it has not. */
export function announcementOf(record: RevealRecord, table: string): Announcement | undefined {
  const { revealId, taskId, generation, status: outcome, settledAt, charge } = record;
  if (outcome === 'running' || settledAt === undefined) return undefined;
  const credits = creditsOf(charge);
  return {
    type: outcome === 'completed' ? eventTypes.completed : eventTypes.failed,
    detail: {
      schemaVersion: 1,
      eventId: eventIdOf(revealId, generation, outcome),
      revealId,
      taskId,
      generation,
      outcome,
      ...(record.reason && { reason: record.reason }),
      found: record.found ?? { emails: 0, lowQualityEmails: 0, phoneNumbers: 0 },
      polls: record.polls,
      seconds: (Date.parse(settledAt) - Date.parse(record.createdAt)) / 1_000,
      ...(credits !== undefined && { credits }),
      settledAt,
      record: { table, revealId },
    },
  };
}

function eventIdOf(revealId: string, generation: number, outcome: Outcome): string {
  return createHash('sha256')
    .update(JSON.stringify([revealId, generation, outcome]))
    .digest('hex')
    .slice(0, 32);
}

function creditsOf(charge: RevealRecord['charge']): number | undefined {
  if (typeof charge?.creditsCharged === 'number') return charge.creditsCharged;
  if (typeof charge?.creditsRefunded === 'number') return -charge.creditsRefunded;
  return undefined;
}
