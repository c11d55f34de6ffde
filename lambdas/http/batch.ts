import { type Checked, check } from '../reveal/checked.ts';
import { isRelayFault } from '../reveal/errors.ts';
import { positionBehind } from '../reveal/lists/list-member.ts';
import type { LambdaContext } from '../runtime/relay-handler.ts';
import type { RevealStarter } from '../usecases/starting/start.ts';
import { type BatchedStart, type BatchStarting, startBatch } from '../usecases/starting/start-batch.ts';
import { answerDueAt } from './answer-due.ts';
import { type BatchAnswer, type BatchResult, batchBody, batchItem, type StartBody } from './api-schema.ts';
import { type HttpRequest, readBody } from './http-request.ts';
import { type HttpAnswer, type ProblemName, problemAnswer, problemBody } from './problem.ts';
import { revealLocation } from './reveal-view.ts';

/** `POST /reveals/batch`: every item by itself, each with a status of its own, in the order of the request. A dry run answers what would be done, and does none of it. */
export async function answerBatch(
  request: HttpRequest,
  context: LambdaContext,
  starting: BatchStarting & { starter: Pick<RevealStarter, 'foresee'> },
): Promise<HttpAnswer> {
  const body = readBody(request, batchBody);
  if (!body.ok) return body.answer;
  const { reveals, maxCredits, dryRun, position: first = positionBehind(starting.now()), ...defaults } = body.value;
  const items = reveals.map((item) => check(batchItem, item));
  const wanted = items.flatMap((item, at) => (item.ok ? [{ ...defaults, position: first + at, ...item.value }] : []));
  const deadlineMs = answerDueAt(context, starting.now());
  const key = request.idempotencyKey;
  const needsKey = maxCredits !== undefined || wanted.some(({ maxAge }) => maxAge === 0);
  if (key === undefined && needsKey) return problemAnswer('key-missing');
  const batch = key === undefined || maxCredits === undefined ? undefined : { key, maxCredits };
  const foreseeing = { start: starting.starter.foresee.bind(starting.starter) };
  const starts = await startBatch(wanted, { key, batch }, deadlineMs, {
    ...starting,
    ...(dryRun && { starter: foreseeing }),
  });
  return { status: 207, body: { ...(dryRun && { dryRun }), ...summaryOf(resultsOf(items, starts)) } };
}

/** Those that were malformed among those that were not, in the order of the request. */
function resultsOf(items: readonly Checked<StartBody>[], starts: readonly BatchedStart[]): BatchResult[] {
  const next = starts.values();
  return items.map((item) => {
    if (!item.ok) return refused('invalid-body', { detail: `This item: ${item.problem}.` });
    return resultOf(next.next().value ?? { kind: 'late' });
  });
}

function resultOf(start: BatchedStart): BatchResult {
  if (start.kind === 'late') return refused('try-again');
  if (start.kind === 'failed') return refused(isRelayFault(start.error) ? 'try-again' : 'relay-broken');
  if (start.kind === 'would-start') {
    return { status: 202, wouldStart: { revealId: start.revealId, credits: start.credits } };
  }
  const { revealId, status, generation } = start.record;
  const { optionsDiffer, missing, ageSeconds } = start;
  const location = revealLocation(revealId);
  if (start.kind === 'refused') return { ...refused('options-differ', { revealId, optionsDiffer }), location };
  return {
    status: start.kind === 'started' ? 202 : 200,
    reveal: { revealId, status, generation },
    location,
    ...(optionsDiffer.length > 0 && { optionsDiffer }),
    ...(missing.length > 0 && { missing }),
    ...(ageSeconds !== undefined && { ageSeconds }),
  };
}

function refused(name: ProblemName, more?: Parameters<typeof problemBody>[1]): BatchResult {
  const problem = problemBody(name, more);
  return { status: problem.status, problem };
}

function summaryOf(results: BatchResult[]): BatchAnswer {
  const started = results.filter(({ status }) => status === 202).length;
  const attached = results.filter(({ status }) => status === 200).length;
  return { started, attached, refused: results.length - started - attached, results };
}
