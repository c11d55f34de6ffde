import { RevealsTable } from './aws/reveals/reveals-table.ts';
import { sdkClientOptions } from './aws/sdk.ts';
import type { ExecutionEnded } from './reveal/life/ending.ts';
import { dynamoDB, eventBridge } from './runtime/clients.ts';
import { relayHandler } from './runtime/relay-handler.ts';
import { settlement } from './runtime/wiring.ts';
import { settleEnded } from './usecases/ending/settle-ended.ts';

/** The rule on `Step Functions Execution Status Change`. */
export const handler = relayHandler('ended', ({ settings, now }) => {
  const documents = dynamoDB(sdkClientOptions);
  const reveals = new RevealsTable(settings.revealsTable, documents);
  const ending = settlement(settings, { reveals, documents, events: eventBridge(sdkClientOptions), now });
  return (event: ExecutionEnded) => settleEnded(event, ending);
});
