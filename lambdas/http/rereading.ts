import type { RevealsTable } from '../aws/reveals/reveals-table.ts';
import { type Rereading, reread } from '../usecases/showing/reread.ts';
import { resultIfKept } from '../usecases/showing/show.ts';
import type { HttpRequest } from './http-request.ts';
import { type HttpAnswer, problemAnswer } from './problem.ts';
import { revealView } from './reveal-view.ts';

/** `POST /reveals/{id}/reread`: reads the stored answer again. The reveal as it then is. */
export async function answerReread(
  { id }: HttpRequest,
  rereading: Rereading & { reveals: Pick<RevealsTable, 'resultOf'> },
): Promise<HttpAnswer> {
  const record = await reread(id, rereading);
  if (typeof record === 'string') return problemAnswer(record, record === 'no-answer' ? { revealId: id } : {});
  return { status: 200, body: revealView(record, await resultIfKept(record, rereading.reveals)) };
}
