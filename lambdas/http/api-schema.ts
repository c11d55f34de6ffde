/** What the HTTP API takes and answers. The OpenAPI document is made from these schemas, and so is every check of a request. */
import * as z from 'zod/mini';
import { findKinds, priorities, statuses } from '../contract.ts';
import { charge, emails, phoneNumbers } from '../fiber/vendor-schema.ts';
import { positionAt } from '../reveal/lists/list-cursor.ts';
import { hasListForPosition, isOneWish, linkedinUrl, options, wanted } from '../reveal/request.ts';

export const limits = {
  bodyBytes: 16 * 1024,
  batchBytes: 256 * 1024,
  batchItems: 1_000,
  batchCredits: 1_000_000,
  pageItems: 100,
  /** API Gateway waits for 30 s. */
  waitSeconds: 25,
} as const;

/** What is to happen if the reveal is there already, and was asked for with other options. */
const ifDifferent = z.optional(z.enum(['attach', 'refuse'], "must be 'attach' or 'refuse'"));

export const startBody = z
  .strictObject({ ...wanted, ifDifferent }, 'must be a JSON object')
  .check(isOneWish, hasListForPosition);
/** The list may be that of the batch. */
export const batchItem = z.strictObject({ ...wanted, ifDifferent }, 'must be a JSON object').check(isOneWish);
/** What somebody has found out about a start of which nobody knows whether it was paid for. */
const decision = {
  startAgain: z.optional(z.literal(true, 'must be true, or be left out')),
  taskId: wanted.taskId,
};
export const resumeBody = z
  .strictObject({ ...options, ...decision }, 'must be a JSON object')
  .check(
    z.refine(
      ({ startAgain, taskId }) => startAgain === undefined || taskId === undefined,
      'must hold either startAgain or taskId',
    ),
  );

export const erasureBody = z.strictObject({ linkedinUrl }, 'must be a JSON object');

const batchOf = <Item extends z.ZodMiniType>(item: Item) =>
  z
    .strictObject(
      {
        reveals: z
          .array(item, 'must be a list')
          .check(
            z.minLength(1, 'must hold at least one reveal'),
            z.maxLength(limits.batchItems, 'must hold at most 1000 reveals'),
          ),
        find: wanted.find,
        maxAge: wanted.maxAge,
        ifMissing: wanted.ifMissing,
        priority: options.priority,
        /** Each goes into it, unless it names another. */
        list: wanted.list,
        /** Of the first one: the others follow it. */
        position: wanted.position,
        ifDifferent,
        maxCredits: z.optional(
          z
            .int('must be a whole number of credits')
            .check(z.gte(0, 'must be a whole number of credits from 0 on'), z.lte(limits.batchCredits, 'is too large')),
        ),
        /** Nothing is started: the answer says what would be, and what it may cost. */
        dryRun: z.optional(z.boolean('must be true or false')),
      },
      'must be a JSON object',
    )
    .check(hasListForPosition);
/** Each item is checked by itself, so that one malformed item does not cost the others. */
export const batchBody = batchOf(z.unknown());
export const documentedBatchBody = batchOf(startBody);

export const revealQuery = z.strictObject({
  include: z.optional(z.literal('lowQualityEmails', "must be 'lowQualityEmails'")),
  wait: z.optional(
    z.string().check(z.regex(/^(1?\d|2[0-5])$/, `must be a whole number of seconds from 0 to ${limits.waitSeconds}`)),
  ),
});

const status = z.enum(statuses, `must be one of ${statuses.join(', ')}`);
export const listQuery = z.strictObject({
  status: z.optional(status),
  since: z.optional(z.iso.datetime({ offset: true, error: 'must be a time such as 2026-11-23T12:00:00Z' })),
  cursor: z.optional(
    z.string().check(z.refine((cursor) => positionAt(cursor) !== undefined, 'must be the cursor of an earlier page')),
  ),
  limit: z.optional(z.string().check(z.regex(/^([1-9]\d?|100)$/, `must be a number from 1 to ${limits.pageItems}`))),
});

const time = z.iso.datetime();
const found = z.object({ emails: z.number(), lowQualityEmails: z.number(), phoneNumbers: z.number() });
/** What was asked for and the reveal that is there already was not asked for. */
const missing = z.optional(z.array(z.enum(findKinds)));
/** Of a result that was there already: how long ago it came. */
const ageSeconds = z.optional(z.number());
const optionsDiffer = z.optional(z.array(z.enum(['priority', 'reference'])));

const contacts = z.strictObject({ emails, phoneNumbers, lowQualityEmails: z.optional(emails) });

const identity = {
  revealId: z.string(),
  status,
  reason: z.optional(z.string()),
  generation: z.number(),
  priority: z.enum(priorities),
  reference: z.optional(z.string()),
  createdAt: time,
  settledAt: z.optional(time),
  erasedAt: z.optional(time),
  expiresAt: z.optional(time),
  found: z.optional(found),
};

export const listedReveal = z.strictObject(identity);
export const revealPage = z.strictObject({ reveals: z.array(listedReveal), cursor: z.optional(z.string()) });

/** An event of the reveal and a receiver of webhooks: when it was sent there, and what that answered. */
const delivery = z.strictObject({
  receiver: z.string(),
  event: z.string(),
  eventId: z.string(),
  state: z.enum(['trying', 'delivered', 'given-up', 'off']),
  attempts: z.array(z.strictObject({ at: time, status: z.optional(z.number()), problem: z.optional(z.string()) })),
});

export const revealView = z.strictObject({
  ...identity,
  custom: z.optional(z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]))),
  taskId: z.optional(z.string()),
  late: z.optional(z.boolean()),
  progress: z.strictObject({
    polls: z.number(),
    vendorStatus: z.optional(z.string()),
    lastNegativeAt: z.optional(time),
    lastError: z.optional(z.strictObject({ at: time, problem: z.string(), httpStatus: z.optional(z.number()) })),
    nextPollAt: z.optional(time),
    pausedBecause: z.optional(z.string()),
    lookAgainAt: z.optional(time),
  }),
  nothingFound: z.optional(z.boolean()),
  unreadable: z.optional(z.number()),
  lossy: z.optional(z.boolean()),
  failure: z.optional(z.string()),
  /** Of a reveal whose task the relay starts. */
  start: z.optional(
    z.strictObject({
      state: z.enum(['waiting', 'under-way', 'started', 'unknown', 'none']),
      find: z.array(z.enum(findKinds)),
      /** Credits. Absent for a bundle that the vendor lists no price for: it may cost as much as everything does. */
      listPrice: z.optional(z.number()),
      startedAt: z.optional(time),
      problem: z.optional(z.string()),
      creditsCharged: z.optional(z.number()),
    }),
  ),
  linkedinUrl: z.optional(z.string()),
  charge: z.optional(charge),
  creditsCharged: z.optional(z.number()),
  creditsRefunded: z.optional(z.number()),
  result: z.optional(contacts),
  /** Results that were there before and that this generation has not taken the place of, newest first. */
  earlier: z.optional(
    z.array(
      z.strictObject({
        generation: z.number(),
        find: z.array(z.enum(findKinds)),
        settledAt: z.optional(time),
        expiresAt: z.optional(time),
        found: z.optional(found),
        result: contacts,
      }),
    ),
  ),
  /** The oldest event first. There only if the relay has receivers. */
  deliveries: z.optional(z.array(delivery)),
  optionsDiffer,
  missing,
  ageSeconds,
});

/** Whether tasks are started, and what they have cost today. */
export const startsView = z.strictObject({
  paused: z.boolean(),
  pausedBecause: z.optional(z.string()),
  credits: z.optional(z.strictObject({ day: z.string(), spent: z.number(), most: z.number() })),
});

export const problem = z.strictObject({
  type: z.string(),
  title: z.string(),
  status: z.number(),
  detail: z.optional(z.string()),
  revealId: z.optional(z.string()),
  optionsDiffer,
});

export const batchResult = z.strictObject({
  status: z.number(),
  reveal: z.optional(z.strictObject({ revealId: z.string(), status, generation: z.number() })),
  /** Of a dry run: the reveal that would be started, and the most that it may cost, in credits of the list price. */
  wouldStart: z.optional(z.strictObject({ revealId: z.string(), credits: z.number() })),
  location: z.optional(z.string()),
  optionsDiffer,
  missing,
  ageSeconds,
  problem: z.optional(problem),
});
export const batchAnswer = z.strictObject({
  dryRun: z.optional(z.boolean()),
  started: z.number(),
  attached: z.number(),
  refused: z.number(),
  results: z.array(batchResult),
});

export type StartBody = z.infer<typeof startBody>;
export type ListedView = z.infer<typeof listedReveal>;
export type RevealView = z.infer<typeof revealView>;
export type StartsView = z.infer<typeof startsView>;
export type RevealPage = z.infer<typeof revealPage>;
export type ProblemBody = z.infer<typeof problem>;
export type BatchResult = z.infer<typeof batchResult>;
export type BatchAnswer = z.infer<typeof batchAnswer>;
