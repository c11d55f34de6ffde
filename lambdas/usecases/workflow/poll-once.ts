import type { PollBudget } from '../../aws/budgets/poll-budget.ts';
import type { RevealsTable } from '../../aws/reveals/reveals-table.ts';
import type { RevealState, WorkflowCall } from '../../contract.ts';
import { countFound, type PollAnswer } from '../../fiber/vendor-answer.ts';
import { askForSlot } from '../../polling/ask-for-slot.ts';
import { afterAnswer } from '../../polling/next-poll.ts';
import { noteAnswer } from '../../polling/note-answer.ts';
import { detection, type PollingState, type Wake } from '../../polling/polling-state.ts';
import { missedSlotsMs } from '../../polling/tuning.ts';
import { loggedFacts, UnexpectedState } from '../../reveal/errors.ts';
import { type FinishedAnswer, finishedWith, polledWith } from '../../reveal/life/answer.ts';
import { endingOf, endsAtOnce } from '../../reveal/life/ending.ts';
import { waitingWith } from '../../reveal/life/waiting.ts';
import {
  ageOf,
  changed,
  expiryOf,
  isOfLaterVersion,
  type RecordChanges,
  type RevealRecord,
} from '../../reveal/record.ts';
import {
  endedState,
  endingState,
  firstPollingState,
  pendingState,
  readState,
  sameStateLater,
  toStartState,
} from '../../reveal/state.ts';
import { type BudgetedPoll, type PollParts, pollWithinBudget } from './budgeted-poll.ts';

export interface Polling extends PollParts {
  budget: PollBudget;
  reveals: RevealsTable;
  maxWaitMs: number;
  retentionDays: number;
  log: { info(message: string, facts: Record<string, unknown>): void };
  measure: (figures: { vendorFailures: number }) => void;
}

/**
 * The state `Poll`: waits for its slot if that is near, asks the vendor once, keeps what it learned in the record, and says
 * what is next.
 */
export async function pollOnce({ state }: WorkflowCall, polling: Polling): Promise<RevealState> {
  const { reveals, maxWaitMs } = polling;
  const current = readState(state);
  if (!current) throw new UnexpectedState('poll');
  const { revealId, generation } = current;

  const record = await reveals.get(revealId);
  if (!record || record.generation !== generation) return { revealId, generation, outcome: 'duplicate' };
  if (isOfLaterVersion(record)) return sameStateLater(state, polling.now());
  if (record.status !== 'running') return endedState(record, true);

  const standing = current.polling ?? firstPollingState(record, maxWaitMs);
  const next = await pollIfMay(record, standing, polling);
  if (next) return next;
  // Somebody settled the reveal meanwhile: theirs holds.
  const settled = await reveals.get(revealId);
  return settled
    ? endedState(settled, settled.generation === generation)
    : { revealId, generation, outcome: 'duplicate' };
}

/** Undefined if the reveal was settled while this went on. */
async function pollIfMay(
  record: RevealRecord,
  standing: PollingState,
  polling: Polling,
): Promise<RevealState | undefined> {
  const { reveals, budget, now, log, measure } = polling;
  const { taskId } = record;
  // It is for `StartTask`. An execution of a definition without that state ends here, with nothing paid for.
  if (taskId === undefined) return toStartState(record, { nextStartAt: now() });
  const poll = await pollWithinBudget({ ...record, taskId }, (context) => askForSlot(context, standing), polling);
  if (poll === 'missed') {
    return goOn(record, { kind: 'wake', nextPollAt: now() + missedSlotsMs, state: standing }, {}, reveals);
  }
  if (poll.kind === 'wake') return goOn(record, poll, {}, reveals);
  if (poll.kind === 'giveUp') return endingState(record, endingOf(poll, record.lastError));

  const { answer, sentAt } = poll;
  log.info('polled', { revealId: record.revealId, poll: record.polls + 1, ...summaryOf(answer) });
  // One series for both: its average is the part of polls that the vendor fails.
  measure({ vendorFailures: answer.kind === 'unusable' ? 1 : 0 });
  const progress = polledWith(record, answer, now());
  if (answer.kind === 'done') {
    const kept = await keepFinished(record, answer, progress, polling);
    await noteDone(standing, poll, kept !== undefined, polling);
    return kept;
  }
  const next = await budget.decide((context) => afterAnswer(context, standing, poll));
  const ending =
    endsAtOnce(answer, ageOf(record, sentAt)) ??
    (next.kind === 'giveUp' ? endingOf(next, progress.lastError ?? undefined) : undefined);
  if (ending) return (await noteLast(record, answer, progress, polling)) ? endingState(record, ending) : undefined;
  return next.kind === 'wake' ? goOn(record, next, progress, reveals) : undefined;
}

/** Stores the finished answer, in the invocation that saw it. */
async function keepFinished(
  record: RevealRecord,
  answer: FinishedAnswer,
  progress: RecordChanges,
  { reveals, retentionDays, now }: Polling,
): Promise<RevealState | undefined> {
  const finished = finishedWith(record, answer, { nowMs: now(), retentionDays });
  const isKept = await reveals.keepAnswer(record, answer.answer, { ...progress, ...finished });
  return isKept ? endedState(changed(record, finished), true) : undefined;
}

/** What is noted of the poll after which a reveal is given up on: a body that could not be read may be read one day. */
function noteLast(
  record: RevealRecord,
  answer: PollAnswer,
  progress: RecordChanges,
  { reveals, retentionDays, now }: Polling,
): Promise<boolean> {
  const unread = answer.kind === 'unusable' ? answer.answer : undefined;
  if (!unread) return reveals.whileRunning(record, progress);
  return reveals.keepAnswer(record, unread, { ...progress, expiresAt: expiryOf(now(), retentionDays) });
}

/** Best effort: a reveal whose result is stored must not be polled again because the budget could not be told. */
async function noteDone(
  standing: PollingState,
  poll: BudgetedPoll,
  isFirst: boolean,
  { budget, log }: Polling,
): Promise<void> {
  try {
    await budget.decide((context) => noteAnswer(context, poll));
    if (isFirst) await budget.learn(detection(standing, poll.sentAt));
  } catch (error) {
    log.info('duration not noted', loggedFacts(error));
  }
}

async function goOn(
  record: RevealRecord,
  wake: Wake,
  progress: RecordChanges,
  reveals: RevealsTable,
): Promise<RevealState | undefined> {
  const isRunning = await reveals.whileRunning(record, { ...progress, ...waitingWith(record, wake) });
  return isRunning ? pendingState(record, wake) : undefined;
}

/** What a log may say of an answer: never the answer. */
function summaryOf(answer: PollAnswer) {
  switch (answer.kind) {
    case 'done':
      return {
        answer: answer.kind,
        outcome: answer.outcome,
        found: countFound(answer.result),
        unreadable: answer.unreadable,
        lossy: answer.lossy,
      };
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
