import { setTimeout as sleep } from 'node:timers/promises';
import { envNames } from '../contract.ts';
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

/** The bus that the construct configured, under the relay's name if it has one. */
export function revealBus(environment: Environment, options: SdkClientOptions = sdkClientOptions): RevealBus {
  return new RevealBus(environment.text(envNames.eventBus), environment.optional(envNames.relayName), options);
}

/** What ends reveals, on the table and the bus that the construct configured. */
export function settlement(
  environment: Environment,
  now: () => number,
  options: SdkClientOptions = sdkClientOptions,
): Settlement {
  return new Settlement({
    reveals: new RevealsTable(environment.text(envNames.revealsTable), options),
    bus: revealBus(environment, options),
    retentionDays: environment.positive(envNames.retentionDays),
    now,
  });
}
