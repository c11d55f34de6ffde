import type { KnownCharge } from '../../fiber/vendor-schema.ts';
import { decided, type RecordChanges, type RevealRecord } from '../record.ts';

/**
 * What erasing leaves of a record: who asked for what and when, how it ended, and counts. Everything that the vendor wrote goes,
 * its words about the charge included: what it cost stays as a number.
 */
export function erasedWith(record: RevealRecord, nowMs: number): RecordChanges {
  const { method, creditsCharged, creditsRefunded } = record.charge ?? {};
  const charge = {
    ...(isKnownMethod(method) && { method }),
    ...(typeof creditsCharged === 'number' && { creditsCharged }),
    ...(typeof creditsRefunded === 'number' && { creditsRefunded }),
  };
  return decided(record, {
    erasedAt: record.erasedAt ?? new Date(nowMs).toISOString(),
    answer: null,
    result: null,
    resultParts: null,
    failure: null,
    vendorStatus: null,
    lookAgainAt: null,
    charge: record.charge ? charge : null,
  });
}

const methods: unknown[] = [
  'charged-now',
  'charging-later',
  'charged-for-async-process',
  'free',
  'credits-refunded',
] satisfies KnownCharge['method'][];

const isKnownMethod = (method: unknown): method is KnownCharge['method'] => methods.includes(method);
