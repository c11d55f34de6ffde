import type { RevealsTable } from '../aws/reveals/reveals-table.ts';
import { asOfNow, earlierResults, resultIfKept } from '../usecases/showing/show.ts';
import type { StartsPaused } from '../usecases/starting/brake.ts';
import { type Resuming, resume } from '../usecases/starting/resume.ts';
import type { RevealStarter, Started } from '../usecases/starting/start.ts';
import { resumeBody, startBody } from './api-schema.ts';
import { type HttpRequest, readBody } from './http-request.ts';
import { type HttpAnswer, problemAnswer } from './problem.ts';
import { revealLocation, revealView } from './reveal-view.ts';

interface Starting extends StartsPaused {
  starter: Pick<RevealStarter, 'start'>;
  reveals: Pick<RevealsTable, 'resultOf' | 'earlier'>;
  /** Unix milliseconds. */
  now: () => number;
  /** Names one request, unlike any other. */
  newClaimant: () => string;
}

/** `POST /reveals`: 202 for a reveal that is new, 200 for one that is there, with its result if that is there too. */
export async function answerStart(request: HttpRequest, starting: Starting): Promise<HttpAnswer> {
  const body = readBody(request, startBody);
  if (!body.ok) return body.answer;
  const key = request.idempotencyKey;
  if (body.value.maxAge === 0 && key === undefined) return problemAnswer('key-missing');
  return startedAnswer(await starting.starter.start(body.value, { claimedBy: starting.newClaimant(), key }), starting);
}

/** `POST /reveals/{id}/resume`: another generation of a reveal that ended without a result; any other stays as it is. */
export async function answerResume(request: HttpRequest, starting: Starting & Resuming): Promise<HttpAnswer> {
  const body = readBody(request, resumeBody, { optional: true });
  if (!body.ok) return body.answer;
  const started = await resume(request.id, body.value, starting.newClaimant(), starting);
  return typeof started === 'string'
    ? problemAnswer(started, started === 'no-such-reveal' ? {} : { revealId: request.id })
    : startedAnswer(started, starting);
}

async function startedAnswer(
  { kind, record, optionsDiffer, missing, ageSeconds }: Started,
  starting: Pick<Starting, 'reveals' | 'now'> & StartsPaused,
): Promise<HttpAnswer> {
  const { revealId } = record;
  const headers = { location: revealLocation(revealId) };
  if (kind === 'refused') return problemAnswer('options-differ', { revealId, optionsDiffer }, headers);
  const earlier = await earlierResults(record, starting);
  const result = await resultIfKept(record, starting.reveals);
  const view = revealView(await asOfNow(record, starting), result, { earlier });
  const body = {
    ...view,
    ...(optionsDiffer.length > 0 && { optionsDiffer }),
    ...(missing.length > 0 && { missing }),
    ...(ageSeconds !== undefined && { ageSeconds }),
  };
  return { status: kind === 'started' ? 202 : 200, headers, body };
}
