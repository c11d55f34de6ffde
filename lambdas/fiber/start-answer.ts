import type { Broken } from './http/exchange.ts';
import { retryAfterMs } from './http/retry-after.ts';
import { isOfSandbox, textIn, type VendorResponse } from './http/vendor-response.ts';
import { textOf } from './reading/answer-text.ts';
import { type CreditAlert, readCharge, readCreditAlert } from './reading/charge.ts';
import { hasTooManyParts, valuesAt } from './reading/json-text.ts';
import type { RawAnswer, UnusableProblem } from './vendor-answer.ts';
import { type Charge, errorAnswer, startedAnswer } from './vendor-schema.ts';

/** What one paid start came to, which is all that the rest of the relay looks at. */
export type StartAnswer =
  /** There is a task, and it is paid for. */
  | {
      kind: 'started';
      /** As the vendor wrote it, whatever characters it holds. */
      taskId: string;
      charge?: Charge;
      answer: RawAnswer;
    }
  /** The vendor will not start this one: there is no task, and nothing was charged. Its words may repeat the profile. */
  | { kind: 'refused'; httpStatus: number; answer: RawAnswer }
  /** No task, nothing charged, and worth another try. */
  | { kind: 'rate-limited'; retryAfterMs?: number }
  /** No task, nothing charged, and the next start will fare no better until somebody acts: starts pause, polls go on. */
  | {
      kind: 'blocked';
      reason: 'key-refused' | 'out-of-credits';
      httpStatus: number;
      /** With `out-of-credits`, if the vendor says how many are left and where to get more. */
      alert?: CreditAlert;
      answer: RawAnswer;
    }
  /** The network in front of the vendor did not let the request through. Worth another try. */
  | { kind: 'turned-away'; httpStatus: number; retryAfterMs?: number }
  /** No connection was made, so nothing left. Worth another try. */
  | { kind: 'not-sent'; problem: UnusableProblem }
  /** The key is one of the sandbox, which does not play this operation. Nothing was charged. */
  | { kind: 'sandbox'; httpStatus: number }
  /** There may be a task, and it may be paid for. Nobody starts this one again without being told to. */
  | {
      kind: 'unknown';
      problem: UnusableProblem;
      httpStatus?: number;
      /** What came, if anything: a task id may be in it. Not whole if the problem says so. */
      answer?: RawAnswer;
    };

/** What a start's response means. Total: every status and every body has an answer, and none of them throws. */
export function classifyStart(response: VendorResponse, nowMs: number): StartAnswer {
  const { httpStatus, headers, answer } = response;
  if (httpStatus >= 200 && httpStatus < 300) return readStarted(response);
  const wait = retryAfterMs(textIn(headers['retry-after']), textIn(headers.date), nowMs);
  const retryAfter = wait === undefined ? {} : { retryAfterMs: wait };
  if (httpStatus >= 400 && headers['cf-mitigated'] !== undefined) {
    return { kind: 'turned-away', httpStatus, ...retryAfter };
  }
  if (httpStatus === 501 && isOfSandbox(headers)) {
    return { kind: 'sandbox', httpStatus };
  }
  const error = errorAnswer.safeParse(jsonOf(textOf(answer)));
  // Whoever else stands on the way may have passed the request on.
  if (!error.success) return { kind: 'unknown', problem: problemOfStatus(httpStatus), httpStatus, answer };
  switch (httpStatus) {
    case 400:
    case 404:
    case 422:
      return { kind: 'refused', httpStatus, answer };
    case 401:
    case 403:
      return { kind: 'blocked', reason: 'key-refused', httpStatus, answer };
    case 402: {
      const alert = readCreditAlert(error.data.outOfCreditsAlert);
      return { kind: 'blocked', reason: 'out-of-credits', httpStatus, ...(alert && { alert }), answer };
    }
    case 429:
      return { kind: 'rate-limited', ...retryAfter };
    default:
      return { kind: 'unknown', problem: problemOfStatus(httpStatus), httpStatus, answer };
  }
}

/** What a start means that has brought no answer to read. */
export function brokenStart({ problem, isConnected, httpStatus, beginning }: Broken): StartAnswer {
  if (!isConnected) return { kind: 'not-sent', problem };
  return {
    kind: 'unknown',
    problem,
    ...(httpStatus !== undefined && { httpStatus }),
    ...(beginning && { answer: beginning }),
  };
}

function readStarted({ httpStatus, answer }: VendorResponse): StartAnswer {
  const unknown = (problem: UnusableProblem): StartAnswer => ({ kind: 'unknown', problem, httpStatus, answer });
  const text = textOf(answer);
  if (hasTooManyParts(text)) return unknown('too-large');
  const json = jsonOf(text);
  if (json === undefined) return unknown('not-json');
  const started = startedAnswer.safeParse(json);
  const taskId = (started.success && taskIdIn(started.data.output.taskId)) || taskIdBeside(text);
  if (taskId === undefined) return unknown('not-an-answer');
  const { charge } = readCharge((json as { chargeInfo?: unknown }).chargeInfo);
  return { kind: 'started', taskId, ...(charge && { charge }), answer };
}

/** Text that is malformed cannot be asked with again as it was, nor kept. */
const taskIdIn = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' && value.isWellFormed() ? value : undefined;

/** A plain parser takes the last field of a name. An id that stands in an earlier one is paid for all the same. */
function taskIdBeside(text: string): string | undefined {
  return valuesAt(text, ['output', 'taskId'])
    .map(taskIdIn)
    .findLast((id) => id !== undefined);
}

/** Undefined for what is no JSON. */
function jsonOf(text: string): unknown {
  if (hasTooManyParts(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function problemOfStatus(httpStatus: number): UnusableProblem {
  if (httpStatus >= 520 && httpStatus <= 530) return 'edge';
  return httpStatus >= 500 ? 'server-error' : 'unexpected-status';
}
