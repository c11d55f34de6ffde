import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { outputNames, revealsKey } from '../lambdas/contract.ts';
import { type Deployment, type DeploymentOptions, deploy } from './deployment.ts';
import type { LocalHandler } from './functions/handlers.ts';
import type { BusEvent } from './services/bus.ts';
import { localClientOptions } from './services/client-options.ts';
import type { Queues } from './services/queues.ts';
import type { Secrets } from './services/secrets.ts';
import type { RelayClock } from './time/relay-time.ts';
import type { Execution } from './workflow/execution-store.ts';
import { machineOf } from './workflow/state-machine.ts';
import type { HistoryEvent } from './workflow/state-machine-messages.ts';

export type EmbeddedRelayOptions = DeploymentOptions;

/** Bytes that a partition key may have. */
const longestKey = 2_048;

/** A record as it is stored: see the README for its fields. */
export type StoredRecord = Readonly<Record<string, unknown>>;

/** The relay's stack, deployed into this process, and what one does with it: start reveals, wait for them, look at the results. */
export class EmbeddedRelay {
  readonly deployment: Deployment;
  readonly clock: RelayClock;
  readonly secrets: Secrets;
  readonly queues: Queues;
  /** The stack's outputs, by name. */
  readonly outputs: Readonly<Record<string, unknown>>;
  /** The functions of the template, by their name in the construct tree, such as `Poll`. */
  readonly handlers: ReadonlyMap<string, LocalHandler>;
  /** Events accepted so far, oldest first, with the bus they are on. */
  readonly events: readonly { readonly bus: string; readonly event: BusEvent }[];
  /** The real client of Step Functions, pointed at this relay. */
  readonly sfn: SFNClient;
  /** The real client of DynamoDB, pointed at this relay's tables. */
  readonly tables: DynamoDBDocumentClient;

  /**
   * Starts everything that the template holds, and is ready to take executions when it resolves.
   *
   * @throws TemplateError when the template holds something that there is no adapter for
   * @throws FolderLockedError when another process uses the `data` folder
   */
  static async start(options: EmbeddedRelayOptions): Promise<EmbeddedRelay> {
    const events: { bus: string; event: BusEvent }[] = [];
    const onEvent = (bus: string, event: BusEvent) => {
      events.push({ bus, event });
      options.onEvent?.(bus, event);
    };
    return new EmbeddedRelay(await deploy({ ...options, onEvent }), events);
  }

  private constructor(deployment: Deployment, events: EmbeddedRelay['events']) {
    const { stack, clock, secrets, queues, handlers, endpointUrl, tables } = deployment;
    this.deployment = deployment;
    this.clock = clock;
    this.secrets = secrets;
    this.queues = queues;
    this.events = events;
    this.outputs = stack.outputs();
    this.handlers = new Map(handlers.map((handler) => [handler.label, handler]));
    this.tables = DynamoDBDocumentClient.from(tables.client);
    this.sfn = new SFNClient(localClientOptions(endpointUrl));
  }

  /**
   * Starts an execution as anybody would, through the API of Step Functions.
   *
   * @param input a value to be sent as JSON, for a reveal `{ taskId }`
   * @returns the execution's ARN
   */
  async startReveal(input: unknown, name?: string): Promise<string> {
    const stateMachineArn = String(this.outputs[outputNames.stateMachine]);
    const { executionArn } = await this.sfn.send(
      new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input), name }),
    );
    return executionArn ?? '';
  }

  /** Waits until an execution has ended, without asking again and again; at infinite speed this is when time passes. */
  ended(executionArn: string): Promise<Execution> {
    const { stateMachines, fastForward } = this.deployment;
    const ended = machineOf(stateMachines, executionArn).executions.ended(executionArn);
    return fastForward ? fastForward.during(ended) : ended;
  }

  /** What Step Functions says about an execution. */
  describe(executionArn: string) {
    return this.sfn.send(new DescribeExecutionCommand({ executionArn }));
  }

  /** Every step of an execution so far, with inputs and outputs. */
  history(executionArn: string): readonly HistoryEvent[] {
    return machineOf(this.deployment.stateMachines, executionArn).executions.history(executionArn);
  }

  /** The record of a reveal, read consistently; nothing if there is none. */
  async record(revealId: string): Promise<StoredRecord | undefined> {
    // DynamoDB refuses longer keys, so nothing is stored under one.
    if (revealId === '' || Buffer.byteLength(revealId) > longestKey) return undefined;
    const { Item } = await this.tables.send(
      new GetCommand({
        TableName: String(this.outputs[outputNames.revealsTable]),
        Key: { [revealsKey.partition]: revealId, [revealsKey.sort]: revealsKey.record },
        ConsistentRead: true,
      }),
    );
    return Item;
  }

  /** The events published on the relay's own bus so far, oldest first. */
  get published(): BusEvent[] {
    return this.events.filter(({ bus }) => bus === this.outputs[outputNames.eventBus]).map(({ event }) => event);
  }

  /** Ends every thread, server and timer. Whatever was running is gone, unless it is in the `data` folder. */
  close(): Promise<void> {
    this.sfn.destroy();
    return this.deployment.close();
  }
}
