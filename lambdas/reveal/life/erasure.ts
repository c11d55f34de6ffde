import { figuresOf } from '../credits.ts';
import { decided, type RecordChanges, type RevealRecord } from '../record.ts';

/**
 * What erasing leaves of a record: who asked for what and when, how it ended, and counts. Whose contact data it was goes, and everything that the vendor
 * wrote, its words about the charge included: what it cost stays as a number, and so does the task. A paid call that is under way finds where to say so.
 */
export function erasedWith(record: RevealRecord, nowMs: number): RecordChanges {
  return decided(record, {
    erasedAt: record.erasedAt ?? new Date(nowMs).toISOString(),
    answer: null,
    result: null,
    resultParts: null,
    failure: null,
    linkedinUrl: null,
    // Facts of the caller's, perhaps about the person.
    custom: null,
    startAnswer: null,
    vendorStatus: null,
    lookAgainAt: null,
    charge: figuresOf(record.charge),
    startCharge: figuresOf(record.startCharge),
  });
}
