import type { Charge, KnownCharge } from '../../fiber/vendor-schema.ts';
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
    startAnswer: null,
    vendorStatus: null,
    lookAgainAt: null,
    charge: figuresOf(record.charge),
    startCharge: figuresOf(record.startCharge),
  });
}

/** A charge without the vendor's words. */
export function figuresOf(charge: Charge | undefined): Charge | null {
  if (!charge) return null;
  const { method, creditsCharged, creditsRefunded } = charge;
  return {
    ...(isKnownMethod(method) && { method }),
    ...(typeof creditsCharged === 'number' && { creditsCharged }),
    ...(typeof creditsRefunded === 'number' && { creditsRefunded }),
  };
}

const methods: unknown[] = [
  'charged-now',
  'charging-later',
  'charged-for-async-process',
  'free',
  'credits-refunded',
] satisfies KnownCharge['method'][];

const isKnownMethod = (method: unknown): method is KnownCharge['method'] => methods.includes(method);
