import { envNames, type SettledState, type WorkflowCall } from './contract.ts';
import { RevealBus } from './outbound/event-bus.ts';
import { RevealsTable } from './outbound/reveals-table.ts';
import { Settlement } from './outbound/settlement.ts';
import { workflowHandler } from './outbound/workflow-handler.ts';
import { checkStartInput } from './reveal/request.ts';
import { endingIn, rejectedStateOf, settledStateOf, supersededState } from './reveal/settlement.ts';

/** The states `SettleRevealed` and `SettleNotRevealed`: ends the reveal, and says what the execution ends with. */
export async function settleReveal(
  { state, executionArn, input }: WorkflowCall,
  settlement: Pick<Settlement, 'settle'>,
): Promise<SettledState> {
  const checked = checkStartInput(input);
  if (!checked.ok) return rejectedStateOf(checked.problem);
  const { revealId, request } = checked.value;
  const record = await settlement.settle(revealId, executionArn, endingIn(state), request);
  if (!record)
    return rejectedStateOf('There is no reveal of that id. Start one with {"taskId": "the id of the vendor\'s task"}.');
  return record.executionArn === executionArn ? settledStateOf(record) : supersededState(revealId);
}

export const handler = workflowHandler('settle', ({ environment, now }) => {
  const settlement = new Settlement({
    reveals: new RevealsTable(environment.text(envNames.revealsTable)),
    bus: new RevealBus(environment.text(envNames.eventBus)),
    retentionDays: environment.positive(envNames.retentionDays),
    now,
  });
  return (call: WorkflowCall) => settleReveal(call, settlement);
});
