import { RevealsTable } from './aws/reveals-table.ts';
import { sdkClientOptions } from './aws/sdk.ts';
import { envNames } from './contract.ts';
import { type ExecutionEnded, endingOfExecution } from './reveal/life/ending.ts';
import { checkStartInput } from './reveal/request.ts';
import { dynamoDB, eventBridge } from './runtime/clients.ts';
import { relayHandler } from './runtime/relay-handler.ts';
import { settlement } from './runtime/wiring.ts';
import type { Settlement } from './usecases/settle.ts';

/**
 * The rule on `Step Functions Execution Status Change`: settles what the workflow could not settle itself, because somebody
 * aborted it, it ran into a limit of Step Functions, or its own settle state failed.
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html
 */
async function settleEnded(event: ExecutionEnded, ending: Pick<Settlement, 'settle'>): Promise<void> {
  const { executionArn, input } = event.detail;
  const checked = checkStartInput(parsed(input));
  // Not a reveal: the workflow has refused it, and there is nothing to settle.
  if (!checked.ok) return;
  const { revealId, request } = checked.value;
  await ending.settle(revealId, executionArn, endingOfExecution(event.detail.status), request);
}

function parsed(input: string | undefined | null): unknown {
  try {
    return JSON.parse(input ?? '');
  } catch {
    return undefined;
  }
}

export const handler = relayHandler('ended', ({ environment, now }) => {
  const reveals = new RevealsTable(environment.text(envNames.revealsTable), dynamoDB(sdkClientOptions));
  const ending = settlement(environment, { reveals, events: eventBridge(sdkClientOptions), now });
  return (event: ExecutionEnded) => settleEnded(event, ending);
});
