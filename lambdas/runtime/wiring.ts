import { setTimeout as sleep } from 'node:timers/promises';
import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { RevealBus } from '../aws/event-bus.ts';
import { PollBudget } from '../aws/poll-budget.ts';
import type { RevealsTable } from '../aws/reveals-table.ts';
import { envNames } from '../contract.ts';
import { FiberClient } from '../fiber/fiber-client.ts';
import { Settlement } from '../usecases/settle.ts';
import type { Environment } from './environment.ts';

/** The poll budget that the construct configured. */
export function pollBudget(
  environment: Environment,
  { documents, now }: { documents: DynamoDBDocumentClient; now: () => number },
): PollBudget {
  return new PollBudget({
    table: environment.text(envNames.budgetTable),
    documents,
    limits: {
      perMinute: environment.positive(envNames.pollsPerMinute),
      share: environment.positive(envNames.keyShare),
      interactiveShare: environment.positive(envNames.interactiveShare),
    },
    now,
    random: Math.random,
    sleep,
  });
}

/** Who asks the vendor, at the address that the construct configured. */
export function fiberClient(environment: Environment, now: () => number): FiberClient {
  const baseUrl = environment.text(envNames.fiberBaseUrl);
  return new FiberClient({ baseUrl, now, proxyEnvironment: environment.proxy });
}

/** The bus that the construct configured, under the relay's name if it has one. */
export function revealBus(environment: Environment, events: EventBridgeClient): RevealBus {
  return new RevealBus(environment.text(envNames.eventBus), events, environment.optional(envNames.relayName));
}

/** What ends reveals, on the bus that the construct configured. */
export function settlement(
  environment: Environment,
  { reveals, events, now }: { reveals: RevealsTable; events: EventBridgeClient; now: () => number },
): Settlement {
  return new Settlement({
    reveals,
    bus: revealBus(environment, events),
    retentionDays: environment.positive(envNames.retentionDays),
    now,
  });
}
