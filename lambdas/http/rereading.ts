import type { RevealsTable } from '../aws/reveals-table.ts';
import { type Rereading, reread } from '../usecases/reread.ts';
import { type HttpAnswer, problemAnswer } from './problem.ts';
import { revealView } from './reveal-view.ts';

/** `POST /reveals/{id}/reread`: reads the stored answer again. The reveal as it then is. */
export async function readAgain(
  id: string,
  rereading: Rereading & { reveals: Pick<RevealsTable, 'resultOf'> },
): Promise<HttpAnswer> {
  const record = await reread(id, rereading);
  if (typeof record === 'string') return problemAnswer(record, record === 'no-answer' ? { revealId: id } : {});
  const result = await rereading.reveals.resultOf(record);
  return { status: 200, body: revealView(record, result === 'gone' ? undefined : result) };
}
