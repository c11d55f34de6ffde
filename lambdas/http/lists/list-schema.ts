/** What the routes of lists take and answer. */
import * as z from 'zod/mini';
import { statuses } from '../../contract.ts';
import { memberAt } from '../../reveal/lists/list-member.ts';
import { isRevealId } from '../../reveal/task-id.ts';
import { limits, revealQuery, revealView } from '../api-schema.ts';
import { isProgressCursor, textIn } from './list-cursors.ts';

const anEarlierPages = 'must be the cursor of an earlier page';

export const countQuery = z.strictObject({
  cursor: z.optional(z.string().check(z.refine(isProgressCursor, anEarlierPages))),
});

export const resultsQuery = z.strictObject({
  include: revealQuery.shape.include,
  cursor: z.optional(
    z.string().check(z.refine((cursor) => isRevealId(memberAt(textIn(cursor) ?? '') ?? ''), anEarlierPages)),
  ),
  limit: z.optional(z.string().check(z.regex(/^([1-9]\d?|100)$/, `must be a number from 1 to ${limits.pageItems}`))),
});

export const byStatus = z.partialRecord(z.enum([...statuses, 'gone']), z.number());

/** How many of a list stand where: of the first `done` members, as long as there is a cursor. */
export const listView = z.strictObject({
  list: z.string(),
  members: z.number(),
  done: z.number(),
  statuses: byStatus,
  waitingToStart: z.number(),
  nothingFound: z.number(),
  erased: z.number(),
  startUnknown: z.number(),
  creditsCharged: z.number(),
  creditsRefunded: z.number(),
  secondsLeft: z.optional(z.number()),
  pausedBecause: z.optional(z.string()),
  cursor: z.optional(z.string()),
});

/** Of a member whose record has expired, only its id is left. */
export const goneMember = z.strictObject({ revealId: z.string(), gone: z.literal(true) });
export const listResult = z.union([revealView, goneMember]);
export const resultPage = z.strictObject({ results: z.array(listResult), cursor: z.optional(z.string()) });

export type ListView = z.infer<typeof listView>;
export type ListResult = z.infer<typeof listResult>;
export type ResultPage = z.infer<typeof resultPage>;
