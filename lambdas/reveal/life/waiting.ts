import type { Reason } from '../../contract.ts';
import type { Wake } from '../../polling/polling-state.ts';
import { decided, type RecordChanges, type RevealRecord } from '../record.ts';

/** What a wait leaves in the record: until when, and why nobody polls, if that is so. */
export function waitingWith(
  record: RevealRecord,
  { nextPollAt, pausedBecause }: Pick<Wake, 'nextPollAt' | 'pausedBecause'>,
): RecordChanges {
  return decided(record, {
    nextPollAt: new Date(nextPollAt).toISOString(),
    pausedBecause: (pausedBecause as Reason | undefined) ?? null,
  });
}
