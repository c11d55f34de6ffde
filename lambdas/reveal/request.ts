import * as z from 'zod/mini';
import { type FindKind, findKinds, type Priority, priorities } from '../contract.ts';
import { type Checked, check } from './checked.ts';
import type { Custom, RevealRequest } from './claim-request.ts';
import { listName, position } from './lists/list-member.ts';
import { profileOf } from './person/profile.ts';
import { taskId } from './task-id.ts';

/** The caller's own name for the reveal, handed on in events: an id of theirs, not contact data. */
const reference = z
  .string('must be a string')
  .check(
    z.regex(
      /^[A-Za-z0-9][A-Za-z0-9._:~=+/#-]{0,127}$/,
      'must be 1 to 128 letters, digits or . _ : ~ = + / # - and start with a letter or a digit',
    ),
  );

export const options = {
  priority: z.optional(z.enum(priorities, "must be 'interactive' or 'bulk'")),
  reference: z.optional(reference),
};

const mostCustomBytes = 1_024;
const mostNameCharacters = 64;

/** JSON's numbers lose digits beyond these, and DynamoDB has none so near to zero. */
const isKept = (number: number) =>
  Math.abs(number) <= Number.MAX_SAFE_INTEGER && (number === 0 || Math.abs(number) >= 1e-100);

const mustHoldFacts = 'must hold only text, true, false, and numbers of at most 15 digits';

/** Some facts of the caller's that come back with the reveal. */
const custom = z
  .record(
    z.string().check(z.minLength(1), z.maxLength(mostNameCharacters)),
    z.union([z.string(), z.number().check(z.refine(isKept, mustHoldFacts)), z.boolean()], mustHoldFacts),
    {
      error: ({ code }) =>
        code === 'invalid_key' ? `must have names of 1 to ${mostNameCharacters} characters` : 'must be an object',
    },
  )
  .check(
    z.refine(
      (facts) => Buffer.byteLength(JSON.stringify(facts)) <= mostCustomBytes,
      `must have at most ${mostCustomBytes} bytes as JSON`,
    ),
  );

/** An address of a person's profile, in any of its spellings. */
export const linkedinUrl = z.string('must be a string').check(
  z.check(({ value, issues }) => {
    const profile = profileOf(value);
    if (!profile.ok) issues.push({ code: 'custom', message: profile.problem, input: undefined });
  }),
);

const find = z
  .array(z.enum(findKinds, `must hold only ${findKinds.join(', ')}`), 'must be a list')
  .check(z.minLength(1, 'must name something to look for, or be left out for all of it'));

const longestMaxAgeDays = 180;
const maxAge = z
  .int('must be a whole number of days')
  .check(
    z.gte(0, 'must be a whole number of days from 0 on'),
    z.lte(longestMaxAgeDays, `must be at most ${longestMaxAgeDays} days, as names are given to other people`),
  );

/** What is to happen about kinds that the result which is there was not asked for. */
const ifMissing = z.optional(z.enum(['report', 'start'], "must be 'report' or 'start'"));

/** What every door takes: a task that the caller has started, or a person. */
export const wanted = {
  taskId: z.optional(taskId),
  linkedinUrl: z.optional(linkedinUrl),
  find: z.optional(find),
  maxAge: z.optional(maxAge),
  ifMissing,
  list: z.optional(listName),
  position: z.optional(position),
  ...options,
  // Not with an execution's input, which its history keeps.
  custom: z.optional(custom),
};

/** One of the two, and what goes with it. */
export const isOneWish = z.check<Wish>(({ value, issues }) => {
  const { taskId, linkedinUrl, find, maxAge, ifMissing } = value;
  const problem = (message: string) => issues.push({ code: 'custom', message, input: undefined });
  if ((taskId === undefined) === (linkedinUrl === undefined)) problem('must hold either taskId or linkedinUrl');
  else if (taskId !== undefined && [find, maxAge, ifMissing].some((given) => given !== undefined)) {
    problem(
      'must hold find, maxAge and ifMissing with linkedinUrl alone: what a task looks for is settled when it is started',
    );
  }
});

/** A position is one in a list. */
export const hasListForPosition = z.refine<Pick<Wish, 'list' | 'position'>>(
  ({ list, position }) => list !== undefined || position === undefined,
  'must hold position only with list: it is the place in it',
);

/** A request as it comes through a door. */
export interface Wish {
  taskId?: string | undefined;
  linkedinUrl?: string | undefined;
  /** @default - everything */
  find?: readonly FindKind[] | undefined;
  /** In days: an older result is asked for anew, and paid for. @default 30 */
  maxAge?: number | undefined;
  /**
   * What is to happen about kinds that the result which is there was not asked for: they are reported, or a further generation is started, and
   * paid for, for those alone.
   * @default 'report'
   */
  ifMissing?: 'report' | 'start' | undefined;
  /** @default 'interactive' */
  priority?: Priority | undefined;
  reference?: string | undefined;
  /** The name of a list that it goes into, whether it is new or there already. */
  list?: string | undefined;
  /** Its place in the list. @default - behind all that is there */
  position?: number | undefined;
  custom?: Custom | undefined;
}

/** What an execution was started with: a request, or only the id of a reveal that one of our own doors has claimed. */
export interface StartInput {
  revealId: string;
  request?: RevealRequest;
}

/** Step Functions adds this field itself when another execution starts ours. */
const startedBy = { AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID: z.optional(z.string()) };
const requestInput = z.strictObject({ taskId, ...options, ...startedBy }, 'must be a JSON object');
const claimedInput = z.strictObject({ revealId: taskId, ...startedBy });

/** Checks an untrusted execution input. The problem says what to change and repeats nothing of the input. */
export function checkStartInput(input: unknown): Checked<StartInput> {
  const claimed = claimedInput.safeParse(input);
  if (claimed.success) return { ok: true, value: { revealId: claimed.data.revealId } };
  const checked = check(requestInput, input);
  if (!checked.ok) {
    return {
      ok: false,
      problem: `The input is no reveal request: ${checked.problem}. Give {"taskId": "the id of the vendor's task"}. A profile goes to POST /reveals or to the bus: here it would lie in the execution's history.`,
    };
  }
  const { AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID: _, ...request } = checked.value;
  return { ok: true, value: { revealId: request.taskId, request } };
}
