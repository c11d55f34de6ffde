import { isListName } from '../../reveal/lists/list-member.ts';
import { type Counted, type Counting, countList } from '../../usecases/lists/count-list.ts';
import { type ListingResults, listResults } from '../../usecases/lists/list-results.ts';
import { type HttpRequest, readQuery } from '../http-request.ts';
import { type HttpAnswer, problemAnswer } from '../problem.ts';
import { revealView } from '../reveal-view.ts';
import { cursorOf, progressCursor, progressIn, textIn } from './list-cursors.ts';
import { countQuery, type ListResult, type ListView, type ResultPage, resultsQuery } from './list-schema.ts';

/** `GET /lists/{name}`: how many stand where, what they have cost, and how long the rest may take. */
export async function answerCount(request: HttpRequest, counting: Counting): Promise<HttpAnswer> {
  if (!isListName(request.id)) return problemAnswer('no-such-list');
  const query = readQuery(request, countQuery);
  if (!query.ok) return query.answer;
  const { cursor: from } = query.value;
  const counted = await countList(request.id, from === undefined ? undefined : progressIn(from), counting);
  if (typeof counted === 'string') return problemAnswer(counted);
  const { secondsLeft, pausedBecause } = counted;
  const body: ListView = {
    list: request.id,
    ...countsIn(counted),
    ...(secondsLeft !== undefined && { secondsLeft }),
    ...(pausedBecause !== undefined && { pausedBecause }),
    ...cursorIn(counted),
  };
  return { status: 200, body };
}

function countsIn({ members, done, counts: { lastBegunMs: _, ...counts } }: Counted) {
  return { members: Math.max(members, done), done, ...counts };
}

function cursorIn(counted: Counted): { cursor?: string } {
  const cursor = progressCursor(counted);
  return cursor === undefined ? {} : { cursor };
}

/** API Gateway takes 6 MB, and bytes in base64 at that. */
const mostPageBytes = 3_000_000;
const usualPage = 25;
const lineTypes = ['application/jsonl', 'application/x-ndjson'];

/** `GET /lists/{name}/results`: in the order of the list, each with its result. A line of JSON for each, if the caller asks for lines. */
export async function answerResults(request: HttpRequest, listing: ListingResults): Promise<HttpAnswer> {
  if (!isListName(request.id)) return problemAnswer('no-such-list');
  const query = readQuery(request, resultsQuery);
  if (!query.ok) return query.answer;
  const { include, cursor: from, limit = usualPage } = query.value;
  const after = from === undefined ? undefined : textIn(from);
  const page = await listResults(request.id, { limit: Number(limit), after }, listing);
  const lines: string[] = [];
  let bytes = 0;
  let cut: string | undefined;
  for await (const { revealId, listedAt, shown } of page.results) {
    const withLowQualityEmails = include === 'lowQualityEmails';
    const result: ListResult = shown
      ? revealView(shown.record, shown.result, { withLowQualityEmails, earlier: shown.earlier })
      : { revealId, gone: true };
    const line = JSON.stringify(result);
    bytes += Buffer.byteLength(line);
    if (bytes > mostPageBytes && lines.length > 0) break;
    lines.push(line);
    cut = listedAt;
  }
  const isCut = lines.length > 0 && bytes > mostPageBytes;
  const next = isCut ? cut : page.next;
  if (lines.length === 0 && next === undefined && after === undefined) return problemAnswer('no-such-list');
  const cursor = next === undefined ? undefined : cursorOf(next);
  return answerOf(lines, cursor, request);
}

function answerOf(
  lines: readonly string[],
  cursor: string | undefined,
  { accept = '', query }: HttpRequest,
): HttpAnswer {
  const headers: Record<string, string> =
    cursor === undefined ? {} : { link: `<?${nextQuery(query, cursor)}>; rel="next"` };
  const type = lineTypes.find((name) => accept.toLowerCase().includes(name));
  if (type !== undefined) {
    const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
    return { status: 200, headers: { ...headers, 'content-type': type }, bytes };
  }
  const body: ResultPage = {
    results: lines.map((line) => JSON.parse(line) as ListResult),
    ...(cursor !== undefined && { cursor }),
  };
  return { status: 200, headers, body };
}

/** The same request for the next page: relative, as the path may have a stage's name in front. */
function nextQuery(query: string, cursor: string): string {
  const next = new URLSearchParams(query);
  next.set('cursor', cursor);
  return next.toString();
}
