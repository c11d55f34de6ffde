import type { Reason } from '../../contract.ts';
import { decided, expiryOf, type RecordChanges, type RevealRecord, type SettledAt } from '../record.ts';
import type { Ending } from './ending.ts';
import { hasUnansweredStart } from './paid-start.ts';
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

/** Whoever ends a reveal may not know how far another invocation has come with its start. */
function reasonOf(record: RevealRecord, { reason }: Ending): Reason {
  if (hasUnansweredStart(record)) return 'start-unknown';
  if (record.taskId !== undefined) return withoutTask.includes(reason) ? 'relay-fault' : reason;
  // Its start was taken back in between, or never announced.
  const isOfStart = reason === 'relay-fault' || reason === 'deadline-passed' || reason === 'start-unknown';
  return isOfStart ? 'not-started' : reason;
}

/** Nobody looks for the result of a reveal that has ended so. */
const withoutTask: readonly Reason[] = ['start-unknown', 'start-refused', 'credit-cap-reached', 'not-started'];

/** The note that the event is out. */
export function publishedWith(record: RevealRecord, note: { publishedAt: string; eventId: string }): RecordChanges {
  return decided(record, note);
}
