import type { ApiKey } from '../../aws/api-key.ts';
import type { RateBudget } from '../../aws/budgets/rate-budget.ts';
import type { CreditCap, Reservation } from '../../aws/credit-cap.ts';
import type { PaidStarts } from '../../aws/reveals/paid-starts.ts';
import type { RevealsTable } from '../../aws/reveals/reveals-table.ts';
import { type RevealState, startCallSeconds } from '../../contract.ts';
import type { FiberStarts } from '../../fiber/fiber-starts.ts';
import type { StartAnswer } from '../../fiber/start-answer.ts';
import type { Slot } from '../../polling/polling-state.ts';
import { noteStart, type StartAnswered, type StartVerdict } from '../../polling/starts.ts';
import { statedCredits } from '../../reveal/credits.ts';
import { loggedFacts } from '../../reveal/errors.ts';
import type { StartedTask } from '../../reveal/life/paid-start.ts';
import type { RevealRecord } from '../../reveal/record.ts';
import { endedState, endingState, toStartState } from '../../reveal/state.ts';

export interface PaidCalling {
  reveals: Pick<RevealsTable, 'get' | 'whileRunning'>;
  starts: Pick<PaidStarts, 'intend' | 'withdraw' | 'unknown' | 'started'>;
  budget: Pick<RateBudget, 'context' | 'decide' | 'reach'>;
  apiKey: Pick<ApiKey, 'refetch'>;
  fiber: Pick<FiberStarts, 'start'>;
  /** What is next for a reveal that has its task. */
  firstPoll: (record: RevealRecord) => Promise<RevealState>;
  maxWaitMs: number;
  sleep: (ms: number) => Promise<unknown>;
  /** Unix milliseconds. */
  now: () => number;
  /** Milliseconds of a clock that nobody sets. */
  monotonic: () => number;
  /** Milliseconds until this invocation is ended, whatever it is at. */
  leftMs: () => number;
  log: { info(message: string, facts: Record<string, unknown>): void };
}

/** One call that is about to be made: its slot, its key, and what is set aside for it. */
export interface PaidCall {
  slot: Slot;
  key: string;
  call: Reservation;
  caps: readonly Pick<CreditCap, 'commit' | 'release'>[];
}

/** A start that came to nothing is tried again after this long. */
export const againMs = 5_000;
/** A write that must not be lost is tried so often. */
const writeTries = 4;
const writeAgainMs = 500;
/** Half a day of that fits into the history of one execution, which may have 25,000 events. */
const keepAgainMs = 30_000;
/** What one such try may last that no answer comes to: its writes and a read, each until it is given up on. */
const writeMayLastMs = 22_000;
/** Whoever sets out needs so long in the worst case: or the answer may come to a handler that is no more. */
export const callNeedsMs = 1_000 * (startCallSeconds.leavesWithin + startCallSeconds.answer) + writeMayLastMs + 5_000;

/**
 * Announces the call, makes it, and keeps what came of it.
 *
 * It must never be made twice: so it is announced on the record before, and whoever finds the announcement of another waits until that one has
 * answered, or cannot any more. What is taken back was not sent, or was refused; what cannot be taken back is unknown.
 */
export async function makePaidCall(
  record: RevealRecord,
  paid: PaidCall,
  calling: PaidCalling,
): Promise<RevealState | 'nothing-came-of-it'> {
  const { starts, now } = calling;
  const { nonce } = paid.call;
  const setOutAt = calling.monotonic();
  if (!(await starts.intend(record, { nonce, at: new Date(now()).toISOString() }))) {
    await release(paid);
    // Somebody was faster, or the reveal has ended: the next look at the record says which.
    return toStartState(record, { nextStartAt: now() });
  }
  // A container may have been frozen in between, and others take a call for dead that is still to leave.
  const isLate = calling.monotonic() - setOutAt > 1_000 * startCallSeconds.leavesWithin;
  const sentAt = now();
  const { linkedinUrl = '', find = [] } = record;
  const answer: StartAnswer = isLate
    ? { kind: 'not-sent', problem: 'timed-out' }
    : await calling.fiber.start(paid.key, linkedinUrl, find);
  calling.log.info('start answered', { revealId: record.revealId, ...loggedOf(answer) });
  return cameOf(answer, record, { ...paid, sentAt }, calling);
}

async function cameOf(
  answer: StartAnswer,
  record: RevealRecord,
  paid: PaidCall & { sentAt: number },
  calling: PaidCalling,
): Promise<RevealState | 'nothing-came-of-it'> {
  const { starts } = calling;
  const { revealId } = record;
  const { nonce } = paid.call;
  switch (answer.kind) {
    case 'started': {
      const { taskId, charge } = answer;
      const startedAt = new Date(paid.sentAt).toISOString();
      const next = await keepStarted(record, { taskId, nonce, startedAt, ...(charge && { charge }) }, calling);
      // What is charged later is not known yet, whatever figure stands beside it.
      const charged = charge?.method === 'charging-later' ? undefined : statedCredits(charge).creditsCharged;
      await paidFor(paid, { kind: 'accepted' }, calling, charged);
      return next;
    }
    case 'unknown':
      // The announcement says as much: without this write it is only not known why.
      await insist(
        'start not noted',
        record,
        () => starts.unknown(revealId, nonce, answer.problem, answer.answer),
        calling,
      );
      await paidFor(paid, { kind: 'unknown' }, calling);
      return endingState(record, { outcome: 'errored', reason: 'start-unknown' });
    case 'refused':
    case 'sandbox': {
      const said = answer.kind === 'refused' ? answer.answer : undefined;
      const refusal = { problem: answer.kind, answer: said };
      await insist('start not taken back', record, () => starts.withdraw(revealId, nonce, refusal), calling);
      await notPaidFor(paid, { kind: 'accepted' }, calling);
      return endingState(record, { outcome: 'errored', reason: 'start-refused' });
    }
    case 'rate-limited':
    case 'blocked':
    case 'turned-away':
    case 'not-sent':
      await insist('start not taken back', record, () => starts.withdraw(revealId, nonce), calling);
      await notPaidFor(
        paid,
        (await isAboutAnOldKey(answer, paid, calling)) ? { kind: 'nothing' } : verdictOn(answer),
        calling,
      );
      return 'nothing-came-of-it';
    default:
      return answer satisfies never;
  }
}

/**
 * Writes what must not be lost because a table is busy. That it changes nothing is no failure: an earlier try of it has been made, and its answer was lost.
 *
 * @throws what the last try has failed with
 */
async function insist<Answer>(
  failed: string,
  { revealId }: Pick<RevealRecord, 'revealId'>,
  write: () => Promise<Answer>,
  { sleep, leftMs, log }: PaidCalling,
): Promise<Answer> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await write();
    } catch (error) {
      log.info(failed, { revealId, ...loggedFacts(error) });
      if (tries === writeTries || leftMs() < writeMayLastMs) throw error;
      await sleep(writeAgainMs * tries);
    }
  }
}

/**
 * The task is on the record, or travels on in the state until the table takes it: what was paid for must not be lost because a table is busy, or because
 * somebody has cancelled the reveal meanwhile.
 */
export async function keepStarted(
  reveal: Pick<RevealRecord, 'revealId' | 'generation'>,
  task: StartedTask,
  calling: PaidCalling,
): Promise<RevealState> {
  const { starts, firstPoll, now, log } = calling;
  const { revealId, generation } = reveal;
  const keep = async (): Promise<RevealState> => {
    const record = await starts.started(revealId, task, now());
    if (record?.generation !== generation) return { revealId, generation, outcome: 'duplicate' };
    return record.status === 'running' ? firstPoll(record) : endedState(record, true);
  };
  try {
    return await insist('task not kept yet', reveal, keep, calling);
  } catch {
    log.info('task travels on', { revealId, taskId: task.taskId });
    return toStartState(reveal, { nextStartAt: now() + keepAgainMs, startedTask: task });
  }
}

/** Best effort, as the reveal goes on either way: what is still set aside the sweeper settles by the record. */
async function paidFor(
  { caps, call, slot, sentAt }: PaidCall & { sentAt: number },
  verdict: StartVerdict,
  calling: PaidCalling,
  charged?: number,
): Promise<void> {
  try {
    for (const cap of caps) await cap.commit(call, charged);
    await note({ verdict, slot, sentAt }, calling);
  } catch (error) {
    calling.log.info('start not noted', { revealId: call.revealId, ...loggedFacts(error) });
  }
}

async function notPaidFor(
  paid: PaidCall & { sentAt: number },
  verdict: StartVerdict,
  calling: PaidCalling,
): Promise<void> {
  await release(paid);
  await note({ verdict, slot: paid.slot, sentAt: paid.sentAt }, calling);
}

async function release({ caps, call }: Pick<PaidCall, 'caps' | 'call'>): Promise<void> {
  for (const cap of caps) await cap.release(call);
}

export function note(answered: StartAnswered, { budget }: Pick<PaidCalling, 'budget'>): Promise<void> {
  return budget.decide((context) => noteStart(context, answered));
}

/** A refusal of a key that has been replaced in the secret says nothing about the new one: it must not pause everybody. */
async function isAboutAnOldKey(answer: StartAnswer, { key }: PaidCall, { apiKey }: PaidCalling): Promise<boolean> {
  if (answer.kind !== 'blocked' || answer.reason !== 'key-refused') return false;
  return (await apiKey.refetch().catch(() => key)) !== key;
}

function verdictOn(
  answer: Extract<StartAnswer, { kind: 'rate-limited' | 'blocked' | 'turned-away' | 'not-sent' }>,
): StartVerdict {
  switch (answer.kind) {
    case 'rate-limited':
      return { kind: 'rejected', ...(answer.retryAfterMs !== undefined && { retryAfterMs: answer.retryAfterMs }) };
    case 'blocked':
      return { kind: 'refused', reason: answer.reason };
    case 'turned-away':
    case 'not-sent':
      return { kind: 'nothing' };
    default:
      return answer satisfies never;
  }
}

/** What a log may say of an answer: a task's id, which is worth money, and never what else the vendor has written. */
function loggedOf(answer: StartAnswer) {
  const { kind } = answer;
  return {
    answer: kind,
    ...('httpStatus' in answer && { httpStatus: answer.httpStatus }),
    ...('problem' in answer && { problem: answer.problem }),
    ...(kind === 'started' && { taskId: answer.taskId }),
  };
}
