import { type Listing, listReveals } from '../../usecases/showing/list.ts';
import { listQuery, type RevealPage } from '../api-schema.ts';
import { type HttpRequest, readQuery } from '../http-request.ts';
import type { HttpAnswer } from '../problem.ts';
import { listedView } from '../reveal-view.ts';

/** `GET /reveals`: newest first, without contact data. */
export async function answerList(request: HttpRequest, listing: Listing): Promise<HttpAnswer> {
  const query = readQuery(request, listQuery);
  if (!query.ok) return query.answer;
  const { limit, ...wanted } = query.value;
  const page = await listReveals({ ...wanted, ...(limit !== undefined && { limit: Number(limit) }) }, listing);
  const body: RevealPage = { reveals: page.reveals.map(listedView), ...(page.cursor && { cursor: page.cursor }) };
  return { status: 200, body };
}
