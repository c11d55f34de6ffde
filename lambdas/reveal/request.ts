import * as z from 'zod/mini';

/**
 * A vendor task id, as it may become a key: the vendor documents only that it is not empty. 512 UTF-16 units of
 * well-formed text fit DynamoDB's 2,048-byte partition key whatever they are.
 */
const taskId = z.string('must be a string').check(
  z.minLength(1, 'must not be empty'),
  z.maxLength(512, 'must be at most 512 characters long'),
  z.refine((id) => id.isWellFormed() && !/[\s\p{Cc}]/u.test(id), 'must hold no spaces or control characters'),
);

/** What `StartExecution` takes. Step Functions adds the third field itself when another execution starts this one. */
const startInput = z.strictObject({
  taskId,
  AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID: z.optional(z.string()),
});

export interface RevealRequest {
  taskId: string;
}

export type Checked = { ok: true; request: RevealRequest } | { ok: false; problem: string };

/** Checks an untrusted execution input. The problem says what to change and repeats nothing of the input. */
export function checkRequest(input: unknown): Checked {
  const parsed = startInput.safeParse(input);
  if (parsed.success) return { ok: true, request: { taskId: parsed.data.taskId } };
  const issues = parsed.error.issues;
  const unknownFields = issues.some((issue) => issue.code === 'unrecognized_keys');
  const onTaskId = issues.find((issue) => issue.path[0] === 'taskId');
  const problem = onTaskId
    ? `taskId ${isObject(input) && 'taskId' in input ? onTaskId.message : 'is missing'}`
    : unknownFields
      ? 'there are fields it does not know'
      : 'it is not a JSON object';
  return {
    ok: false,
    problem: `The input is not a reveal request: ${problem}. Give {"taskId": "the id of the vendor's task"}.`,
  };
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
