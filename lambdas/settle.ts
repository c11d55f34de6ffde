import { RevealsTable } from './aws/reveals-table.ts';
import { sdkClientOptions } from './aws/sdk.ts';
import { envNames, type SettledState, type WorkflowCall } from './contract.ts';
import { endingOfState } from './reveal/life/ending.ts';
import { checkStartInput } from './reveal/request.ts';
import { rejectedStateOf, settledStateOf, supersededState } from './reveal/settled-state.ts';
import { dynamoDB, eventBridge } from './runtime/clients.ts';
import { type Measure, metrics } from './runtime/metrics.ts';
import { relayHandler } from './runtime/relay-handler.ts';
import { settlement } from './runtime/wiring.ts';
import type { Settlement } from './usecases/settle.ts';

/** The states `SettleRevealed` and `SettleNotRevealed`: ends the reveal, and says what the execution ends with. */
export async function settleReveal(
  { state, executionArn, input }: WorkflowCall,
  ending: Pick<Settlement, 'settle'>,
  measure: Measure,
): Promise<SettledState> {
  const checked = checkStartInput(input);
  if (!checked.ok) return rejectedStateOf(checked.problem);
  const { revealId, request } = checked.value;
  const record = await ending.settle(revealId, executionArn, endingOfState(state), request);
  if (!record)
    return rejectedStateOf('There is no reveal of that id. Start one with {"taskId": "the id of the vendor\'s task"}.');
  const isOthers = record.executionArn !== executionArn && record.status === 'running';
  if (isOthers) return supersededState(revealId);
  // One series for both: its average is the part of reveals that come to nothing. What its caller stopped is none of them.
  if (record.status !== 'cancelled') measure({ endedWithoutResult: record.status === 'completed' ? 0 : 1 });
  return settledStateOf(record, state);
}

export const handler = relayHandler('settle', ({ environment, now }) => {
  const reveals = new RevealsTable(environment.text(envNames.revealsTable), dynamoDB(sdkClientOptions));
  const ending = settlement(environment, { reveals, events: eventBridge(sdkClientOptions), now });
  const measure = metrics(reveals.name, now);
  return (call: WorkflowCall) => settleReveal(call, ending, measure);
});
