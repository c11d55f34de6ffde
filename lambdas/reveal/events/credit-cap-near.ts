import { createHash } from 'node:crypto';
import { eventTypes } from '../../contract.ts';
import type { CreditCapNearEvent } from './details.ts';

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
