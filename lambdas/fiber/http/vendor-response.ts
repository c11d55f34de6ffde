import { textOf } from '../reading/answer-text.ts';
import { hasTooManyParts } from '../reading/json-text.ts';
import { type PollAnswer, type RawAnswer, readAnswer } from '../vendor-answer.ts';
import { retryAfterMs } from './retry-after.ts';

/** An HTTP response as far as its meaning goes. */
export interface VendorResponse {
  httpStatus: number;
  /** By their names in lower case. */
  headers: Readonly<Record<string, string | string[] | undefined>>;
  answer: RawAnswer;
}

/** What a poll's response means. Total: every status and every body has an answer, and none of them throws. */
export function classify(response: VendorResponse, nowMs: number): PollAnswer {
  const { httpStatus, headers } = response;
  const wait = retryAfterMs(textIn(headers['retry-after']), textIn(headers.date), nowMs);
  const retryAfter = wait === undefined ? {} : { retryAfterMs: wait };

  if (httpStatus >= 200 && httpStatus < 300) return withStatus(readAnswer(response.answer), httpStatus);
  if (isFromTheEdge(response)) return { kind: 'unusable', problem: 'edge', httpStatus, ...retryAfter };
  switch (httpStatus) {
    case 429:
      return { kind: 'rate-limited', ...retryAfter };
    case 401:
    case 403:
      return { kind: 'refused', reason: 'key-refused', httpStatus };
    case 402:
      return { kind: 'refused', reason: 'out-of-credits', httpStatus };
    case 404:
      return { kind: 'refused', reason: 'task-not-found', httpStatus };
    case 400:
    case 422:
      return { kind: 'refused', reason: 'request-refused', httpStatus };
    case 503:
      return { kind: 'unusable', problem: 'server-error', httpStatus, ...retryAfter };
    default:
      return { kind: 'unusable', problem: httpStatus >= 500 ? 'server-error' : 'unexpected-status', httpStatus };
  }
}

function withStatus(answer: PollAnswer, httpStatus: number): PollAnswer {
  return answer.kind === 'unusable' ? { ...answer, httpStatus } : answer;
}

/**
 * Whether an error comes from the network in front of the vendor, which says nothing of the key, the account or the task: its challenge
 * and error pages. The vendor's own errors are JSON.
 * @see https://developers.cloudflare.com/cloudflare-challenges/challenge-types/challenge-pages/detect-response/
 */
function isFromTheEdge({ httpStatus, headers, answer }: VendorResponse): boolean {
  if (httpStatus < 400) return false;
  if (headers['cf-mitigated'] !== undefined) return true;
  // Too fast is too fast, whoever says so.
  if (httpStatus === 429 || isJson(answer)) return false;
  const isPage = /html/i.test(textIn(headers['content-type']) ?? '') || textOf(answer).trimStart().startsWith('<');
  const isOfTheEdgeAlone = httpStatus >= 520 && httpStatus <= 530;
  return isPage || isOfTheEdgeAlone || /cloudflare/i.test(textIn(headers.server) ?? '');
}

function isJson(answer: RawAnswer): boolean {
  const text = textOf(answer);
  // What ends a handler for want of memory ends a reveal that was paid for. An error of the vendor's is a few fields.
  if (hasTooManyParts(text)) return false;
  try {
    return typeof JSON.parse(text) === 'object';
  } catch {
    return false;
  }
}

/** A header's one value, or its first. */
export const textIn = (header: string | string[] | undefined): string | undefined =>
  Array.isArray(header) ? header[0] : header;

/** Whether the vendor says that the key is one of its sandbox, where nothing is charged and little is played. */
export const isOfSandbox = (headers: VendorResponse['headers']): boolean =>
  /^\s*true\s*$/i.test(textIn(headers['x-fiber-sandbox']) ?? '');
