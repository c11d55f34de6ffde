import { RevealsTable } from './aws/reveals-table.ts';
import { sdkClientOptions } from './aws/sdk.ts';
import { envNames } from './contract.ts';
import type { ExecutionEnded } from './reveal/execution-ended.ts';
import { dynamoDB, eventBridge } from './runtime/clients.ts';
import { relayHandler } from './runtime/relay-handler.ts';
import { settlement } from './runtime/wiring.ts';
import { settleEnded } from './usecases/settle-ended.ts';

/** The rule on `Step Functions Execution Status Change`. */
export const handler = relayHandler('ended', ({ environment, now }) => {
  const reveals = new RevealsTable(environment.text(envNames.revealsTable), dynamoDB(sdkClientOptions));
  const ending = settlement(environment, { reveals, events: eventBridge(sdkClientOptions), now });
  return (event: ExecutionEnded) => settleEnded(event, ending);
});
