import type { RevealsList } from '../aws/reveals-list.ts';
import type { RevealsTable } from '../aws/reveals-table.ts';
import type { Reason } from '../contract.ts';
import { RelayFault } from '../reveal/errors.ts';
import { changed, isExpired, type RevealRecord } from '../reveal/record.ts';
import { limits, listQuery, type RevealPage, revealQuery } from './api-schema.ts';
import { type HttpRequest, readQuery } from './http-request.ts';
import { type HttpAnswer, problemAnswer } from './problem.ts';
import { listedView, revealView } from './reveal-view.ts';

interface Reading {
  reveals: RevealsTable;
  list: RevealsList;
  /** Why nobody polls at the moment, or undefined while somebody may. */
  pausedBecause: () => Promise<Reason | undefined>;
  now: () => number;
}

const usualPage = 25;

/** `GET /reveals/{id}`: status, progress and result, as of this moment. */
export async function show(request: HttpRequest, id: string, reading: Omit<Reading, 'list'>): Promise<HttpAnswer> {
  const query = readQuery(request, revealQuery);
  if (!query.ok) return query.answer;
  const { reveals, now } = reading;
  const shown = { withLowQualityEmails: query.value.include === 'lowQualityEmails' };
  for (let tries = 0; tries < 3; tries += 1) {
    const record = await reveals.get(id);
    if (!record || isExpired(record, now())) return problemAnswer('no-such-reveal');
    const result = await reveals.resultOf(record);
    // What is gone has been erased or replaced since the record was read: it says so now.
    if (result !== 'gone') return { status: 200, body: revealView(await asOfNow(record, reading), result, shown) };
  }
  throw partMissing;
}

/** A reveal that sleeps cannot note that the pause is over: that others poll again shows in the budget. */
async function asOfNow(record: RevealRecord, { pausedBecause }: Pick<Reading, 'pausedBecause'>): Promise<RevealRecord> {
  return record.pausedBecause ? changed(record, { pausedBecause: await pausedBecause() }) : record;
}

/** `GET /reveals/{id}/answer`: what the vendor has answered, byte for byte, under the vendor's own content type. */
export async function answer(id: string, { reveals, now }: Pick<Reading, 'reveals' | 'now'>): Promise<HttpAnswer> {
  for (let tries = 0; tries < 3; tries += 1) {
    const record = await reveals.get(id);
    if (!record || isExpired(record, now())) return problemAnswer('no-such-reveal');
    const answer = await reveals.answerOf(record);
    if (answer === undefined) return problemAnswer('no-answer', { revealId: id });
    if (answer === 'gone') continue;
    const { bytes, contentType = '' } = answer;
    const headers = {
      'content-type': mediaType.test(contentType) ? contentType : 'application/octet-stream',
      // Somebody else's page is never shown as one of ours.
      'content-disposition': 'attachment',
    };
    return { status: 200, headers, bytes };
  }
  throw partMissing;
}

const partMissing = new RelayFault('DynamoDB', 'a part of the answer is missing');

/** As far as a header of ours may repeat it: a type, and parameters in printable ASCII. */
const mediaType = /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+[ -~]*$/;

/** `GET /reveals`: newest first, without contact data. */
export async function list(request: HttpRequest, { list, now }: Reading): Promise<HttpAnswer> {
  const query = readQuery(request, listQuery);
  if (!query.ok) return query.answer;
  const { status, since, cursor, limit } = query.value;
  const page = await list.page({
    status,
    since: since && new Date(since).toISOString(),
    cursor,
    limit: limit === undefined ? usualPage : Math.min(Number(limit), limits.pageItems),
    nowSeconds: now() / 1_000,
  });
  const body: RevealPage = { reveals: page.reveals.map(listedView), ...(page.cursor && { cursor: page.cursor }) };
  return { status: 200, body };
}
