import { RevealsTable } from './aws/reveals/reveals-table.ts';
import { sdkClientOptions } from './aws/sdk.ts';
import type { WorkflowCall } from './contract.ts';
import { dynamoDB, eventBridge } from './runtime/clients.ts';
import { metrics } from './runtime/metrics.ts';
import { relayHandler } from './runtime/relay-handler.ts';
import { settlement } from './runtime/wiring.ts';
import { settleReveal } from './usecases/workflow/settle-reveal.ts';

/** The states `SettleRevealed` and `SettleNotRevealed`. */
export const handler = relayHandler('settle', ({ settings, now }) => {
  const documents = dynamoDB(sdkClientOptions);
  const reveals = new RevealsTable(settings.revealsTable, documents);
  const ending = settlement(settings, { reveals, documents, events: eventBridge(sdkClientOptions), now });
  const measure = metrics(reveals.name, now);
  return (call: WorkflowCall) => settleReveal(call, { settlement: ending, measure });
});
