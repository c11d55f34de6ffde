import { Duration, Token } from 'aws-cdk-lib';
import type { ITable, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import {
  type EnvName,
  envNames,
  fiberAddress,
  fiberBaseUrl,
  relayDefaults,
  relayNameForm,
} from '../lambdas/contract.ts';
import { ApiKeySecret } from './api-key-secret.ts';
import { between, notKnownYet, whole, wholeNumber } from './checked-settings.ts';
import { DeadLetterQueue } from './dead-letter-queue.ts';
import { checkBusIsNear, checkNamesOnBus, checkTableIsOwn } from './other-relays.ts';
import { PollBudgetTable } from './poll-budget-table.ts';
import { RelayAlarms } from './relay-alarms.ts';
import { RequestRule } from './request-rule.ts';
import { RevealApi, type RevealApiOptions } from './reveal-api.ts';
import { RevealEventBus } from './reveal-event-bus.ts';
import { RevealHandler } from './reveal-handler.ts';
import { RevealWorkflow } from './reveal-workflow.ts';
import { RevealsAccess } from './reveals-access.ts';
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
   * A reveals table that is there already, such as the one that `cdk destroy` has left: `TableV2.fromTableName(this, 'Kept', 'its-name')`. It must
   * have the keys, indexes and time to live that docs/operations.md lists, which nobody can check before the deployment; and no other relay.
   * @default - a new table, which outlives the stack
   */
  readonly table?: ITable;

  /**
   * The name of the relay on a bus that it shares with other relays: it takes the requests that carry it as `relay`, and no others, and its events
   * carry it too. Letters, digits and `. _ -`, up to 64.
   * @default - none: all requests on the bus are for this relay
   */
  readonly name?: string;

  /**
   * The bus on which requests come in and events go out, in the relay's own account and region. Give each relay a `name` if several are on it.
   * @default - a new bus of the relay's own
   */
  readonly eventBus?: IEventBus;

  /**
   * Where the vendor's API is: an https address, with a path where a gateway stands in front of it, or plain http on a loopback address. Whoever
   * answers there receives the API key.
   * @default https://api.fiber.ai
   */
  readonly fiberBaseUrl?: string;

  /**
   * How many polls a minute the vendor allows the account. More than it really allows earns rejections, which slow everything
   * down for a while; fewer makes reveals wait for each other. From 2 to 6,000: all polls share one item of DynamoDB.
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
   * Lambda concurrency that is set aside from the account's: nobody else takes it, and the handler takes no more. For accounts that other
   * functions fill. One whose limit is 10, as in new accounts, has nothing to set aside.
   * @default - the handlers share the account's concurrency
   */
  readonly reservedConcurrency?: {
    /** How many polls may be in flight at once. */
    readonly poll?: number;
    /** How many requests on the bus are taken at once. More wait in Lambda's queue, for up to six hours, and leave the rest to the polls. */
    readonly request?: number;
  };

  /**
   * Who may call the HTTP API, from which web pages, and how often.
   * @default - principals of AWS with `execute-api:Invoke`, from no web page
   */
  readonly api?: RevealApiOptions;
}

/** The bundle that waits out Fiber AI contact reveals: start executions of `stateMachine`, listen on `eventBus`. */
export class RevealRelay extends Construct {
  readonly stateMachine: StateMachine;
  readonly reveals: ITable;
  readonly pollBudget: TableV2;
  readonly eventBus: IEventBus;
  /** What requests on a shared bus carry as `relay`. */
  readonly name: string | undefined;
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
        between('pollsPerMinute', props.pollsPerMinute ?? relayDefaults.pollsPerMinute, 2, mostPollsPerMinute),
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
    this.name = relayName(props.name);
    if (props.eventBus) checkBusIsNear(this, props.eventBus);
    this.eventBus = props.eventBus ?? new RevealEventBus(this, 'Bus');
    this.reveals = props.table ?? new RevealsTable(this, 'Reveals');
    const others = otherRelays(this);
    checkNamesOnBus(this, others);
    checkTableIsOwn(this, others);
    const reveals = new RevealsAccess(this.reveals);
    this.pollBudget = new PollBudgetTable(this, 'PollBudget');

    this.deadLetters = new DeadLetterQueue(this, 'DeadLetters');

    const records: Environment = { [envNames.revealsTable]: reveals.tableName };
    const schedule: Environment = {
      [envNames.budgetTable]: this.pollBudget.tableName,
      [envNames.maxWaitSeconds]: String(maxWait.toSeconds()),
      ...budgetSettings,
    };
    const announcing: Environment = {
      // By its ARN, which names one bus wherever it is.
      [envNames.eventBus]: this.eventBus.eventBusArn,
      ...(this.name !== undefined && { [envNames.relayName]: this.name }),
    };
    const settling: Environment = {
      ...records,
      ...announcing,
      [envNames.retentionDays]: String(retention.toDays()),
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
      reservedConcurrency: concurrency('poll', props),
    });
    const settle = new RevealHandler(this, 'Settle', {
      handler: 'settle',
      description: 'Writes the final record once and announces it',
      environment: settling,
    });
    reveals.grantItems(admit, 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem');
    // Takes away the parts of an answer that comes too late to be kept, or that another one replaces.
    reveals.grantItems(poll, 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem');
    reveals.grantItems(settle, 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem');
    for (const handler of [admit, poll]) this.pollBudget.grant(handler, 'dynamodb:GetItem', 'dynamodb:UpdateItem');
    this.apiKeySecret.grantRead(poll);
    this.eventBus.grantPutEventsTo(settle);
    this.stateMachine = new RevealWorkflow(this, 'Workflow', { handlers: { admit, poll, settle } }).stateMachine;

    const { stateMachine, eventBus, deadLetters, pollBudget, apiKeySecret } = this;
    const doors = { reveals, stateMachine, eventBus, announcing };
    this.api = new RevealApi(this, 'Http', { ...doors, pollBudget, retention, ...props.api });
    const requests = new RequestRule(this, 'Requests', {
      ...doors,
      deadLetters,
      name: this.name,
      reservedConcurrency: concurrency('request', props),
    });

    this.safetyNet = new SafetyNet(this, 'SafetyNet', {
      reveals,
      stateMachine,
      eventBus,
      deadLetters,
      pollBudget,
      apiKeySecret,
      settling,
      polling,
    });
    const { ended, executionEnded, sweep } = this.safetyNet;
    this.alarms = new RelayAlarms(this, 'Alarms', {
      reveals: this.reveals,
      stateMachine,
      eventBus,
      deadLetters,
      handlers: this.node.findAll().filter((part) => part instanceof RevealHandler),
      sweep,
      sweepEvery,
      httpApi: this.api.httpApi,
      rules: { requested: requests.rule, ended: executionEnded },
      invoked: [requests.handler, ended],
    });
  }
}

type Environment = Partial<Record<EnvName, string>>;

/** DynamoDB takes 1,000 writes a second to one item, and a poll needs about seven there. */
const mostPollsPerMinute = 6_000;

/** An hour less than the workflow's own timeout: past it a reveal still gets a fresh poll. */
const longestMaxWait = Duration.hours(11);

function concurrency(handler: 'poll' | 'request', { reservedConcurrency }: RevealRelayProps): number | undefined {
  const reserved = reservedConcurrency?.[handler];
  return reserved === undefined ? undefined : wholeNumber('reservedConcurrency', reserved, 1, 10_000);
}

function relayName(name: string | undefined): string | undefined {
  if (name === undefined) return undefined;
  if (Token.isUnresolved(name)) throw notKnownYet('name');
  if (!relayNameForm.pattern.test(name)) throw new Error(`name is "${name}": give ${relayNameForm.says}.`);
  return name;
}

function otherRelays(relay: RevealRelay): RevealRelay[] {
  const constructs = relay.node.root.node.findAll();
  // One that was refused stays in the tree, without what it was refused for.
  return constructs.filter(
    (other): other is RevealRelay => other instanceof RevealRelay && other !== relay && other.reveals !== undefined,
  );
}

function vendorAddress(address: string): string {
  if (Token.isUnresolved(address)) return address;
  const vendor = fiberAddress(address);
  if (!vendor) {
    throw new Error('fiberBaseUrl is no https address of a host and a path: give one like https://api.fiber.ai.');
  }
  return vendor;
}
