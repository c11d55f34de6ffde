import { envNames, type SettledState, type WorkflowCall } from './contract.ts';
import { RevealBus } from './outbound/event-bus.ts';
import { RevealsTable } from './outbound/reveals-table.ts';
import { workflowHandler } from './outbound/workflow-handler.ts';
import { announcementOf } from './reveal/event.ts';
import { newRecord, type RevealRecord } from './reveal/record.ts';
import { checkRequest } from './reveal/request.ts';
import { type Ending, endingIn, rejectedStateOf, settledStateOf, settledWith } from './reveal/settlement.ts';
import { readState } from './reveal/state.ts';

interface Settling {
  reveals: RevealsTable;
  bus: RevealBus;
  retentionDays: number;
  now: () => number;
}

/** The states `SettleRevealed` and `SettleNotRevealed`: writes the final record if there is none yet, and announces it. */
export async function settleReveal(
  { state, executionArn, input }: WorkflowCall,
  settling: Settling,
): Promise<SettledState> {
  const checked = checkRequest(input);
  if (!checked.ok) return rejectedStateOf(checked.problem);
  const { revealId } = readState(state) ?? { revealId: checked.request.taskId };

  const record = await settledRecord(revealId, endingIn(state), executionArn, settling);
  // Another execution has taken the reveal over: how it ends is no longer for this one to say.
  if (record.executionArn !== executionArn) return { revealId, outcome: 'duplicate', ...superseded };
  await announce(record, settling);
  return settledStateOf(record);
}

const superseded = {
  error: 'RevealSuperseded',
  cause: 'A later execution has taken this reveal over: follow that one.',
};

/** The record once it is final, whoever made it so. */
async function settledRecord(
  revealId: string,
  ending: Ending,
  executionArn: string,
  settling: Settling,
): Promise<RevealRecord> {
  const { reveals, retentionDays, now } = settling;
  for (;;) {
    const record = await reveals.get(revealId);
    if (record && (record.status !== 'running' || record.executionArn !== executionArn)) return record;
    const nowMs = now();
    const changes = settledWith(ending, { nowMs, retentionDays });
    if (record) {
      if (await reveals.whileRunning(record, changes)) return { ...record, ...changes };
    } else {
      // Admission failed before it could write anything: the reveal ends with a record all the same.
      const unclaimed = { ...newRecord({ taskId: revealId }, { generation: 1, executionArn, nowMs }), ...changes };
      if (await reveals.claim(unclaimed, undefined)) return unclaimed;
    }
  }
}

/** Publishes the event if that has not been noted yet. Twice at the worst, and then with the same event id. */
async function announce(record: RevealRecord, { reveals, bus, now }: Settling): Promise<void> {
  if (record.publishedAt) return;
  const announcement = announcementOf(record, reveals.name);
  if (!announcement) return;
  await bus.publish(announcement);
  await reveals.published(record, { publishedAt: new Date(now()).toISOString(), eventId: announcement.detail.eventId });
}

export const handler = workflowHandler('settle', ({ environment, now }) => {
  const settling = {
    reveals: new RevealsTable(environment.text(envNames.revealsTable)),
    bus: new RevealBus(environment.text(envNames.eventBus)),
    retentionDays: environment.positive(envNames.retentionDays),
    now,
  };
  return (call: WorkflowCall) => settleReveal(call, settling);
});
