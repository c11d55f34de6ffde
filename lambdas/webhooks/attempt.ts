import { webhookAttempts, webhookWaits } from '../contract.ts';
import { retryAfterMs } from '../fiber/http/retry-after.ts';

/** Why a receiver has answered nothing. `address-refused`: its name leads to an address that is not public. */
export type AttemptProblem =
  | 'address-refused'
  | 'no-such-host'
  | 'no-connection'
  | 'bad-certificate'
  | 'timed-out'
  | 'cut-off';

/** What came of asking a receiver once. */
export type Attempt =
  | { kind: 'answered'; status: number; retryAfter?: string | undefined; date?: string | undefined }
  | { kind: 'failed'; problem: AttemptProblem };

export type Verdict =
  | { kind: 'delivered' }
  /** It wants nothing more, ever. */
  | { kind: 'off' }
  | { kind: 'again'; afterSeconds: number }
  | { kind: 'given-up' };

/** A receiver that is busy for longer than this is asked all the same. */
const longestWaitSeconds = Math.max(...webhookWaits);

/**
 * What an attempt means, as Standard Webhooks has it: 2xx is delivered and 410 is no more, ever. All else is tried again, what a receiver refuses
 * included, as nobody knows whether that is for good; a redirect is not followed, and so is no delivery.
 *
 * @param number of the attempt, from 1
 * @param random from 0 to 1: spreads those who were refused together
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export function verdictOn(attempt: Attempt, number: number, random: number, nowMs: number): Verdict {
  const status = attempt.kind === 'answered' ? attempt.status : undefined;
  if (status !== undefined && status >= 200 && status < 300) return { kind: 'delivered' };
  if (status === 410) return { kind: 'off' };
  if (number >= webhookAttempts) return { kind: 'given-up' };
  const wait = webhookWaits[Math.max(0, number - 1)] ?? longestWaitSeconds;
  const wished = status === 429 || status === 503 ? wishedSeconds(attempt, nowMs) : 0;
  return { kind: 'again', afterSeconds: Math.ceil(Math.max(wait, wished) * (1 + 0.1 * random)) };
}

function wishedSeconds(attempt: Attempt, nowMs: number): number {
  if (attempt.kind !== 'answered') return 0;
  return Math.min(longestWaitSeconds, (retryAfterMs(attempt.retryAfter, attempt.date, nowMs) ?? 0) / 1_000);
}
