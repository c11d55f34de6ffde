import { setTimeout as sleep } from 'node:timers/promises';
import { type Screen, widthOf } from '../progress.ts';
import type { ApiAnswer, ApiClient } from './api-client.ts';
import { describeReveal, type Json } from './client-text.ts';
import { describeCounts, describeManyDone } from './list-text.ts';

export interface ListCommand {
  readonly name: 'lists';
  readonly list: string;
  readonly action?: 'results' | 'cancel' | 'resume' | 'erase' | undefined;
  readonly include?: string | undefined;
  readonly startTasks?: true | undefined;
}

interface Running {
  readonly api: Pick<ApiClient, 'call'>;
  readonly json: boolean;
  readonly stdout: Screen;
  readonly stderr: Screen;
  readonly interrupted: AbortSignal;
}

/** A service that the relay needs is back within this many questions, a second apart. */
const mostFaults = 15;

/**
 * `lists NAME`: how a list stands, its results, or something that is done to all of it. Each is gone through to its end, call after call.
 *
 * @param refuse prints an answer that is a problem
 * @returns the exit code
 */
export async function lists(
  command: ListCommand,
  running: Running,
  refuse: (answer: ApiAnswer) => number,
): Promise<number> {
  const path = `/lists/${encodeURIComponent(command.list)}`;
  switch (command.action) {
    case undefined:
      return count(path, running, refuse);
    case 'results':
      return results(path, command, running, refuse);
    default:
      return actOnAll(`${path}/${command.action}`, command, running, refuse);
  }
}

async function count(path: string, { api, json, stdout, interrupted }: Running, refuse: (answer: ApiAnswer) => number) {
  const answer = await last((cursor) => api.call('GET', withQuery(path, { cursor })), interrupted);
  if (!isFine(answer)) return refuse(answer);
  stdout.write(json ? `${JSON.stringify(answer.body)}\n` : describeCounts(answer.body, widthOf(stdout)));
  return 0;
}

/** With `--json` a line for each, in the order of the list. */
async function results(
  path: string,
  { include }: ListCommand,
  { api, json, stdout, interrupted }: Running,
  refuse: (answer: ApiAnswer) => number,
) {
  const page = (cursor: string | undefined) =>
    api.call('GET', withQuery(`${path}/results`, { limit: '100', include, cursor }));
  const answer = await last(page, interrupted, ({ results: found }) => {
    for (const one of found as Json[]) {
      if (json) stdout.write(`${JSON.stringify(one)}\n`);
      else stdout.write(one.gone ? `${one.revealId}: expired\n` : describeReveal(one, widthOf(stdout)));
    }
  });
  return isFine(answer) ? 0 : refuse(answer);
}

async function actOnAll(
  path: string,
  { startTasks }: ListCommand,
  { api, json, stdout, stderr, interrupted }: Running,
  refuse: (answer: ApiAnswer) => number,
) {
  const refused: Json[] = [];
  const call = (cursor: string | undefined) =>
    api.call('POST', path, { ...(startTasks && { startTasks }), ...(cursor !== undefined && { cursor }) });
  const answer = await last(call, interrupted, (body) => {
    refused.push(...(body.refused as Json[]));
    if (body.cursor !== undefined) stderr.write(`${body.done} done, ${body.left} left\n`);
  });
  if (!isFine(answer)) return refuse(answer);
  const whole = { ...answer.body, refused };
  stdout.write(json ? `${JSON.stringify(whole)}\n` : describeManyDone(whole, widthOf(stdout)));
  return Number(refused.length > 0);
}

/** Follows cursors to the end, and asks again where a service was not there. @returns the last answer, or the first one that is a problem */
async function last(
  call: (cursor: string | undefined) => Promise<ApiAnswer>,
  interrupted: AbortSignal,
  see: (body: Json) => void = () => {},
): Promise<ApiAnswer> {
  let cursor: string | undefined;
  for (let faults = 0; ; ) {
    const answer = await call(cursor);
    if (answer.status === 503 && faults < mostFaults) {
      faults += 1;
      await sleep(1_000, undefined, { signal: interrupted });
      continue;
    }
    faults = 0;
    if (!isFine(answer)) return answer;
    see(answer.body);
    if (typeof answer.body.cursor !== 'string') return answer;
    cursor = answer.body.cursor;
  }
}

const isFine = ({ status }: ApiAnswer) => status >= 200 && status < 300;

function withQuery(path: string, given: Readonly<Record<string, string | undefined>>): string {
  const query = new URLSearchParams(
    Object.entries(given).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  return query.size > 0 ? `${path}?${query}` : path;
}
