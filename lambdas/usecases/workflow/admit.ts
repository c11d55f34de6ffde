import type { RevealsTable } from '../../aws/reveals/reveals-table.ts';
import type { RejectedState, RevealState, WorkflowCall } from '../../contract.ts';
import { waitingWith } from '../../reveal/life/waiting.ts';
import type { RevealRecord } from '../../reveal/record.ts';
import { checkStartInput, type StartInput } from '../../reveal/request.ts';
import { endedState, toStartState } from '../../reveal/state.ts';
import { claimReveal } from '../starting/claim.ts';
import { type FirstPolling, firstPoll } from './first-poll.ts';

export interface Admitting extends FirstPolling {
  reveals: RevealsTable;
}

/** The state `Admit`: checks the input, claims the record unless one of our doors has, and says when to look first. */
export async function admit(
  { input, executionArn }: WorkflowCall,
  admitting: Admitting,
): Promise<RevealState | RejectedState> {
  const checked = checkStartInput(input);
  if (!checked.ok) return { outcome: 'rejected' };
  const record = await recordFor(checked.value, executionArn, admitting);
  if (!record) return { outcome: 'rejected' };

  const isOurs = record.executionArn === executionArn;
  if (!isOurs || record.status !== 'running') return endedState(record, isOurs);
  if (record.taskId !== undefined) return firstPoll(record, admitting);
  const nextStartAt = admitting.now();
  await admitting.reveals.whileRunning(record, waitingWith(record, { nextPollAt: nextStartAt }));
  return toStartState(record, { nextStartAt });
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
