import { type Cancelling, cancel } from '../usecases/cancel.ts';
import { type Erasing, erase } from '../usecases/erase.ts';
import type { HttpRequest } from './http-request.ts';
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
