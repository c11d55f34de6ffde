import { RevealsTable } from './aws/reveals/reveals-table.ts';
import { sdkClientOptions } from './aws/sdk.ts';
import type { ExecutionEnded } from './reveal/life/ending.ts';
import { dynamoDB, eventBridge } from './runtime/clients.ts';
import { relayHandler } from './runtime/relay-handler.ts';
import { settlement } from './runtime/wiring.ts';
import { settleEnded } from './usecases/ending/settle-ended.ts';

/** The rule on `Step Functions Execution Status Change`. */
export const handler = relayHandler('ended', ({ settings, now }) => {
  const reveals = new RevealsTable(settings.revealsTable, dynamoDB(sdkClientOptions));
  const ending = settlement(settings, { reveals, events: eventBridge(sdkClientOptions), now });
  return (event: ExecutionEnded) => settleEnded(event, ending);
});
