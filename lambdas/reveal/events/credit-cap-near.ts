import { createHash } from 'node:crypto';
import { eventTypes } from '../../contract.ts';

/** The detail of `Credit Cap Near`: most of what may be spent on starts in one day is spent, or set aside. Once for each day. */
export interface CreditCapNearEvent {
  schemaVersion: 1;
  /** The name of the relay that it comes from, if it has one. */
  relay?: string;
  /** The same for every copy of one event, though a later copy may tell of more that is spent. */
  eventId: string;
  /** The day, by UTC: `2026-11-27`. */
  day: string;
  creditsSpent: number;
  maxCreditsPerDay: number;
  noticedAt: string;
}

export interface CreditCapNear {
  type: typeof eventTypes.creditCapNear;
  detail: CreditCapNearEvent;
}

/** From this part of the cap on somebody should know. */
const nearFrom = 0.8;

/**
 * The warning that a day's cap is near, or nothing while it is not.
 *
 * @param table whose day it is: two relays may share a bus
 */
export function creditCapNear(
  { table, day, nowMs }: { table: string; day: string; nowMs: number },
  { spent, mostCredits }: { spent: number; mostCredits: number },
): CreditCapNear | undefined {
  if (spent < nearFrom * mostCredits) return undefined;
  const named = JSON.stringify([eventTypes.creditCapNear, table, day]);
  return {
    type: eventTypes.creditCapNear,
    detail: {
      schemaVersion: 1,
      eventId: createHash('sha256').update(named).digest('hex').slice(0, 32),
      day,
      creditsSpent: spent,
      maxCreditsPerDay: mostCredits,
      noticedAt: new Date(nowMs).toISOString(),
    },
  };
}
