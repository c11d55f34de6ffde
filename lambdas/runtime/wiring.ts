import { setTimeout as sleep } from 'node:timers/promises';
import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { RevealBus } from '../aws/event-bus.ts';
import { PollBudget } from '../aws/poll-budget.ts';
import type { RevealsTable } from '../aws/reveals-table.ts';
import type { HandlerName, Settings } from '../contract.ts';
import { FiberClient } from '../fiber/fiber-client.ts';
import { Settlement } from '../usecases/settle.ts';
import type { HandlerContext } from './relay-handler.ts';

/** The poll budget that the construct configured. */
export function pollBudget(
  settings: Settings<'budgetTable' | 'pollsPerMinute' | 'keyShare' | 'interactiveShare'>,
  { documents, now }: { documents: DynamoDBDocumentClient; now: () => number },
): PollBudget {
  return new PollBudget({
    table: settings.budgetTable,
    documents,
    limits: {
      perMinute: settings.pollsPerMinute,
      share: settings.keyShare,
      interactiveShare: settings.interactiveShare,
    },
    now,
    random: Math.random,
    sleep,
  });
}

/** Who asks the vendor, at the address that the construct configured. */
export function fiberClient(
  settings: Settings<'fiberBaseUrl'>,
  { now, proxyEnvironment }: Pick<HandlerContext<HandlerName>, 'now' | 'proxyEnvironment'>,
): FiberClient {
  return new FiberClient({ baseUrl: settings.fiberBaseUrl, now, proxyEnvironment });
}

/** The bus that the construct configured, under the relay's name if it has one. */
export function revealBus(settings: Settings<'eventBus' | 'relayName'>, events: EventBridgeClient): RevealBus {
  return new RevealBus(settings.eventBus, events, settings.relayName);
}

/** What ends reveals, on the bus that the construct configured. */
export function settlement(
  settings: Settings<'eventBus' | 'relayName' | 'retentionDays'>,
  { reveals, events, now }: { reveals: RevealsTable; events: EventBridgeClient; now: () => number },
): Settlement {
  return new Settlement({
    reveals,
    bus: revealBus(settings, events),
    retentionDays: settings.retentionDays,
    now,
  });
}
