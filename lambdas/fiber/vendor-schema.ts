/**
 * The vendor's poll answer, field by field, as its contract describes it and as a tolerant reader takes it: the vendor
 * adds fields and enum values without notice, and a finished result must never be lost over one. Objects are loose
 * (unknown fields stay), enums are open (unknown values stay).
 * @see https://api.fiber.ai/ai-docs/index.md pollExhaustiveContactEnrichmentResult
 */
import * as z from 'zod/mini';

/** The values known today, and any other string. */
const open = <Known extends string>(..._known: Known[]) =>
  z.string() as unknown as z.ZodMiniType<Known | (string & {}), string>;

/** Where the task is. A status that is no string does not make the answer useless. */
export const vendorStatus = open('started', 'live-enriching', 'grabbing-contact-info', 'completed', 'failed');

const email = z.looseObject({
  email: z.string(),
  type: z.nullish(open('work', 'personal', 'other', 'unknown', 'generic')),
  status: z.nullish(open('valid', 'risky', 'unknown', 'invalid')),
});

const phoneNumber = z.looseObject({
  number: z.string(),
  type: z.nullish(open('mobile', 'other', 'unknown')),
});

const lowCreditAlert = z.nullish(
  z.looseObject({ getMoreCreditsUrl: z.string(), message: z.string(), availableCredits: z.number() }),
);
const message = z.string();

const knownCharge = z.discriminatedUnion('method', [
  z.looseObject({ method: z.literal('charged-now'), creditsCharged: z.number(), lowCreditAlert }),
  z.looseObject({ method: z.literal('charging-later'), message, lowCreditAlert }),
  z.looseObject({
    method: z.literal('charged-for-async-process'),
    creditsCharged: z.number(),
    message,
    lowCreditAlert,
  }),
  z.looseObject({ method: z.literal('free'), message, lowCreditAlert }),
  z.looseObject({ method: z.literal('credits-refunded'), creditsRefunded: z.number(), message, lowCreditAlert }),
]);

/** One of the five known variants, or whatever else the vendor says: kept for the record, and only read where it fits. */
export const charge = z.union([knownCharge, z.record(z.string(), z.unknown())]);

export const emails = z.array(email);
export const phoneNumbers = z.array(phoneNumber);
export const warnings = z.nullish(z.array(z.looseObject({ field: z.string(), message: z.string() })));
export const advice = z.array(z.string());

/** What an answer must have to be an answer at all. Everything else is read leniently out of it. */
export const usableAnswer = z.looseObject({
  output: z.looseObject({
    done: z.boolean(),
    profile: z.looseObject({ status: z.optional(z.unknown()), error: z.optional(z.unknown()) }),
  }),
});

/** What the answer to a start must have to be one. */
export const startedAnswer = z.looseObject({ output: z.looseObject({ taskId: z.unknown() }) });

/** What the vendor's own errors have, and pages of whoever stands before it do not. */
export const errorAnswer = z.looseObject({ message: z.string() });

export type UsableAnswer = z.infer<typeof usableAnswer>;
export type Email = z.infer<typeof email>;
export type PhoneNumber = z.infer<typeof phoneNumber>;
export type KnownCharge = z.infer<typeof knownCharge>;
export type Charge = z.infer<typeof charge>;
