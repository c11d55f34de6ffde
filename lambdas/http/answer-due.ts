import type { LambdaContext } from '../runtime/relay-handler.ts';

/** What is left of the handler's time when what takes many steps is answered as far as it is. */
const spareMs = 3_000;
/** Where the time is not known: less than the 30 s after which API Gateway gives up. */
const usualMs = 20_000;

/** By when an answer is due, in Unix milliseconds. */
export function answerDueAt({ getRemainingTimeInMillis: remaining }: LambdaContext, nowMs: number): number {
  return nowMs + (remaining ? remaining() - spareMs : usualMs);
}
