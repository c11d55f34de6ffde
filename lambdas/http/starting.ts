import { randomUUID } from 'node:crypto';
import type { RevealsTable } from '../aws/reveals-table.ts';
import { isRelayFault } from '../reveal/errors.ts';
import { isExpired } from '../reveal/record.ts';
import { check } from '../reveal/request.ts';
import type { Admitted, Door } from '../usecases/start.ts';
import { type BatchAnswer, type BatchResult, batchBody, resumeBody, type StartBody, startBody } from './api-schema.ts';
import { type HttpRequest, readBody } from './http-request.ts';
import { type HttpAnswer, problemAnswer, problemBody } from './problem.ts';
import { optionsThatDiffer, revealView } from './reveal-view.ts';

interface Starting {
  door: Door;
  reveals: RevealsTable;
  now: () => number;
}

interface StartingInTime extends Starting {
  /** For so many milliseconds; rejects when it is told to stop. */
  sleep: (ms: number, value: undefined, options: { signal: AbortSignal }) => Promise<unknown>;
}

/** How many items of a batch are under way at a time: as many as one connection pool carries without queueing. */
const batchConcurrency = 25;

const locationOf = (revealId: string) => `/reveals/${revealId}`;

/** `POST /reveals`: 202 for a reveal that is new, 200 for one that is there, with its result if that is there too. */
export async function start(request: HttpRequest, starting: Starting): Promise<HttpAnswer> {
  const body = readBody(request, startBody);
  if (!body.ok) return body.answer;
  const { ifDifferent, ...wanted } = body.value;
  const admitted = await starting.door.enter(wanted, randomUUID());
  const optionsDiffer = differences(wanted, admitted);
  const { revealId } = admitted.record;
  if (ifDifferent === 'refuse' && optionsDiffer.length > 0) {
    return problemAnswer('options-differ', { revealId, optionsDiffer }, { location: locationOf(revealId) });
  }
  return admittedAnswer(admitted, optionsDiffer, starting);
}

/** `POST /reveals/{id}/resume`: another generation of a reveal that ended without a result; any other stays as it is. */
export async function resume(request: HttpRequest, id: string, starting: Starting): Promise<HttpAnswer> {
  const body = readBody(request, resumeBody, { optional: true });
  if (!body.ok) return body.answer;
  const record = await starting.reveals.get(id);
  if (!record || isExpired(record, starting.now())) return problemAnswer('no-such-reveal');
  const { taskId, priority, reference } = record;
  const admitted = await starting.door.enter({ taskId, priority, reference, ...body.value }, randomUUID());
  return admittedAnswer(admitted, differences(body.value, admitted), starting);
}

/**
 * `POST /reveals/batch`: every item by itself, each with a status of its own, in the order of the request. Whoever waits for an answer gets one
 * in time: what is not known to be started by then is to be sent again, which is safe.
 */
export async function startBatch(
  request: HttpRequest,
  deadlineMs: number,
  starting: StartingInTime,
): Promise<HttpAnswer> {
  const body = readBody(request, batchBody);
  if (!body.ok) return body.answer;
  const { reveals: items, ...defaults } = body.value;
  const results: BatchResult[] = items.map(() => ({ status: 503, problem: problemBody('try-again') }));
  const waiting = items.entries();
  const worker = async () => {
    for (const [index, item] of waiting) {
      if (starting.now() >= deadlineMs) return;
      results[index] = await startItem(item, defaults, starting);
    }
  };
  const everything = Promise.all(Array.from({ length: Math.min(batchConcurrency, items.length) }, worker));
  const inTime = new AbortController();
  const timeIsUp = starting.sleep(Math.max(0, deadlineMs - starting.now()), undefined, inTime).catch(() => {});
  await Promise.race([everything, timeIsUp]);
  inTime.abort();
  return { status: 207, body: summaryOf([...results]) };
}

async function startItem(
  item: unknown,
  defaults: Pick<StartBody, 'priority' | 'ifDifferent'>,
  { door }: Starting,
): Promise<BatchResult> {
  const checked = check(startBody, item);
  if (!checked.ok) {
    const problem = problemBody('invalid-body', { detail: `This item: ${checked.problem}.` });
    return { status: problem.status, problem };
  }
  const { ifDifferent, ...wanted } = { ...defaults, ...checked.value };
  try {
    const admitted = await door.enter({ ...wanted, priority: wanted.priority ?? 'bulk' }, randomUUID());
    const optionsDiffer = differences(wanted, admitted);
    const { revealId, status, generation } = admitted.record;
    if (ifDifferent === 'refuse' && optionsDiffer.length > 0) {
      const problem = problemBody('options-differ', { revealId, optionsDiffer });
      return { status: problem.status, location: locationOf(revealId), problem };
    }
    return {
      status: admitted.isNew ? 202 : 200,
      reveal: { revealId, status, generation },
      location: locationOf(revealId),
      ...(optionsDiffer.length > 0 && { optionsDiffer }),
    };
  } catch (error) {
    const problem = problemBody(isRelayFault(error) ? 'try-again' : 'relay-broken');
    return { status: problem.status, problem };
  }
}

function summaryOf(results: BatchResult[]): BatchAnswer {
  const started = results.filter(({ status }) => status === 202).length;
  const attached = results.filter(({ status }) => status === 200).length;
  return { started, attached, refused: results.length - started - attached, results };
}

function differences(asked: Partial<StartBody>, { isNew, record }: Admitted) {
  return isNew ? [] : optionsThatDiffer(asked, record);
}

async function admittedAnswer(
  { isNew, record }: Admitted,
  optionsDiffer: ReturnType<typeof optionsThatDiffer>,
  { reveals }: Starting,
): Promise<HttpAnswer> {
  const result = await reveals.resultOf(record);
  return {
    status: isNew ? 202 : 200,
    headers: { location: locationOf(record.revealId) },
    body: {
      ...revealView(record, result === 'gone' ? undefined : result),
      ...(optionsDiffer.length > 0 && { optionsDiffer }),
    },
  };
}
