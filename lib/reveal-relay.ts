import { Duration, Token } from 'aws-cdk-lib';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { EventBus, type IEventBus } from 'aws-cdk-lib/aws-events';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { type EnvName, envNames, fiberAddress, fiberBaseUrl, relayDefaults } from '../lambdas/contract.ts';
import { ApiKeySecret } from './api-key-secret.ts';
import { DeadLetterQueue } from './dead-letter-queue.ts';
import { PollBudgetTable } from './poll-budget-table.ts';
import { RelayAlarms } from './relay-alarms.ts';
import { RequestRule } from './request-rule.ts';
import { RevealApi, type RevealApiOptions } from './reveal-api.ts';
import { RevealHandler } from './reveal-handler.ts';
import { RevealWorkflow } from './reveal-workflow.ts';
import { RevealsTable } from './reveals-table.ts';
import { SafetyNet, sweepEvery } from './safety-net.ts';

export interface RevealRelayProps {
  /**
   * The secret that holds the Fiber API key, as plain text or as `{"apiKey": "…"}`. If it is encrypted with a key of your own, import it with
   * that key (`Secret.fromSecretAttributes`): only then may the handlers decrypt it.
   * @default - a new empty secret; the stack's output says how to fill it, and reveals wait until it is
   */
  readonly apiKeySecret?: ISecret;

  /**
   * The bus on which completion events are published.
   * @default - a new bus of the relay's own
   */
  readonly eventBus?: IEventBus;

  /**
   * Where the vendor's API is: an https address, with a path where a gateway stands in front of it. Whoever answers there receives
   * the API key.
   * @default https://api.fiber.ai
   */
  readonly fiberBaseUrl?: string;

  /**
   * How many polls a minute the vendor allows the account. More than it really allows earns rejections, which slow everything
   * down for a while; fewer makes reveals wait for each other.
   * @default 240
   */
  readonly pollsPerMinute?: number;

  /**
   * The part of `pollsPerMinute` that is the relay's, above 0 and up to 1. Leave the rest to the other programs that poll with the
   * same key: nothing else keeps all of them free of rejections.
   * @default 1
   */
  readonly keyShare?: number;

  /**
   * The part of the relay's polls that interactive reveals are sure of while bulk ones queue, between 0 and 1. Bulk is sure of
   * the rest; what one of them does not use, the other does.
   * @default 0.25
   */
  readonly interactiveShare?: number;

  /**
   * The age from which a reveal that is still running when we look is given up on, as `timed-out`; at most eleven hours, as an execution
   * may run for twelve.
   * @default Duration.hours(1): the vendor's worst case is 8 minutes, and a backlog of 10,000 takes 44 to poll once
   */
  readonly maxWait?: Duration;

  /**
   * How long a record and its contact data are kept after the reveal has ended. DynamoDB removes them within days of
   * that; readers do not see them any more at once.
   * @default Duration.days(30)
   */
  readonly retention?: Duration;

  /**
   * Who may call the HTTP API, from which web pages, and how often.
   * @default - principals of AWS with `execute-api:Invoke`, from no web page
   */
  readonly api?: RevealApiOptions;
}

/** The bundle that waits out Fiber AI contact reveals: start executions of `stateMachine`, listen on `eventBus`. */
export class RevealRelay extends Construct {
  readonly stateMachine: StateMachine;
  readonly reveals: TableV2;
  readonly pollBudget: TableV2;
  readonly eventBus: IEventBus;
  readonly apiKeySecret: ISecret;
  readonly api: RevealApi;
  readonly safetyNet: SafetyNet;
  /** Events that came to nothing: requests that are none, and whatever a handler failed on three times. */
  readonly deadLetters: Queue;
  /** Add an action to each of them, so that somebody is told. What they mean is in docs/operations.md. */
  readonly alarms: RelayAlarms;

  constructor(scope: Construct, id: string, props: RevealRelayProps = {}) {
    super(scope, id);
    const budgetSettings: Environment = {
      [envNames.pollsPerMinute]: String(
        between('pollsPerMinute', props.pollsPerMinute ?? relayDefaults.pollsPerMinute, 2, 100_000),
      ),
      [envNames.keyShare]: String(between('keyShare', props.keyShare ?? relayDefaults.keyShare, 0.01, 1)),
      [envNames.interactiveShare]: String(
        between('interactiveShare', props.interactiveShare ?? relayDefaults.interactiveShare, 0.01, 0.99),
      ),
    };
    const maxWait = whole(
      'maxWait',
      props.maxWait ?? Duration.seconds(relayDefaults.maxWaitSeconds),
      Duration.seconds(1),
      longestMaxWait,
    );
    const retention = whole(
      'retention',
      props.retention ?? Duration.days(relayDefaults.retentionDays),
      Duration.days(1),
      Duration.days(3_650),
    );
    const vendor = vendorAddress(props.fiberBaseUrl ?? fiberBaseUrl);

    this.apiKeySecret = props.apiKeySecret ?? new ApiKeySecret(this, 'ApiKey');
    this.eventBus =
      props.eventBus ?? new EventBus(this, 'Bus', { description: 'Contact reveals: requests and completions' });
    const reveals = new RevealsTable(this, 'Reveals');
    this.reveals = reveals;
    this.pollBudget = new PollBudgetTable(this, 'PollBudget');

    this.deadLetters = new DeadLetterQueue(this, 'DeadLetters');

    const records: Environment = { [envNames.revealsTable]: reveals.tableName };
    const schedule: Environment = {
      [envNames.budgetTable]: this.pollBudget.tableName,
      [envNames.maxWaitSeconds]: String(maxWait.toSeconds()),
      ...budgetSettings,
    };
    const settling: Environment = {
      ...records,
      [envNames.retentionDays]: String(retention.toDays()),
      [envNames.eventBus]: this.eventBus.eventBusName,
    };
    const polling: Environment = {
      ...schedule,
      ...records,
      [envNames.retentionDays]: String(retention.toDays()),
      [envNames.apiKeySecret]: this.apiKeySecret.secretArn,
      [envNames.fiberBaseUrl]: vendor,
    };

    const admit = new RevealHandler(this, 'Admit', {
      handler: 'admit',
      description: 'Validates a request and claims its record',
      environment: { ...records, ...schedule },
    });
    const poll = new RevealHandler(this, 'Poll', {
      handler: 'poll',
      description: 'Asks the vendor once and stores what it answers',
      environment: polling,
    });
    const settle = new RevealHandler(this, 'Settle', {
      handler: 'settle',
      description: 'Writes the final record once and announces it',
      environment: settling,
    });
    reveals.grantItems(admit, 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem');
    // Takes away the parts of a result that comes too late to be kept.
    reveals.grantItems(poll, 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem');
    reveals.grantItems(settle, 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem');
    for (const handler of [admit, poll]) this.pollBudget.grant(handler, 'dynamodb:GetItem', 'dynamodb:UpdateItem');
    this.apiKeySecret.grantRead(poll);
    this.eventBus.grantPutEventsTo(settle);
    this.stateMachine = new RevealWorkflow(this, 'Workflow', { handlers: { admit, poll, settle } }).stateMachine;

    const { stateMachine, eventBus, deadLetters, pollBudget, apiKeySecret } = this;
    const doors = { reveals, stateMachine, eventBus };
    this.api = new RevealApi(this, 'Http', { ...doors, retention, ...props.api });
    new RequestRule(this, 'Requests', { ...doors, deadLetters });

    this.safetyNet = new SafetyNet(this, 'SafetyNet', {
      ...doors,
      deadLetters,
      pollBudget,
      apiKeySecret,
      settling,
      polling,
    });
    this.alarms = new RelayAlarms(this, 'Alarms', {
      reveals,
      deadLetters,
      stateMachine,
      sweep: this.safetyNet.sweep,
      sweepEvery,
    });
  }
}

type Environment = Partial<Record<EnvName, string>>;

/** An hour less than the workflow's own timeout: past it a reveal still gets a fresh poll. */
const longestMaxWait = Duration.hours(11);

/** A duration between two others, in whole units of the smaller one. */
function whole(prop: keyof RevealRelayProps, value: Duration, least: Duration, most: Duration): Duration {
  const units = value.toMilliseconds() / least.toMilliseconds();
  if (!Number.isInteger(units) || units < 1 || value.toMilliseconds() > most.toMilliseconds()) {
    throw new Error(
      `${prop} is ${value.toHumanString()}: give a multiple of ${least.toHumanString()}, up to ${most.toHumanString()}.`,
    );
  }
  return value;
}

function vendorAddress(address: string): string {
  if (Token.isUnresolved(address)) return address;
  const vendor = fiberAddress(address);
  // There is nobody on a Lambda function's loopback.
  if (!vendor?.startsWith('https:')) {
    throw new Error('fiberBaseUrl is no https address of a host and a path: give one like https://api.fiber.ai.');
  }
  return vendor;
}

function between(prop: keyof RevealRelayProps, value: number, least: number, most: number): number {
  if (!(value >= least && value <= most)) {
    throw new Error(`${prop} is ${value}: give a number from ${least} to ${most}.`);
  }
  return value;
}
