import type { PollBudget } from '../../aws/budgets/poll-budget.ts';
import type { PaidStarts } from '../../aws/reveals/paid-starts.ts';
import type { RevealsTable } from '../../aws/reveals/reveals-table.ts';
import type { RevealState } from '../../contract.ts';
import { start } from '../../polling/next-poll.ts';
import { waitingWith } from '../../reveal/life/waiting.ts';
import { aliasExpiry, type RevealRecord } from '../../reveal/record.ts';
import { firstPollingState, pendingState } from '../../reveal/state.ts';
import { isRevealId } from '../../reveal/task-id.ts';

export interface FirstPolling {
  reveals: Pick<RevealsTable, 'whileRunning'>;
  starts: Pick<PaidStarts, 'alias'>;
  budget: Pick<PollBudget, 'decide'>;
  maxWaitMs: number;
  retentionDays: number;
  /** Unix milliseconds. */
  now: () => number;
}

/** What is next for a reveal whose task is known: when it is polled first. One whose task the relay has started is found by the task's id as well from then on. */
export async function firstPoll(record: RevealRecord, polling: FirstPolling): Promise<RevealState> {
  const { reveals, starts, budget, maxWaitMs, retentionDays, now } = polling;
  const { taskId = '', revealId, startedBy } = record;
  // Nobody can ask by an id that no request may hold.
  if (startedBy !== undefined && isRevealId(taskId)) {
    await starts.alias(taskId, revealId, aliasExpiry(now(), retentionDays));
  }
  const first = firstPollingState(record, maxWaitMs);
  const wake = await budget.decide((context) => start(context, first));
  await reveals.whileRunning(record, waitingWith(record, wake));
  return pendingState(record, wake);
}
