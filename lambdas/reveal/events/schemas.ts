/** The events on the bus, for those who send or receive them. Loose where we send: later versions may say more. */
import * as z from 'zod/mini';
import { eventTypes, outcomes } from '../../contract.ts';
import type { CreditCapNearEvent, LowCreditsEvent, RejectionEvent, RevealEvent } from './details.ts';
import { requestedEvent } from './requested.ts';

const count = z.int().check(z.minimum(0));
const time = z.iso.datetime();
const sent = {
  schemaVersion: z.literal(1),
  relay: z.optional(z.string()),
  eventId: z.string().check(z.regex(/^[0-9a-f]{32}$/)),
};

/** The detail of `Contact Reveal Completed` and of `Contact Reveal Failed`: counts and pointers, never contact data. */
export const revealEvent = z.looseObject({
  ...sent,
  revealId: z.string(),
  taskId: z.optional(z.string()),
  generation: z.int().check(z.minimum(1)),
  reference: z.optional(z.string()),
  outcome: z.enum(outcomes),
  reason: z.optional(z.string()),
  late: z.optional(z.literal(true)),
  found: z.looseObject({ emails: count, lowQualityEmails: count, phoneNumbers: count }),
  nothingFound: z.optional(z.literal(true)),
  polls: count,
  seconds: z.number(),
  credits: z.optional(z.number()),
  creditsCharged: z.optional(z.number()),
  creditsRefunded: z.optional(z.number()),
  startCreditsCharged: z.optional(z.number()),
  settledAt: time,
  record: z.looseObject({ table: z.string(), revealId: z.string() }),
}) satisfies z.ZodMiniType<Omit<RevealEvent, 'reason'>>;

/** The detail of `Contact Reveal Rejected`. */
export const rejectionEvent = z.looseObject({
  ...sent,
  requestEventId: z.string(),
  problem: z.string(),
  requestedAt: time,
}) satisfies z.ZodMiniType<RejectionEvent>;

/** The detail of `Low Credits`. */
export const lowCreditsEvent = z.looseObject({
  ...sent,
  revealId: z.string(),
  availableCredits: z.number(),
  getMoreCreditsUrl: z.optional(z.url({ protocol: /^https$/ })),
  settledAt: time,
}) satisfies z.ZodMiniType<LowCreditsEvent>;

/** The detail of `Credit Cap Near`. */
export const creditCapNearEvent = z.looseObject({
  ...sent,
  day: z.iso.date(),
  creditsSpent: z.number(),
  maxCreditsPerDay: z.number(),
  noticedAt: time,
}) satisfies z.ZodMiniType<CreditCapNearEvent>;

/** The detail of each event by its type. */
export const eventSchemas = {
  [eventTypes.requested]: requestedEvent,
  [eventTypes.rejected]: rejectionEvent,
  [eventTypes.completed]: revealEvent,
  [eventTypes.failed]: revealEvent,
  [eventTypes.lowCredits]: lowCreditsEvent,
  [eventTypes.creditCapNear]: creditCapNearEvent,
} as const;
