import type { Charge, KnownCharge } from '../fiber/vendor-schema.ts';

/** What a charge states, as numbers: a charge and a refund are two figures, and neither follows from the other. */
export interface StatedCredits {
  creditsCharged?: number;
  creditsRefunded?: number;
}

export function statedCredits(charge: Charge | undefined): StatedCredits {
  const creditsCharged = figure(charge?.creditsCharged);
  const creditsRefunded = figure(charge?.creditsRefunded);
  return {
    ...(creditsCharged !== undefined && { creditsCharged }),
    ...(creditsRefunded !== undefined && { creditsRefunded }),
  };
}

/** The figures of a record. Version 0.1.0 has left them to the charge. */
export function creditsOf({
  charge,
  creditsCharged,
  creditsRefunded,
}: StatedCredits & { charge?: Charge }): StatedCredits {
  return {
    ...statedCredits(charge),
    ...(creditsCharged !== undefined && { creditsCharged }),
    ...(creditsRefunded !== undefined && { creditsRefunded }),
  };
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
