import type { SettledState, WorkflowCall } from '../../contract.ts';
import { endingOfState } from '../../reveal/life/ending.ts';
import { checkStartInput } from '../../reveal/request.ts';
import { rejectedStateOf, settledStateOf, supersededState } from '../../reveal/settled-state.ts';
import type { Settlement } from '../ending/settle.ts';

export interface RevealSettling {
  settlement: Pick<Settlement, 'settle'>;
  measure: (figures: { endedWithoutResult: number }) => void;
}

/** The states `SettleRevealed` and `SettleNotRevealed`: ends the reveal, and says what the execution ends with. */
export async function settleReveal(
  { state, executionArn, input }: WorkflowCall,
  { settlement, measure }: RevealSettling,
): Promise<SettledState> {
  const checked = checkStartInput(input);
  if (!checked.ok) return rejectedStateOf(checked.problem);
  const { revealId, request } = checked.value;
  const record = await settlement.settle(revealId, executionArn, endingOfState(state), request);
  if (!record)
    return rejectedStateOf('There is no reveal of that id. Start one with {"taskId": "the id of the vendor\'s task"}.');
  const isOthers = record.executionArn !== executionArn && record.status === 'running';
  if (isOthers) return supersededState(revealId);
  // One series for both: its average is the part of reveals that come to nothing. What its caller stopped is none of them.
  if (record.status !== 'cancelled') measure({ endedWithoutResult: record.status === 'completed' ? 0 : 1 });
  return settledStateOf(record, state);
}
