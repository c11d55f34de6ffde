import { envNames, type RejectedState, type RevealState, type WorkflowCall } from './contract.ts';
import { RevealsTable } from './outbound/reveals-table.ts';
import { workflowHandler } from './outbound/workflow-handler.ts';
import { admit } from './reveal/admission.ts';
import { firstPollAt, type PollSchedule } from './reveal/poll-schedule.ts';
import { newRecord, type RevealRecord } from './reveal/record.ts';
import { checkRequest, type RevealRequest } from './reveal/request.ts';
import { stateOf } from './reveal/state.ts';

interface Admitting {
  reveals: RevealsTable;
  schedule: PollSchedule;
  now: () => number;
}

/** The state `Admit`: checks the input, claims the record, and says when to look first. */
export async function admitReveal(
  { input, executionArn }: WorkflowCall,
  admitting: Admitting,
): Promise<RevealState | RejectedState> {
  const checked = checkRequest(input);
  if (!checked.ok) return { outcome: 'rejected' };
  const record = await claim(checked.request, executionArn, admitting);
  return stateOf(record, record.executionArn === executionArn);
}

/** The record that this execution ends up with: its own, or the one that was there first. */
async function claim(
  request: RevealRequest,
  executionArn: string,
  { reveals, schedule, now }: Admitting,
): Promise<RevealRecord> {
  for (;;) {
    const admission = admit(await reveals.get(request.taskId), executionArn);
    if (admission.kind !== 'claim') return admission.record;
    const nowMs = now();
    const record: RevealRecord = {
      ...newRecord(request, { generation: admission.generation, executionArn, nowMs }),
      nextPollAt: new Date(firstPollAt(schedule, nowMs)).toISOString(),
    };
    if (await reveals.claim(record, admission.replaces)) return record;
  }
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
