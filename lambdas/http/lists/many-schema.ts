/** What the routes that do something to many reveals take and answer. */
import * as z from 'zod/mini';
import { outcomes, statuses } from '../../contract.ts';
import { listQuery, problem } from '../api-schema.ts';
import { isFilterCursor, isProgressCursor } from './list-cursors.ts';
import { byStatus } from './list-schema.ts';

const anEarlierAnswers = 'must be the cursor of an earlier answer';
const startTasks = z.optional(z.boolean('must be true or false'));
const mustBeObject = 'must be a JSON object';

const inList = { cursor: z.optional(z.string().check(z.refine(isProgressCursor, anEarlierAnswers))) };
export const listBody = z.strictObject(inList, mustBeObject);
export const listResumeBody = z.strictObject({ ...inList, startTasks }, mustBeObject);

const matching = {
  since: listQuery.shape.since,
  cursor: z.optional(z.string().check(z.refine(isFilterCursor, anEarlierAnswers))),
};
/** Whatever runs, where nothing is said. */
export const cancelBody = z.strictObject(matching, mustBeObject);
const resumable = outcomes.filter((outcome) => outcome !== 'completed');
export const resumeManyBody = z.strictObject(
  { status: z.enum(resumable, `must be one of ${resumable.join(', ')}`), ...matching, startTasks },
  mustBeObject,
);
/** Nobody erases everything by leaving something out. */
export const eraseBody = z
  .strictObject(
    { status: z.optional(z.enum(statuses, `must be one of ${statuses.join(', ')}`)), ...matching },
    mustBeObject,
  )
  .check(
    z.refine(
      ({ status, since }) => status !== undefined || since !== undefined,
      'must say by status, since or both what is to be erased',
    ),
  );

/** `done` counts on from answer to answer, and so do `statuses` and `erased`, as they stand by then; `refused` is this answer's alone. */
export const manyAnswer = z.strictObject({
  list: z.optional(z.string()),
  done: z.number(),
  left: z.optional(z.number()),
  statuses: byStatus,
  erased: z.number(),
  refused: z.array(z.strictObject({ revealId: z.string(), problem })),
  cursor: z.optional(z.string()),
});

export type ManyAnswer = z.infer<typeof manyAnswer>;
