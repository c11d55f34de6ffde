import type { Reason } from '../../contract.ts';
import type { Wake } from '../../polling/turn.ts';
import { decided, type RecordChanges, type RevealRecord } from '../record.ts';

/** What a wait leaves in the record: until when, and why nobody polls, if that is so. */
export function waitingWith(
  record: RevealRecord,
  { wakeAt, pausedBecause }: Pick<Wake, 'wakeAt' | 'pausedBecause'>,
): RecordChanges {
  return decided(record, {
    nextPollAt: new Date(wakeAt).toISOString(),
    pausedBecause: (pausedBecause as Reason | undefined) ?? null,
  });
}
