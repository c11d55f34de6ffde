import { decided, expiryOf, type RecordChanges, type RevealRecord, type SettledAt } from '../record.ts';
import type { Ending } from './ending.ts';
import { firstSecondLook } from './second-look.ts';

/** What ends a record that says running: given up on, cancelled, or left behind by its execution. */
export function settledWith(record: RevealRecord, ending: Ending, { nowMs, retentionDays }: SettledAt): RecordChanges {
  return decided(record, {
    status: ending.outcome,
    reason: ending.reason,
    pausedBecause: null,
    nextPollAt: null,
    settledAt: new Date(nowMs).toISOString(),
    ...firstSecondLook(ending.reason, nowMs),
    expiresAt: expiryOf(nowMs, retentionDays),
  });
}

/** The note that the event is out. */
export function publishedWith(record: RevealRecord, note: { publishedAt: string; eventId: string }): RecordChanges {
  return decided(record, note);
}
