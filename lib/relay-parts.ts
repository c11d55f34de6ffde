import type { IEventBus } from 'aws-cdk-lib/aws-events';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { RelayPlatform } from './platform/relay-platform.ts';
import type { RelaySettings, ReservedConcurrency } from './relay-settings.ts';
import type { DeadLetterQueue } from './stores/dead-letter-queue.ts';
import type { PollBudgetTable } from './stores/poll-budget-table.ts';
import type { RevealsAccess } from './stores/reveals-access.ts';

/** What handlers work with. Each takes what it needs, and grants itself what it does with that. */
export interface RelayParts {
  readonly reveals: RevealsAccess;
  readonly pollBudget: PollBudgetTable;
  readonly eventBus: IEventBus;
  readonly apiKeySecret: ISecret;
  /** Where events end that come to nothing. */
  readonly deadLetters: DeadLetterQueue;
  readonly settings: RelaySettings;
  readonly platform: RelayPlatform;
  readonly reservedConcurrency: ReservedConcurrency;
}

/** The same for those who work with executions, and not in them. */
export interface PartsWithWorkflow extends RelayParts {
  readonly stateMachine: StateMachine;
}
