import * as z from 'zod/mini';
import { type FindKind, revealIdForm } from '../contract.ts';

/**
 * A vendor task id. The vendor documents only that it is not empty; it becomes a key, a path and part of log lines here, so
 * it may hold what ids are made of and nothing else. That keeps e-mail addresses and profile addresses, given by
 * mistake, out of all of those.
 */
export const taskId = z.string('must be a string').check(
  z.minLength(1, { error: 'must not be empty', abort: true }),
  z.maxLength(revealIdForm.mostCharacters, {
    error: `must be at most ${revealIdForm.mostCharacters} characters long`,
    abort: true,
  }),
  z.regex(revealIdForm.pattern, 'must hold only letters, digits and . _ : ~ = + - and start with a letter or a digit'),
);

export const isRevealId = (text: string) => taskId.safeParse(text).success;

/** The caller's own name for the reveal, handed on in events: an id of theirs, not contact data. */
const reference = z
  .string('must be a string')
  .check(
    z.regex(
      /^[A-Za-z0-9][A-Za-z0-9._:~=+/#-]{0,127}$/,
      'must be 1 to 128 letters, digits or . _ : ~ = + / # - and start with a letter or a digit',
    ),
  );

export const priorities = ['interactive', 'bulk'] as const;
/** Who is waiting: a person for this one answer, or nobody in particular for many. */
export type Priority = (typeof priorities)[number];

export const options = {
  priority: z.optional(z.enum(priorities, "must be 'interactive' or 'bulk'")),
  reference: z.optional(reference),
};

export const revealRequest = z.strictObject({ taskId, ...options }, 'must be a JSON object');

export interface RevealRequest {
  taskId: string;
  /** @default 'interactive' */
  priority?: Priority | undefined;
  reference?: string | undefined;
}

/** A request for a person whose profile has been read. */
export interface PersonRequest {
  /** Of the reveal, made of the person: see `person/person-id.ts`. */
  revealId: string;
  /** As it is sent to the vendor. Contact data. */
  linkedinUrl: string;
  find: readonly FindKind[];
  priority?: Priority | undefined;
  reference?: string | undefined;
  /** A result that is older is asked for anew, and paid for. 0: any is. */
  maxAgeDays: number;
  /** Names the wish for a new result whatever is there: the same key is the same wish. */
  force?: string | undefined;
  /** The batch that it came in, and what that may cost. */
  batch?: BatchCap | undefined;
}

/** What all starts of one batch together may cost, in credits. */
export interface BatchCap {
  key: string;
  maxCredits: number;
}

/** What a reveal can be claimed by. */
export type ClaimRequest = RevealRequest | PersonRequest;

export const revealIdOf = (request: ClaimRequest) => ('taskId' in request ? request.taskId : request.revealId);

/** What an execution was started with: a request, or only the id of a reveal that one of our own doors has claimed. */
export interface StartInput {
  revealId: string;
  request?: RevealRequest;
}

export type Checked<Value> = { ok: true; value: Value } | { ok: false; problem: string };

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
      problem: `The input is no reveal request: ${checked.problem}. Give {"taskId": "the id of the vendor's task"}.`,
    };
  }
  const { AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID: _, ...request } = checked.value;
  return { ok: true, value: { revealId: request.taskId, request } };
}

/** Checks an untrusted value against one of our schemas. The problem names our fields, never theirs, and no value. */
export function check<Schema extends z.ZodMiniType>(schema: Schema, value: unknown): Checked<z.output<Schema>> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return { ok: true, value: parsed.data };
  const problems = parsed.error.issues.map(({ code, path, message }) => {
    if (code === 'unrecognized_keys') return 'it has fields that are not known here';
    const field = path.filter((part) => typeof part !== 'symbol').join('.');
    return field === '' ? `it ${message}` : `${field} ${hasValueAt(value, path) ? message : 'is missing'}`;
  });
  return { ok: false, problem: [...new Set(problems)].join('; ') };
}

function hasValueAt(value: unknown, path: readonly PropertyKey[]): boolean {
  let at = value;
  for (const part of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, part)) return false;
    at = (at as Record<PropertyKey, unknown>)[part];
  }
  return at !== undefined;
}
