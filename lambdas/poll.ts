import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '@aws-lambda-powertools/logger';
import { envNames, type Reason, type RevealState, type WorkflowCall } from './contract.ts';
import { ApiKey } from './outbound/api-key.ts';
import { FiberClient } from './outbound/fiber-client.ts';
import type { PollBudget } from './outbound/poll-budget.ts';
import { RevealsTable } from './outbound/reveals-table.ts';
import { pollBudget } from './outbound/wiring.ts';
import { workflowHandler } from './outbound/workflow-handler.ts';
import { UnexpectedState } from './reveal/errors.ts';
import { slotStillGood } from './reveal/poll-budget.ts';
import { asTurnAnswer, endingOf, endsAtOnce } from './reveal/poll-ending.ts';
import { afterPoll, askForSlot, type GiveUp, newTurn, type Slot, type Turn, type Wake } from './reveal/poll-turn.ts';
import { changed, finishedWith, type RecordChanges, type RevealRecord, withAnswer } from './reveal/record.ts';
import { packResult } from './reveal/result-parts.ts';
import { endedState, endingState, pendingState, readState } from './reveal/state.ts';
import { countFound, type PollAnswer } from './reveal/vendor-answer.ts';

interface Polling {
  reveals: RevealsTable;
  budget: PollBudget;
  fiber: FiberClient;
  apiKey: ApiKey;
  maxWaitMs: number;
  retentionDays: number;
  now: () => number;
  log: Pick<Logger, 'info'>;
}

const missedSlotsMs = 5_000;

type Done = Extract<PollAnswer, { kind: 'done' }>;

/**
 * The state `Poll`: waits for its slot if that is near, asks the vendor once, keeps what it learned in the record, and says
 * what is next.
 */
export async function pollReveal({ state }: WorkflowCall, polling: Polling): Promise<RevealState> {
  const { reveals, maxWaitMs } = polling;
  const current = readState(state);
  if (!current) throw new UnexpectedState('poll');
  const { revealId, generation } = current;

  const record = await reveals.get(revealId);
  if (!record || record.generation !== generation) return { revealId, generation, outcome: 'duplicate' };
  if (record.status !== 'running') return endedState(record, true);

  const admittedAt = Date.parse(record.createdAt);
  const turn = current.turn ?? newTurn(record.priority, admittedAt, admittedAt, maxWaitMs);
  const next = await takeTurn(record, turn, polling);
  if (next) return next;
  // Somebody settled the reveal meanwhile: theirs holds.
  const settled = await reveals.get(revealId);
  return settled
    ? endedState(settled, settled.generation === generation)
    : { revealId, generation, outcome: 'duplicate' };
}

/** Undefined if the reveal was settled while this went on. */
async function takeTurn(record: RevealRecord, turn: Turn, polling: Polling): Promise<RevealState | undefined> {
  const { reveals, budget, fiber, apiKey, now, log } = polling;
  const slot = await slotFor(turn, polling);
  if (slot.kind === 'wake') return goOn(record, slot, {}, reveals);
  if (slot.kind === 'giveUp') return endingState(record, endingOf(slot, record.lastError));

  // A probe asks whether the key that was refused has been replaced.
  const key = slot.probe ? await apiKey.refetch() : await apiKey.get();
  const sentAt = now();
  const answer = await fiber.poll(key, record.taskId);
  log.info('polled', { revealId: record.revealId, poll: record.polls + 1, ...summaryOf(answer) });

  const progress = withAnswer(record, answer, now());
  const seen = await answerFor(answer, key, apiKey);
  const next = await budget.decide((context) => afterPoll(context, turn, asTurnAnswer(seen), sentAt, slot));
  if (answer.kind === 'done') {
    const kept = await keepResult(record, answer, progress, polling);
    if (kept && next.kind === 'done') await learn(next, polling);
    return kept;
  }
  const ending =
    endsAtOnce(answer) ?? (next.kind === 'giveUp' ? endingOf(next, progress.lastError ?? undefined) : undefined);
  if (ending) return (await reveals.whileRunning(record, progress)) ? endingState(record, ending) : undefined;
  return next.kind === 'wake' ? goOn(record, next, progress, reveals) : undefined;
}

/** A slot that is good at this moment, having slept until it; or when to come back for one. */
async function slotFor(turn: Turn, { budget, now }: Polling): Promise<Slot | Wake | GiveUp> {
  for (let tries = 0; tries < 3; tries += 1) {
    const slot = await budget.decide((context) => askForSlot(context, turn));
    if (slot.kind !== 'slot') return slot;
    const early = slot.pollAt - now();
    if (early > 0) await sleep(early);
    // Who slept may have been overtaken by a cool-down or a pause.
    const item = early > 1_000 ? await budget.read() : slot.item;
    if (slotStillGood(item, slot.pollAt, now(), slot.probe)) return slot;
  }
  // Three slots in a row went by unused: this machine is slow or its clock is wrong. Somebody else may take the next one.
  return { kind: 'wake', wakeAt: now() + missedSlotsMs, turn };
}

/**
 * What the answer is worth to the budget. A refusal of a key that has been replaced in the secret says nothing about the new
 * one: it must not pause everybody.
 */
async function answerFor(answer: PollAnswer, key: string, apiKey: ApiKey): Promise<PollAnswer> {
  if (answer.kind !== 'refused' || answer.reason !== 'key-refused') return answer;
  return (await apiKey.refetch()) === key ? answer : { kind: 'unusable', problem: 'key-replaced' };
}

/** Stores the finished result, in the invocation that saw it. */
async function keepResult(
  record: RevealRecord,
  answer: Done,
  progress: RecordChanges,
  { reveals, retentionDays, now }: Polling,
): Promise<RevealState | undefined> {
  const finished = finishedWith(answer, { nowMs: now(), retentionDays });
  const isKept = await reveals.keepResult(record, packResult(answer.result), { ...progress, ...finished });
  return isKept ? endedState(changed(record, finished), true) : undefined;
}

async function goOn(
  record: RevealRecord,
  { wakeAt, turn, pausedBecause }: Wake,
  progress: RecordChanges,
  reveals: RevealsTable,
): Promise<RevealState | undefined> {
  const changes: RecordChanges = {
    ...progress,
    nextPollAt: new Date(wakeAt).toISOString(),
    pausedBecause: (pausedBecause as Reason | undefined) ?? null,
  };
  return (await reveals.whileRunning(record, changes)) ? pendingState(record, wakeAt, turn) : undefined;
}

/** Best effort: a reveal whose result is stored must not be polled again because a histogram could not be written. */
async function learn(done: { fromSeconds: number; toSeconds: number }, { budget, log }: Polling): Promise<void> {
  try {
    await budget.learn(done);
  } catch {
    log.info('duration not noted', done);
  }
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
    budget: pollBudget(environment, now),
    fiber: new FiberClient({ baseUrl: environment.text(envNames.fiberBaseUrl), now }),
    apiKey: new ApiKey(environment.text(envNames.apiKeySecret)),
    maxWaitMs: environment.positive(envNames.maxWaitSeconds) * 1_000,
    retentionDays: environment.positive(envNames.retentionDays),
    now,
    log,
  };
  return (call: WorkflowCall) => pollReveal(call, polling);
});
