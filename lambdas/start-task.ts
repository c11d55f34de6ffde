import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiKey } from './aws/api-key.ts';
import { RelayItem } from './aws/relay-item.ts';
import { PaidStarts } from './aws/reveals/paid-starts.ts';
import { RevealsTable } from './aws/reveals/reveals-table.ts';
import { sdkClientOptions } from './aws/sdk.ts';
import type { WorkflowCall } from './contract.ts';
import { dynamoDB, secretsManager } from './runtime/clients.ts';
import { relayHandler } from './runtime/relay-handler.ts';
import { creditCaps, fiberStarts, pollBudget, startBudget } from './runtime/wiring.ts';
import { firstPoll } from './usecases/workflow/first-poll.ts';
import { type Starting, startTask } from './usecases/workflow/start-task.ts';

/** The state `StartTask`. */
export const handler = relayHandler('start-task', ({ settings, proxyEnvironment, now, log }) => {
  const table = settings.revealsTable;
  const documents = dynamoDB(sdkClientOptions);
  const reveals = new RevealsTable(table, documents);
  const starts = new PaidStarts(table, documents);
  const polls = pollBudget(settings, { documents, now });
  const { retentionDays } = settings;
  const maxWaitMs = settings.maxWaitSeconds * 1_000;
  const starting: Starting = {
    reveals,
    starts,
    relay: new RelayItem(table, { documents, now }),
    budget: startBudget(settings, { documents, now }),
    polls,
    capsFor: creditCaps(settings, { documents, now }),
    apiKey: new ApiKey(settings.apiKeySecret, { client: secretsManager(sdkClientOptions), now }),
    fiber: fiberStarts(settings, { now, proxyEnvironment }),
    firstPoll: (record) => firstPoll(record, { reveals, starts, budget: polls, maxWaitMs, retentionDays, now }),
    maxWaitMs,
    sleep,
    nonce: randomUUID,
    now,
    monotonic: () => performance.now(),
    log,
  };
  return (call: WorkflowCall) => startTask(call, starting);
});
