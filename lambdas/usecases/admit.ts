import type { PollBudget } from '../aws/poll-budget.ts';
import type { RevealsTable } from '../aws/reveals-table.ts';
import type { RejectedState, RevealState, WorkflowCall } from '../contract.ts';
import { start } from '../polling/next-poll.ts';
import { newPollingState } from '../polling/polling-state.ts';
import { waitingWith } from '../reveal/life/waiting.ts';
import type { RevealRecord } from '../reveal/record.ts';
import { checkStartInput, type StartInput } from '../reveal/request.ts';
import { endedState, pendingState } from '../reveal/state.ts';
import { claimReveal } from './claim.ts';

export interface Admitting {
  reveals: RevealsTable;
  budget: PollBudget;
  maxWaitMs: number;
  now: () => number;
}

/** The state `Admit`: checks the input, claims the record unless one of our doors has, and says when to look first. */
export async function admit(
  { input, executionArn }: WorkflowCall,
  { reveals, budget, maxWaitMs, now }: Admitting,
): Promise<RevealState | RejectedState> {
  const checked = checkStartInput(input);
  if (!checked.ok) return { outcome: 'rejected' };
  const record = await recordFor(checked.value, executionArn, { reveals, now });
  if (!record) return { outcome: 'rejected' };

  const isOurs = record.executionArn === executionArn;
  if (!isOurs || record.status !== 'running') return endedState(record, isOurs);
  const admittedAt = Date.parse(record.createdAt);
  const first = newPollingState(record.priority, admittedAt, admittedAt, maxWaitMs);
  const wake = await budget.decide((context) => start(context, first));
  await reveals.whileRunning(record, waitingWith(record, wake));
  return pendingState(record, wake);
}

/** The reveal that the input means: claimed now, claimed before, or somebody else's. */
async function recordFor(
  { revealId, request }: StartInput,
  executionArn: string,
  { reveals, now }: Pick<Admitting, 'reveals' | 'now'>,
): Promise<RevealRecord | undefined> {
  if (!request) return reveals.get(revealId);
  const claimant = { claimedBy: executionArn, executionArnFor: () => executionArn };
  return (await claimReveal(request, claimant, { reveals, now })).record;
}
