import type { SettledState, WorkflowCall } from './contract.ts';
import { relayHandler } from './outbound/relay-handler.ts';
import type { Settlement } from './outbound/settlement.ts';
import { settlement } from './outbound/wiring.ts';
import { checkStartInput } from './reveal/request.ts';
import { endingIn, rejectedStateOf, settledStateOf, supersededState } from './reveal/settlement.ts';

/** The states `SettleRevealed` and `SettleNotRevealed`: ends the reveal, and says what the execution ends with. */
export async function settleReveal(
  { state, executionArn, input }: WorkflowCall,
  ending: Pick<Settlement, 'settle'>,
): Promise<SettledState> {
  const checked = checkStartInput(input);
  if (!checked.ok) return rejectedStateOf(checked.problem);
  const { revealId, request } = checked.value;
  const record = await ending.settle(revealId, executionArn, endingIn(state), request);
  if (!record)
    return rejectedStateOf('There is no reveal of that id. Start one with {"taskId": "the id of the vendor\'s task"}.');
  const isOthers = record.executionArn !== executionArn && record.status === 'running';
  return isOthers ? supersededState(revealId) : settledStateOf(record);
}

export const handler = relayHandler('settle', ({ environment, now }) => {
  const ending = settlement(environment, now);
  return (call: WorkflowCall) => settleReveal(call, ending);
});
