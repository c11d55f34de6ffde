import type { Logger } from '@aws-lambda-powertools/logger';
import { envNames, type RevealState, type WorkflowCall } from './contract.ts';
import { ApiKey } from './outbound/api-key.ts';
import { FiberClient } from './outbound/fiber-client.ts';
import { RevealsTable } from './outbound/reveals-table.ts';
import { workflowHandler } from './outbound/workflow-handler.ts';
import { UnexpectedState } from './reveal/errors.ts';
import { nextPollAt, type PollSchedule } from './reveal/poll-schedule.ts';
import { verdictOn } from './reveal/poll-verdict.ts';
import { expiryOf, type RevealRecord, withAnswer } from './reveal/record.ts';
import { packResult } from './reveal/result-parts.ts';
import { readState, stateOf } from './reveal/state.ts';
import { countFound, type PollAnswer } from './reveal/vendor-answer.ts';

interface Polling {
  reveals: RevealsTable;
  fiber: FiberClient;
  apiKey: ApiKey;
  schedule: PollSchedule;
  maxWaitMs: number;
  retentionDays: number;
  now: () => number;
  log: Pick<Logger, 'info'>;
}

/** The state `Poll`: asks the vendor once, keeps what it learned in the record, and says what is next. */
export async function pollReveal({ state }: WorkflowCall, polling: Polling): Promise<RevealState> {
  const { reveals, fiber, apiKey, log } = polling;
  const current = readState(state);
  if (!current) throw new UnexpectedState('poll');
  const { revealId, generation } = current;

  const record = await reveals.get(revealId);
  if (!record) return { revealId, generation, outcome: 'duplicate' };
  const isOurs = record.generation === generation;
  if (!isOurs || record.status !== 'running') return stateOf(record, isOurs);

  const answer = await fiber.poll(await apiKey.get(), record.taskId);
  log.info('polled', { revealId, poll: record.polls + 1, ...summaryOf(answer) });

  const next = answer.kind === 'done' ? await keepResult(record, answer, polling) : await goOn(record, answer, polling);
  if (next) return next;
  // Somebody settled the reveal while the vendor was answering: theirs holds.
  const settled = await reveals.get(revealId);
  return settled ? stateOf(settled, settled.generation === generation) : { revealId, generation, outcome: 'duplicate' };
}

/** Stores the finished result, in the invocation that saw it. Undefined if the reveal has been settled meanwhile. */
async function keepResult(
  record: RevealRecord,
  answer: Extract<PollAnswer, { kind: 'done' }>,
  { reveals, retentionDays, now }: Polling,
): Promise<RevealState | undefined> {
  const nowMs = now();
  const expiresAt = expiryOf(nowMs, retentionDays);
  const packed = packResult(answer.result);
  if ('parts' in packed) {
    for (const [index, bytes] of packed.parts.entries()) await reveals.putResultPart(record, index, bytes, expiresAt);
  }
  const changes: Partial<RevealRecord> = {
    ...withAnswer(record, answer, nowMs),
    status: answer.outcome,
    ...(answer.outcome === 'failed' && { reason: 'vendor-failed' as const }),
    ...('parts' in packed ? { resultParts: packed.parts.length } : packed),
    found: countFound(answer.result),
    ...(answer.charge && { charge: answer.charge }),
    settledAt: new Date(nowMs).toISOString(),
    expiresAt,
  };
  return (await reveals.whileRunning(record, changes)) ? stateOf({ ...record, ...changes }, true) : undefined;
}

/** Notes what the answer said, and either goes on or ends the reveal. Undefined if it has been settled meanwhile. */
async function goOn(
  record: RevealRecord,
  answer: Exclude<PollAnswer, { kind: 'done' }>,
  { reveals, schedule, maxWaitMs, now }: Polling,
): Promise<RevealState | undefined> {
  const nowMs = now();
  const progress = withAnswer(record, answer, nowMs);
  const verdict = verdictOn(answer, record, { maxWaitMs, nowMs });
  const { revealId, generation } = record;
  if (verdict.kind === 'end') {
    // The settle state writes how it ended, so that there is one place which does.
    const { outcome, reason } = verdict;
    return (await reveals.whileRunning(record, progress)) ? { revealId, generation, outcome, reason } : undefined;
  }
  const retryAfterMs = answer.kind === 'rate-limited' ? answer.retryAfterMs : undefined;
  const changes = { ...progress, nextPollAt: new Date(nextPollAt(schedule, nowMs, retryAfterMs)).toISOString() };
  return (await reveals.whileRunning(record, changes)) ? stateOf({ ...record, ...changes }, true) : undefined;
}

/** What a log may say of an answer: never the answer. */
function summaryOf(answer: PollAnswer) {
  switch (answer.kind) {
    case 'done':
      return { answer: answer.kind, outcome: answer.outcome, found: countFound(answer.result) };
    case 'running':
      return { answer: answer.kind };
    case 'rate-limited':
      return { answer: answer.kind, retryAfterMs: answer.retryAfterMs };
    case 'refused':
      return { answer: answer.kind, reason: answer.reason, httpStatus: answer.httpStatus };
    case 'unusable':
      return { answer: answer.kind, problem: answer.problem, httpStatus: answer.httpStatus };
  }
}

export const handler = workflowHandler('poll', ({ environment, now, log }) => {
  const polling: Polling = {
    reveals: new RevealsTable(environment.text(envNames.revealsTable)),
    fiber: new FiberClient({ baseUrl: environment.text(envNames.fiberBaseUrl), now }),
    apiKey: new ApiKey(environment.text(envNames.apiKeySecret)),
    schedule: {
      firstWaitMs: environment.positive(envNames.firstWaitSeconds) * 1_000,
      pollEveryMs: environment.positive(envNames.pollEverySeconds) * 1_000,
    },
    maxWaitMs: environment.positive(envNames.maxWaitSeconds) * 1_000,
    retentionDays: environment.positive(envNames.retentionDays),
    now,
    log,
  };
  return (call: WorkflowCall) => pollReveal(call, polling);
});
