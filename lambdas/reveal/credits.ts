import { creditsToReserve } from '../fiber/prices.ts';
import type { Charge, KnownCharge } from '../fiber/vendor-schema.ts';
import type { RevealRecord } from './record.ts';

/** What a charge states, as numbers: a charge and a refund are two figures, and neither follows from the other. */
export interface StatedCredits {
  creditsCharged?: number;
  creditsRefunded?: number;
}

export function statedCredits(charge: Charge | undefined): StatedCredits {
  return stated({ creditsCharged: figure(charge?.creditsCharged), creditsRefunded: figure(charge?.creditsRefunded) });
}

function stated({ creditsCharged, creditsRefunded }: { [Figure in keyof StatedCredits]: number | undefined }) {
  return {
    ...(creditsCharged !== undefined && { creditsCharged }),
    ...(creditsRefunded !== undefined && { creditsRefunded }),
  };
}

type Costs = Partial<
  Pick<
    RevealRecord,
    | 'charge'
    | 'creditsCharged'
    | 'creditsRefunded'
    | 'startCharge'
    | 'startCreditsCharged'
    | 'status'
    | 'taskId'
    | 'startIntent'
  >
>;

/**
 * What a reveal has cost, of what the vendor has said at its start and when it had ended. Both speak of one charge, as polls are free: so it counts once,
 * and what the start was charged stands, whatever a later answer leaves out of it, until it is refunded.
 */
export function creditsOf(record: Costs): StatedCredits {
  if (hasEndedWithoutStart(record)) return { creditsCharged: 0 };
  const { charge, creditsCharged, creditsRefunded, startCharge, startCreditsCharged } = record;
  // Version 0.1.0 has left its figures to the charge.
  const atStart = { ...statedCredits(startCharge), ...stated({ creditsCharged: startCreditsCharged }) };
  const atEnd = { ...statedCredits(charge), ...stated({ creditsCharged, creditsRefunded }) };
  const charges = [atStart.creditsCharged, atEnd.creditsCharged].filter((credits) => credits !== undefined);
  return { ...atStart, ...atEnd, ...(charges.length > 0 && { creditsCharged: Math.max(...charges) }) };
}

/**
 * What the start that this generation has made for itself has cost, before anything was given back: what the vendor has charged, or else what it lists. Nothing
 * for a task that somebody else has started, or an earlier generation.
 */
export function creditsOfStart(record: RevealRecord): number {
  const { startIntent, startedBy, startedAt = '', createdAt, find = [] } = record;
  const isOwn = startIntent !== undefined || (startedBy !== undefined && startedAt >= createdAt);
  return isOwn ? (creditsOf(record).creditsCharged ?? creditsToReserve(find)) : 0;
}

/** Nobody has set out to pay. */
function hasEndedWithoutStart({ status = 'running', taskId, startIntent }: Costs): boolean {
  return status !== 'running' && taskId === undefined && startIntent === undefined;
}

/** What the figures add up to: negative if more came back than was charged. Undefined where nothing was stated. */
export function creditsPaid({ creditsCharged, creditsRefunded }: StatedCredits): number | undefined {
  if (creditsCharged === undefined && creditsRefunded === undefined) return undefined;
  return (creditsCharged ?? 0) - (creditsRefunded ?? 0);
}

/** A number, or text that is one, in plain decimals. */
function figure(value: unknown): number | undefined {
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && /^\s*-?\d{1,12}(\.\d{1,12})?\s*$/.test(text) ? Number(text) : undefined;
}

/** A charge without the vendor's words, which may repeat whom it is about. */
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
