import type { ITable, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { RelayAlarms } from './alarms/relay-alarms.ts';
import { RequestRule } from './doors/request-rule.ts';
import { RevealApi } from './doors/reveal-api.ts';
import { RevealEventBus } from './doors/reveal-event-bus.ts';
import { Webhooks } from './doors/webhooks.ts';
import { AdmitHandler } from './handlers/admit.ts';
import { ApiHandler } from './handlers/api.ts';
import { PollHandler } from './handlers/poll.ts';
import { RequestHandler } from './handlers/request.ts';
import { RevealHandler } from './handlers/reveal-handler.ts';
import { SettleHandler } from './handlers/settle.ts';
import { StartTaskHandler } from './handlers/start-task.ts';
import { sweepEvery } from './handlers/sweep.ts';
import { checkBusIsNear, checkNamesOnBus, checkTableIsOwn } from './other-relays.ts';
import { relayPlatform } from './platform/relay-platform.ts';
import { resourceNames } from './platform/resource-names.ts';
import type { RelayParts } from './relay-parts.ts';
import { type RelaySettings, relaySettings, reservedConcurrency } from './relay-settings.ts';
import type { RevealRelayProps } from './reveal-relay-props.ts';
import { ApiKeySecret } from './stores/api-key-secret.ts';
import { DeadLetterQueue } from './stores/dead-letter-queue.ts';
import { PollBudgetTable } from './stores/poll-budget-table.ts';
import { RevealsAccess } from './stores/reveals-access.ts';
import { RevealsTable } from './stores/reveals-table.ts';
import { checkedWebhooks } from './webhook-receivers.ts';
import { RevealWorkflow } from './workflow/reveal-workflow.ts';
import { SafetyNet } from './workflow/safety-net.ts';

/** The bundle that waits out Fiber AI contact reveals: start executions of `stateMachine`, listen on `eventBus`. */
export class RevealRelay extends Construct {
  /** What it is set to, with its defaults. */
  readonly settings: RelaySettings;
  /** An execution of it waits out one reveal: start it with `{ "taskId": "…" }`. */
  readonly stateMachine: StateMachine;
  /** Records and results, with the contact data: who may read them is for you to grant. */
  readonly reveals: ITable;
  /** How polls and starts are shared out among all reveals. */
  readonly pollBudget: TableV2;
  /** Where requests come in and events go out. */
  readonly eventBus: IEventBus;
  /** What requests on a shared bus carry as `relay`. */
  readonly name: string | undefined;
  /** Holds the Fiber API key, once somebody has put it there. */
  readonly apiKeySecret: ISecret;
  readonly api: RevealApi;
  /** Settles what its own workflow could not: a rule on executions that end, and the sweeper. */
  readonly safetyNet: SafetyNet;
  /** Events that came to nothing: requests that are none, and whatever a handler failed on three times. */
  readonly deadLetters: Queue;
  /** Who is told by webhooks; undefined where nobody is. */
  readonly webhooks: Webhooks | undefined;
  /** What should be looked at. They tell `alarmTopic`, if there is one. What they mean is in docs/operations.md. */
  readonly alarms: RelayAlarms;

  constructor(scope: Construct, id: string, props: RevealRelayProps = {}) {
    super(scope, id);
    const settings = relaySettings(props);
    const names = resourceNames(props);
    const platform = relayPlatform(this, props);
    this.settings = settings;

    this.apiKeySecret = props.apiKeySecret ?? new ApiKeySecret(this, 'ApiKey', platform, names.apiKeySecret);
    this.name = settings.relayName;
    if (props.eventBus) checkBusIsNear(this, props.eventBus);
    const deadLetters = new DeadLetterQueue(this, 'DeadLetters', platform, names.deadLetters);
    this.deadLetters = deadLetters;
    this.eventBus = props.eventBus ?? new RevealEventBus(this, 'Bus', platform, deadLetters, names.eventBus);
    this.reveals = props.table ?? new RevealsTable(this, 'Reveals', platform, names.table);
    const others = otherRelays(this);
    checkNamesOnBus(this, others);
    checkTableIsOwn(this, others);
    const reveals = new RevealsAccess(this.reveals);
    const pollBudget = new PollBudgetTable(this, 'PollBudget', platform);
    this.pollBudget = pollBudget;

    const parts: RelayParts = {
      reveals,
      pollBudget,
      eventBus: this.eventBus,
      apiKeySecret: this.apiKeySecret,
      deadLetters,
      settings,
      platform,
      reservedConcurrency: reservedConcurrency(props),
    };
    // One for each state; those that settle share theirs.
    const handlers = {
      admit: new AdmitHandler(this, 'Admit', parts),
      'start-task': new StartTaskHandler(this, 'StartTask', parts),
      poll: new PollHandler(this, 'Poll', parts),
      settle: new SettleHandler(this, 'Settle', parts),
    };
    this.stateMachine = new RevealWorkflow(this, 'Workflow', {
      handlers,
      tracingEnabled: platform.tracingEnabled,
      name: names.stateMachine,
    }).stateMachine;

    const { stateMachine } = this;
    const around = { ...parts, stateMachine };
    this.api = new RevealApi(this, 'Http', around, props.api);
    const requests = new RequestRule(this, 'Requests', around);
    this.safetyNet = new SafetyNet(this, 'SafetyNet', around);

    const webhooks = checkedWebhooks(props.webhooks);
    this.webhooks = webhooks.length > 0 ? new Webhooks(this, 'Webhooks', parts, webhooks) : undefined;

    const { ended, executionEnded, sweep } = this.safetyNet;
    // The doors let in what is new only when all others know it. The state machine they wait for already, and it waits for its handlers.
    const doors = this.node.findAll().filter((part) => part instanceof ApiHandler || part instanceof RequestHandler);
    for (const door of doors) door.node.addDependency(ended, sweep);
    this.alarms = new RelayAlarms(this, 'Alarms', {
      reveals: this.reveals,
      stateMachine,
      eventBus: this.eventBus,
      deadLetters: this.deadLetters,
      handlers: this.node.findAll().filter((part) => part instanceof RevealHandler),
      sweep,
      sweepEvery,
      httpApi: this.api.httpApi,
      rules: { requested: requests.rule, ended: executionEnded },
      invoked: [requests.handler, ended],
      topic: props.alarmTopic,
      receivers: this.webhooks?.receivers ?? [],
    });
  }
}

function otherRelays(relay: RevealRelay): RevealRelay[] {
  const constructs = relay.node.root.node.findAll();
  // One that was refused stays in the tree, without what it was refused for.
  return constructs.filter(
    (other): other is RevealRelay => other instanceof RevealRelay && other !== relay && other.reveals !== undefined,
  );
}
