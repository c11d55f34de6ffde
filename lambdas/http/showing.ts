import { type Showing, showReveal } from '../usecases/showing/show.ts';
import { revealQuery } from './api-schema.ts';
import { type HttpRequest, readQuery } from './http-request.ts';
import { type HttpAnswer, problemAnswer } from './problem.ts';
import { revealView } from './reveal-view.ts';

/** `GET /reveals/{id}`: status, progress and result, as of this moment. */
export async function answerShow(request: HttpRequest, showing: Showing): Promise<HttpAnswer> {
  const query = readQuery(request, revealQuery);
  if (!query.ok) return query.answer;
  const shown = await showReveal(request.id, showing);
  if (typeof shown === 'string') return problemAnswer(shown);
  const withLowQualityEmails = query.value.include === 'lowQualityEmails';
  return {
    status: 200,
    body: revealView(shown.record, shown.result, { withLowQualityEmails, earlier: shown.earlier }),
  };
}
