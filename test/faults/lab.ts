import { setTimeout as realSleep } from 'node:timers/promises';
import { DeleteCommand, PutCommand, QueryCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { RelayItem } from '../../lambdas/aws/relay-item.ts';
import { budgetKey, envNames, outputNames, relayItemKey, revealsKey } from '../../lambdas/contract.ts';
import type { WebhookOptions } from '../../lib/index.ts';
import type { AddedTask, NewTask, PaidTask, SeenPoll } from '../../local/fiber/index.ts';
import type { Execution } from '../../local/workflow/execution-store.ts';
import { machineOf } from '../../local/workflow/state-machine.ts';
import { testAssembly } from '../support/assembly.ts';
import { startTestRelay, type TestRelay } from '../support/relay.ts';
import { assemblyWith } from '../support/webhook-assembly.ts';
import { WebhookReceiverServer } from '../support/webhook-receiver.ts';
import { Between } from './between.ts';
import type { Call } from './calls.ts';
import { planted } from './plants.ts';
import { deployedAs, type Setting } from './settings.ts';

/** A relay with faults between its parts, on which cells are played one after the other. */
export class Lab {
  readonly test: TestRelay;
  readonly between: Between;
  readonly apiKey: string;
  /** What the template ships, as text. */
  readonly template: string;
  /** Polls as the vendor saw them. */
  readonly polls: readonly SeenPoll[];
  /** What the vendor has charged for. */
  readonly charges: readonly PaidTask[];
  /** Every call of a handler that was answered with 200. */
  readonly calls: readonly Call[];
  /** How many bytes of the vendor's broken answers were read, each. */
  readonly streamed: readonly number[];
  /** Who is told by webhooks, where somebody is. */
  readonly receiver: WebhookReceiverServer | undefined;
  readonly #tasks: Map<string, Pick<AddedTask, 'taskId' | 'contacts'>>;
  readonly #setting: Setting;
  #key: string;

  private constructor(
    parts: Pick<
      Lab,
      'test' | 'between' | 'apiKey' | 'template' | 'polls' | 'charges' | 'calls' | 'streamed' | 'receiver'
    >,
    tasks: Map<string, Pick<AddedTask, 'taskId' | 'contacts'>>,
    setting: Setting,
  ) {
    this.test = parts.test;
    this.between = parts.between;
    this.apiKey = parts.apiKey;
    this.#key = parts.apiKey;
    this.template = parts.template;
    this.polls = parts.polls;
    this.charges = parts.charges;
    this.calls = parts.calls;
    this.streamed = parts.streamed;
    this.receiver = parts.receiver;
    this.#tasks = tasks;
    this.#setting = setting;
  }

  static async start(setting: Setting = {}): Promise<Lab> {
    const apiKey = 'sk-planted-7Yq2/+zE9';
    const polls: SeenPoll[] = [];
    const charges: PaidTask[] = [];
    const calls: Call[] = [];
    const streamed: number[] = [];
    const tasks = new Map<string, Pick<AddedTask, 'taskId' | 'contacts'>>();
    let test: TestRelay | undefined;
    const between = await Between.start({
      kill: async (handler) => test?.relay.handlers.get(handler)?.kill(),
      onDone: (call) => calls.push(call),
      onStreamed: (_call, bytes) => streamed.push(bytes),
      rewrite: ({ body }, status) => {
        const { taskId } = JSON.parse(body) as { taskId: string };
        const task = tasks.get(taskId);
        const isBroken = typeof polls.findLast((poll) => poll.taskId === taskId)?.status === 'string';
        return task && !isBroken ? (text) => planted(text, status, task, apiKey) : undefined;
      },
    });
    const receiver = setting.webhooks && (await WebhookReceiverServer.listen());
    const shipped = receiver ? await assemblyWith([toldBy(setting, receiver)]) : await testAssembly();
    const assembly = await deployedAs(shipped, setting);
    test = await startTestRelay({
      assembly,
      apiKey,
      through: between.through,
      stillAfterMs: setting.isLeftHanging ? 400 : 3_000,
      httpPort: 0,
      fiber: {
        apiKey,
        onPoll: (poll) => polls.push(poll),
        onCharge: (paid) => {
          charges.push(paid);
          tasks.set(paid.taskId, paid);
        },
        limit: { polls: 100_000, starts: 100_000 },
        credits: 1_000_000_000,
      },
    });
    const template = JSON.stringify(assembly.template);
    const parts = { test, between, apiKey, template, polls, charges, calls, streamed, receiver };
    return new Lab(parts, tasks, setting);
  }

  addTask(task: NewTask): AddedTask {
    const added = this.test.fiber.addTask(task);
    this.#tasks.set(added.taskId, added);
    return added;
  }

  /** As on AWS, somebody else stops an execution: what its task has begun goes on. */
  stop(executionArn: string): void {
    machineOf(this.test.relay.deployment.stateMachines, executionArn).stopExecution(executionArn);
  }

  /** Lets relay time pass, and with it whatever is due. */
  async pass(milliseconds: number): Promise<void> {
    const { clock, relay } = this.test;
    const until = clock.now() + milliseconds;
    const passed = async () => {
      for (let turns = 0; clock.now() < until; turns += 1) {
        await realSleep(1);
        // Where no sweeper runs there may be nothing that time could be skipped to.
        if (this.#setting.withoutSweeper && turns > 20) clock.jump(until - clock.now());
      }
    };
    await relay.deployment.fastForward?.during(passed());
  }

  /** Every execution so far, newest first. */
  executions(): Execution[] {
    return this.test.relay.deployment.stateMachines.flatMap(({ executions }) => executions.list());
  }

  /** Every dead letter so far. */
  letters(): string[] {
    const { stack, queues } = this.test.relay.deployment;
    const arns = stack.ofType('AWS::SQS::Queue').map(({ attributes }) => attributes.Arn ?? '');
    return arns.flatMap((arn) => queues.messages(arn).map(({ body }) => body));
  }

  /** Asks the HTTP API, as a caller would. */
  async ask(method: string, path: string, body?: object, headers: Record<string, string> = {}) {
    const response = await fetch(`${this.test.relay.deployment.httpUrl}${path}`, {
      method,
      headers: { ...(body && { 'content-type': 'application/json' }), ...headers },
      ...(body && { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  }

  /** What the relay knows of itself, and its brake. */
  brake(): RelayItem {
    const { outputs, tables } = this.test.relay;
    return new RelayItem(String(outputs[outputNames.revealsTable]), { documents: tables, now: this.test.clock.now });
  }

  /** Everything that is in the reveals table. */
  async everything(): Promise<Record<string, unknown>[]> {
    const TableName = String(this.test.relay.outputs[outputNames.revealsTable]);
    return (await this.test.relay.tables.send(new ScanCommand({ TableName }))).Items ?? [];
  }

  /** Everything that is kept of a reveal. */
  async items(revealId: string): Promise<Record<string, unknown>[]> {
    const { Items = [] } = await this.test.relay.tables.send(
      new QueryCommand({
        TableName: String(this.test.relay.outputs[outputNames.revealsTable]),
        KeyConditionExpression: '#id = :id',
        ExpressionAttributeNames: { '#id': revealsKey.partition },
        ExpressionAttributeValues: { ':id': revealId },
        ConsistentRead: true,
      }),
    );
    return Items;
  }

  async budget(): Promise<unknown> {
    return (await this.test.relay.tables.send(new ScanCommand({ TableName: this.#budgetTable }))).Items;
  }

  /** The budget has no slot to give for so long. */
  async holdPolls(milliseconds: number): Promise<void> {
    await this.test.relay.tables.send(
      new PutCommand({
        TableName: this.#budgetTable,
        Item: { [budgetKey.partition]: budgetKey.budget, tat: this.test.clock.now() + milliseconds },
      }),
    );
  }

  /** The vendor takes another key from now on, and the secret holds it. The old one is part of it: whoever leaks it, leaks that. */
  rotateKey(): void {
    const newKey = `${this.#key}-rotated`;
    this.#key = newKey;
    this.test.fiber.setKeys(newKey);
    this.test.relay.secrets.put(String(this.test.relay.outputs[outputNames.apiKeySecret]), newKey);
  }

  isoNow(): string {
    return new Date(this.test.clock.now()).toISOString();
  }

  /** What one cell has taught the poll budget, and reveals that are still to be looked at, are none of the next one's business. */
  async forget(): Promise<void> {
    const { tables, outputs } = this.test.relay;
    const keysOf = {
      [this.#budgetTable]: [budgetKey.partition],
      [String(outputs[outputNames.revealsTable])]: [revealsKey.partition, revealsKey.sort],
    };
    for (const [TableName, names] of Object.entries(keysOf)) {
      const { Items = [] } = await tables.send(new ScanCommand({ TableName }));
      for (const item of Items) {
        // The handlers have read the salt, once and for all.
        if (item[revealsKey.partition] === relayItemKey.revealId) continue;
        const Key = Object.fromEntries(names.map((name) => [name, item[name]]));
        await tables.send(new DeleteCommand({ TableName, Key }));
      }
    }
  }

  get #budgetTable(): string {
    return String(this.test.relay.handlers.get('Poll')?.environment[envNames.budgetTable]);
  }

  async close(): Promise<void> {
    await this.test.close();
    await this.between.close();
    await this.receiver?.close();
  }
}

/** The one receiver, who gets results. Inside: at an address on this machine that nobody has allowed. */
function toldBy({ webhooks }: Setting, { url }: WebhookReceiverServer): WebhookOptions {
  const about = { name: 'crm', include: 'result' } as const;
  return webhooks === 'inside'
    ? { ...about, url: url.replace('http:', 'https:') }
    : { ...about, url, allowAddresses: ['127.0.0.1'] };
}
