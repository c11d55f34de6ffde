import { type Cancelling, cancel } from '../usecases/ending/cancel.ts';
import { type Erasing, erase, erasePerson } from '../usecases/ending/erase.ts';
import { erasureBody } from './api-schema.ts';
import { type HttpRequest, readBody } from './http-request.ts';
import { type HttpAnswer, problemAnswer } from './problem.ts';
import { revealView } from './reveal-view.ts';

/** `DELETE /reveals/{id}` */
export async function answerCancel({ id }: HttpRequest, cancelling: Cancelling): Promise<HttpAnswer> {
  const record = await cancel(id, cancelling);
  if (typeof record === 'string') return problemAnswer(record, record === 'already-completed' ? { revealId: id } : {});
  return { status: 200, body: revealView(record) };
}

/** `DELETE /reveals/{id}/result` */
export async function answerErase({ id }: HttpRequest, erasing: Erasing): Promise<HttpAnswer> {
  const record = await erase(id, erasing);
  return typeof record === 'string' ? problemAnswer(record) : { status: 200, body: revealView(record) };
}

/** `POST /erasures`: the same by the person. The profile is in the body: a path would be logged on the way. */
export async function answerErasure(
  request: HttpRequest,
  erasing: Parameters<typeof erasePerson>[1],
): Promise<HttpAnswer> {
  const body = readBody(request, erasureBody);
  if (!body.ok) return body.answer;
  const record = await erasePerson(body.value.linkedinUrl, erasing);
  if (record !== 'no-such-reveal') return { status: 200, body: revealView(record) };
  return problemAnswer(record, { detail: 'Nothing is kept under the identity that this profile names.' });
}
