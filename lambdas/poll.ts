import { ApiKey } from './aws/api-key.ts';
import { RevealsTable } from './aws/reveals-table.ts';
import { sdkClientOptions } from './aws/sdk.ts';
import { envNames, type WorkflowCall } from './contract.ts';
import { dynamoDB, secretsManager } from './runtime/clients.ts';
import { metrics } from './runtime/metrics.ts';
import { relayHandler } from './runtime/relay-handler.ts';
import { fiberClient, pollBudget } from './runtime/wiring.ts';
import { type Polling, pollOnce } from './usecases/poll-once.ts';

/** The state `Poll`. */
export const handler = relayHandler('poll', ({ environment, now, log }) => {
  const table = environment.text(envNames.revealsTable);
  const documents = dynamoDB(sdkClientOptions);
  const polling: Polling = {
    reveals: new RevealsTable(table, documents),
    budget: pollBudget(environment, { documents, now }),
    fiber: fiberClient(environment, now),
    apiKey: new ApiKey(environment.text(envNames.apiKeySecret), { client: secretsManager(sdkClientOptions), now }),
    maxWaitMs: environment.positive(envNames.maxWaitSeconds) * 1_000,
    retentionDays: environment.positive(envNames.retentionDays),
    now,
    log,
    measure: metrics(table, now),
  };
  return (call: WorkflowCall) => pollOnce(call, polling);
});
