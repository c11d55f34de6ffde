import { envNames, type RejectedState, type RevealState, type WorkflowCall } from './contract.ts';
import { claimReveal } from './outbound/admission.ts';
import { RevealsTable } from './outbound/reveals-table.ts';
import { workflowHandler } from './outbound/workflow-handler.ts';
import { firstPollAt, type PollSchedule } from './reveal/poll-schedule.ts';
import type { RevealRecord } from './reveal/record.ts';
import { checkStartInput, type StartInput } from './reveal/request.ts';
import { stateOf } from './reveal/state.ts';

interface Admitting {
  reveals: RevealsTable;
  schedule: PollSchedule;
  now: () => number;
}

/** The state `Admit`: checks the input, claims the record unless one of our doors has, and says when to look first. */
export async function admitReveal(
  { input, executionArn }: WorkflowCall,
  admitting: Admitting,
): Promise<RevealState | RejectedState> {
  const checked = checkStartInput(input);
  if (!checked.ok) return { outcome: 'rejected' };
  const record = await recordFor(checked.value, executionArn, admitting);
  if (!record) return { outcome: 'rejected' };

  const isOurs = record.executionArn === executionArn;
  if (!isOurs || record.status !== 'running') return stateOf(record, isOurs);
  const nextPollAt = new Date(firstPollAt(admitting.schedule, admitting.now())).toISOString();
  await admitting.reveals.whileRunning(record, { nextPollAt });
  return stateOf({ ...record, nextPollAt }, true);
}

/** The reveal that the input means: claimed now, claimed before, or somebody else's. */
async function recordFor(
  input: StartInput,
  executionArn: string,
  { reveals, now }: Admitting,
): Promise<RevealRecord | undefined> {
  if (input.kind === 'claimed') return reveals.get(input.revealId);
  const own = await reveals.get(input.request.taskId);
  if (own?.executionArn === executionArn) return own;
  const claimant = { claimedBy: executionArn, executionArnFor: () => executionArn };
  return (await claimReveal(input.request, claimant, { reveals, now })).record;
}

export const handler = workflowHandler('admit', ({ environment, now }) => {
  const admitting = {
    reveals: new RevealsTable(environment.text(envNames.revealsTable)),
    schedule: {
      firstWaitMs: environment.positive(envNames.firstWaitSeconds) * 1_000,
      pollEveryMs: environment.positive(envNames.pollEverySeconds) * 1_000,
    },
    now,
  };
  return (call: WorkflowCall) => admitReveal(call, admitting);
});
