import type { Reason } from '../../contract.ts';
import { decided, expiryOf, type RecordChanges, type RevealRecord, type SettledAt } from '../record.ts';
import type { Ending } from './ending.ts';
import { hasUnansweredStart, wasNeverStarted } from './paid-start.ts';
import { firstSecondLook } from './second-look.ts';

/**
 * What ends a record that says running: given up on, cancelled, or left behind by its execution. However it ends: a paid call that nobody knows the
 * outcome of is what its caller must hear of, and then that nothing was paid for at all.
 */
export function settledWith(record: RevealRecord, ending: Ending, { nowMs, retentionDays }: SettledAt): RecordChanges {
  const reason = reasonOf(record, ending);
  return decided(record, {
    status: ending.outcome,
    reason,
    pausedBecause: null,
    nextPollAt: null,
    settledAt: new Date(nowMs).toISOString(),
    ...firstSecondLook(record, reason, nowMs),
    expiresAt: expiryOf(nowMs, retentionDays),
  });
}

function reasonOf(record: RevealRecord, { reason }: Ending): Reason {
  if (hasUnansweredStart(record)) return 'start-unknown';
  const isAboutTheTask = reason === 'relay-fault' || reason === 'deadline-passed';
  return isAboutTheTask && wasNeverStarted(record) ? 'not-started' : reason;
}

/** The note that the event is out. */
export function publishedWith(record: RevealRecord, note: { publishedAt: string; eventId: string }): RecordChanges {
  return decided(record, note);
}
