import { ApiKey } from './aws/api-key.ts';
import { RevealsTable } from './aws/reveals/reveals-table.ts';
import { sdkClientOptions } from './aws/sdk.ts';
import type { WorkflowCall } from './contract.ts';
import { dynamoDB, secretsManager } from './runtime/clients.ts';
import { metrics } from './runtime/metrics.ts';
import { relayHandler } from './runtime/relay-handler.ts';
import { fiberClient, pollBudget } from './runtime/wiring.ts';
import { type Polling, pollOnce } from './usecases/workflow/poll-once.ts';

/** The state `Poll`. */
export const handler = relayHandler('poll', ({ settings, proxyEnvironment, now, log }) => {
  const table = settings.revealsTable;
  const documents = dynamoDB(sdkClientOptions);
  const polling: Polling = {
    reveals: new RevealsTable(table, documents),
    budget: pollBudget(settings, { documents, now }),
    fiber: fiberClient(settings, { now, proxyEnvironment }),
    apiKey: new ApiKey(settings.apiKeySecret, { client: secretsManager(sdkClientOptions), now }),
    maxWaitMs: settings.maxWaitSeconds * 1_000,
    retentionDays: settings.retentionDays,
    now,
    log,
    measure: metrics(table, now),
  };
  return (call: WorkflowCall) => pollOnce(call, polling);
});
