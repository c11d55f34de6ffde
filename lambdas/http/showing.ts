import type { Deliveries } from '../aws/deliveries.ts';
import { retryAfterSeconds } from '../reveal/next-read.ts';
import type { LambdaContext } from '../runtime/relay-handler.ts';
import { type Awaiting, awaitEnding } from '../usecases/showing/await-ending.ts';
import { type ShownReveal, showReveal } from '../usecases/showing/show.ts';
import { revealQuery } from './api-schema.ts';
import { type HttpRequest, readQuery } from './http-request.ts';
import { preferredWait } from './prefer.ts';
import { type HttpAnswer, problemAnswer } from './problem.ts';
import { revealView } from './reveal-view.ts';

/** What is left of the handler's time when a wait ends, ms: for a last read that is slow. */
const spareMs = 3_000;

/** `GET /reveals/{id}`: status, progress and result, as of this moment, or as soon as the reveal has ended. */
export async function answerShow(
  request: HttpRequest,
  { getRemainingTimeInMillis: remaining = () => Number.POSITIVE_INFINITY }: LambdaContext,
  showing: Awaiting & { mostWaitSeconds: number; deliveries?: Pick<Deliveries, 'ofReveal'> | undefined },
): Promise<HttpAnswer> {
  const query = readQuery(request, revealQuery);
  if (!query.ok) return query.answer;
  const { include, wait } = query.value;
  const preferred = wait === undefined ? preferredWait(request.prefer ?? '') : undefined;
  const wanted = wait === undefined ? preferred : Number(wait);
  if (wanted === undefined) return answerWith(await showReveal(request.id, showing));

  const seconds = Math.min(wanted, showing.mostWaitSeconds);
  const waitMs = Math.min(1_000 * seconds, remaining() - spareMs);
  const shown = await awaitEnding(request.id, showing.now() + waitMs, showing);
  const applied: Record<string, string> = preferred === undefined ? {} : { 'preference-applied': `wait=${seconds}` };
  if (typeof shown === 'string' || shown.record.status !== 'running') return answerWith(shown, 200, applied);
  const retryAfter = String(retryAfterSeconds(shown.record, showing.now()));
  return answerWith(shown, 202, { ...applied, 'retry-after': retryAfter });

  async function answerWith(
    found: ShownReveal | 'no-such-reveal',
    status = 200,
    headers: Record<string, string> = {},
  ): Promise<HttpAnswer> {
    if (typeof found === 'string') return problemAnswer(found);
    // Nobody is told before a reveal has ended.
    const deliveries = found.record.settledAt ? await showing.deliveries?.ofReveal(found.record.revealId) : undefined;
    const withLowQualityEmails = include === 'lowQualityEmails';
    const body = revealView(found.record, found.result, {
      withLowQualityEmails,
      earlier: found.earlier,
      ...(deliveries && { deliveries }),
    });
    return { status, headers, body };
  }
}
