import type { ProblemBody } from './api-schema.ts';

/** What one of our routes answers. */
export interface HttpAnswer {
  status: number;
  headers?: Record<string, string>;
  body?: object;
  /** In place of a body of ours: bytes that are handed on as they are, under the content type in the headers. */
  bytes?: Uint8Array;
}

/**
 * Everything that can be wrong with a request, by the last part of its stable `type`. A title says what to do. None of them, and
 * no detail, repeats anything that the caller has sent.
 * @see ../../docs/problems.md
 */
export const problems = {
  'unreadable-request': { status: 400, title: 'Send an HTTP request through the API: this is not one.' },
  'not-json': { status: 400, title: 'Send a body that is JSON in UTF-8.' },
  'no-such-route': { status: 404, title: 'Use one of the routes in docs/openapi.json, such as POST /reveals.' },
  'no-such-reveal': {
    status: 404,
    title: 'Start the reveal first with POST /reveals: there is none of that id, or it has expired.',
  },
  'no-such-list': {
    status: 404,
    title: 'Start reveals with this list first: there is nothing in it, or all of it has expired.',
  },
  'no-answer': {
    status: 404,
    title:
      'Look at the reveal itself: no answer of the vendor is kept with it, because none has come or it was erased.',
  },
  'wrong-method': { status: 405, title: 'Use one of the methods that the Allow header names.' },
  'options-differ': {
    status: 409,
    title: 'Leave out ifDifferent to attach: the reveal is there already, with other options.',
  },
  'already-completed': {
    status: 409,
    title: 'Nothing to cancel: the reveal has completed. Erase its contact data with DELETE on its /result.',
  },
  'start-unknown': {
    status: 409,
    title:
      'Look for the task at the vendor, then resume with its taskId, or with startAgain, which may pay a second time: nobody knows whether it was started.',
  },
  'start-under-way': {
    status: 409,
    title: 'Try again in three minutes: a paid start may still be answered.',
  },
  'start-known': {
    status: 409,
    title: 'Leave out taskId: it is known whether a task was started for this reveal.',
  },
  'costs-credits': {
    status: 409,
    title: 'Resume it by itself, or all with startTasks: a task would be started for it, which costs credits.',
  },
  'task-taken': { status: 409, title: 'Give another taskId: there is a reveal of this one already.' },
  'too-large': { status: 413, title: 'Send a smaller body: 16 KiB, or 256 KiB for a batch.' },
  'not-application-json': { status: 415, title: 'Send the body with Content-Type: application/json.' },
  'invalid-body': { status: 422, title: 'Correct the body as the detail says.' },
  'invalid-query': { status: 422, title: 'Correct the query parameters as the detail says.' },
  'key-missing': {
    status: 422,
    title:
      'Send an Idempotency-Key header with maxAge 0 or maxCredits: what is paid for is asked for once under the same key.',
  },
  'invalid-key': {
    status: 422,
    title: 'Send an Idempotency-Key of 1 to 128 printable characters of ASCII, without spaces.',
  },
  'relay-broken': { status: 500, title: 'Tell the owner of the relay: the reason is in the log of its API handler.' },
  'try-again': {
    status: 503,
    title: 'Send the same request again: a service that the relay needs did not answer. Nothing is done twice.',
  },
} as const satisfies Record<string, { status: number; title: string }>;
export type ProblemName = keyof typeof problems;

export const problemType = (name: ProblemName) => `/problems/${name}`;

/** A problem as RFC 9457 writes it. */
export function problemBody(
  name: ProblemName,
  more: Pick<ProblemBody, 'detail' | 'revealId' | 'optionsDiffer'> = {},
): ProblemBody {
  const { status, title } = problems[name];
  return { type: problemType(name), title, status, ...more };
}

/** @see https://www.rfc-editor.org/rfc/rfc9457 */
export function problemAnswer(
  name: ProblemName,
  more: Parameters<typeof problemBody>[1] = {},
  headers: Record<string, string> = {},
): HttpAnswer {
  return {
    status: problems[name].status,
    headers: { 'content-type': 'application/problem+json', ...headers },
    body: problemBody(name, more),
  };
}
