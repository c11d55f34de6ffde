import type { operations } from './api-types.ts';
import type { RelayAnswer } from './connection.ts';
import { type RevealRelayError, RevealRelayUnreachable } from './errors.ts';

type OperationName = keyof typeof operations;

/**
 * Operations with an effect that may arrive twice all the same. A start attaches to what the first one began, and has a key where it asks for more than that; one
 * that has failed meanwhile is started over, as the caller's next request would do. To resume is a decision about one attempt, which may pay for a second task: it is
 * sent once.
 */
const repeatable: readonly string[] = [
  'startReveal',
  'startBatch',
  'rereadReveal',
  'cancelReveals',
  'eraseReveals',
  'cancelList',
  'eraseList',
  'erasePerson',
  'pauseStarts',
  'letStartsGo',
] satisfies OperationName[];

/** Whether a request of this kind may arrive twice. */
export function isRepeatable(operation: string, method: string): boolean {
  return method === 'GET' || method === 'DELETE' || repeatable.includes(operation);
}

/** Whether an answer is about this moment and not about the request. */
export const isPassing = (status: number) => [429, 502, 503, 504].includes(status);

/** What has become of a request, once. */
export type Came = { readonly answer: RelayAnswer } | { readonly error: RevealRelayError };

const longestPauseMs = 30_000;
const firstPauseMs = 400;

/**
 * Milliseconds after which a request is sent again, or nothing where what came is what there is.
 *
 * @param sent how often it was sent
 * @param isHarmless whether it may arrive twice, or the API has said that it has done nothing
 */
export function pauseBeforeNext(came: Came, sent: number, isHarmless: boolean, random: () => number) {
  const hasPassed = 'answer' in came ? isPassing(came.answer.status) : came.error instanceof RevealRelayUnreachable;
  if (!hasPassed || !isHarmless) return undefined;
  const asked = 'answer' in came ? came.answer.retryAfter : undefined;
  if (asked !== undefined) return asked * 1_000 > longestPauseMs ? undefined : asked * 1_000;
  return Math.min(firstPauseMs * 2 ** (sent - 1), longestPauseMs) * (0.5 + random() / 2);
}
