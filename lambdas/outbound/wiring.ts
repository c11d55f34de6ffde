import { setTimeout as sleep } from 'node:timers/promises';
import { envNames } from '../contract.ts';
import { FiberClient } from '../fiber/fiber-client.ts';
import type { Environment } from './environment.ts';
import { RevealBus } from './event-bus.ts';
import { PollBudget } from './poll-budget.ts';
import { RevealsTable } from './reveals-table.ts';
import { type SdkClientOptions, sdkClientOptions } from './sdk.ts';
import { Settlement } from './settlement.ts';

/** The poll budget that the construct configured. */
export function pollBudget(environment: Environment, now: () => number): PollBudget {
  return new PollBudget({
    table: environment.text(envNames.budgetTable),
    limits: {
      pollsPerMinute: environment.positive(envNames.pollsPerMinute),
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

/** What ends reveals, on the table and the bus that the construct configured. */
export function settlement(
  environment: Environment,
  now: () => number,
  options: SdkClientOptions = sdkClientOptions,
): Settlement {
  return new Settlement({
    reveals: new RevealsTable(environment.text(envNames.revealsTable), options),
    bus: new RevealBus(environment.text(envNames.eventBus), options),
    retentionDays: environment.positive(envNames.retentionDays),
    now,
  });
}
