import { Duration } from 'aws-cdk-lib';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { EventBus, type IEventBus } from 'aws-cdk-lib/aws-events';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { type EnvName, envNames, fiberBaseUrl } from '../lambdas/contract.ts';
import { ApiKeySecret } from './api-key-secret.ts';
import { RevealHandler } from './reveal-handler.ts';
import { RevealWorkflow } from './reveal-workflow.ts';
import { RevealsTable } from './reveals-table.ts';

export interface RevealRelayProps {
  /**
   * The secret that holds the Fiber API key, as plain text or as `{"apiKey": "…"}`.
   * @default - a new empty secret; the stack's output says how to fill it, and reveals wait until it is
   */
  readonly apiKeySecret?: ISecret;

  /**
   * The bus on which completion events are published.
   * @default - a new bus of the relay's own
   */
  readonly eventBus?: IEventBus;

  /**
   * Where the vendor's API is. Whoever answers there receives the API key.
   * @default https://api.fiber.ai
   */
  readonly fiberBaseUrl?: string;

  /**
   * How long after a reveal is admitted to look at it for the first time. Shorter finds the quick ones sooner and spends
   * a poll on all the others.
   * @default Duration.seconds(15)
   */
  readonly firstWait?: Duration;

  /**
   * How long to wait between two polls of one reveal.
   * @default Duration.seconds(15), the vendor's advice
   */
  readonly pollEvery?: Duration;

  /**
   * The age from which a reveal that is still running when we look is given up on, as `timed-out`.
   * @default Duration.minutes(30)
   */
  readonly maxWait?: Duration;

  /**
   * How long a record and its contact data are kept after the reveal has ended. DynamoDB removes them within days of
   * that; readers do not see them any more at once.
   * @default Duration.days(30)
   */
  readonly retention?: Duration;
}

/** The bundle that waits out Fiber AI contact reveals: start executions of `stateMachine`, listen on `eventBus`. */
export class RevealRelay extends Construct {
  readonly stateMachine: StateMachine;
  readonly reveals: TableV2;
  readonly eventBus: IEventBus;
  readonly apiKeySecret: ISecret;

  constructor(scope: Construct, id: string, props: RevealRelayProps = {}) {
    super(scope, id);
    const firstWait = wholeSeconds('firstWait', props.firstWait ?? Duration.seconds(15));
    const pollEvery = wholeSeconds('pollEvery', props.pollEvery ?? Duration.seconds(15));
    const maxWait = wholeSeconds('maxWait', props.maxWait ?? Duration.minutes(30));
    const retention = props.retention ?? Duration.days(30);

    this.apiKeySecret = props.apiKeySecret ?? new ApiKeySecret(this, 'ApiKey');
    this.eventBus =
      props.eventBus ?? new EventBus(this, 'Bus', { description: 'Contact reveals: requests and completions' });
    this.reveals = new RevealsTable(this, 'Reveals');

    const table: Environment = { [envNames.revealsTable]: this.reveals.tableName };
    const schedule: Environment = {
      [envNames.firstWaitSeconds]: String(firstWait),
      [envNames.pollEverySeconds]: String(pollEvery),
    };
    const admit = new RevealHandler(this, 'Admit', {
      handler: 'admit',
      description: 'Validates a request and claims its record',
      environment: { ...table, ...schedule },
    });
    const poll = new RevealHandler(this, 'Poll', {
      handler: 'poll',
      description: 'Asks the vendor once and stores what it answers',
      environment: {
        ...table,
        ...schedule,
        [envNames.maxWaitSeconds]: String(maxWait),
        [envNames.retentionDays]: String(retention.toDays()),
        [envNames.apiKeySecret]: this.apiKeySecret.secretArn,
        [envNames.fiberBaseUrl]: props.fiberBaseUrl ?? fiberBaseUrl,
      },
    });
    const settle = new RevealHandler(this, 'Settle', {
      handler: 'settle',
      description: 'Writes the final record once and announces it',
      environment: {
        ...table,
        [envNames.retentionDays]: String(retention.toDays()),
        [envNames.eventBus]: this.eventBus.eventBusName,
      },
    });

    this.reveals.grant(admit, 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem');
    this.reveals.grant(poll, 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem');
    this.reveals.grant(settle, 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem');
    this.apiKeySecret.grantRead(poll);
    this.eventBus.grantPutEventsTo(settle);

    this.stateMachine = new RevealWorkflow(this, 'Workflow', { handlers: { admit, poll, settle } }).stateMachine;
  }
}

type Environment = Partial<Record<EnvName, string>>;

function wholeSeconds(prop: keyof RevealRelayProps, value: Duration): number {
  const seconds = value.toMilliseconds() / 1_000;
  if (!Number.isInteger(seconds) || seconds < 1) {
    throw new Error(`${prop} is ${seconds} s: give a whole number of seconds, at least 1.`);
  }
  return seconds;
}
