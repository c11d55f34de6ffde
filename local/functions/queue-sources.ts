import type { Queues, ReceivedMessage } from '../services/queues.ts';
import { place } from '../template/local-names.ts';
import { type LocalResource, type LocalStack, TemplateError } from '../template/template.ts';
import type { RelayTimer, RelayTimers } from '../time/relay-time.ts';
import { FunctionError, type LocalHandler } from './handlers.ts';

export interface QueueSourcesOptions {
  readonly stack: LocalStack;
  readonly queues: Queues;
  readonly handlerOf: (arn: string) => LocalHandler;
  readonly now: () => number;
  readonly timers: RelayTimers;
}

/** How long Lambda waits where there is no concurrency, in milliseconds. */
const throttledMs = 1_000;

/**
 * Starts what takes messages from queues and hands them to functions: those that a function does not name as failed are deleted, the others come again
 * when they are visible, as the function or the queue has it.
 *
 * @throws TemplateError on a source that is no queue, or a setting that there is no adapter for
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
 */
export function startQueueSources(options: QueueSourcesOptions): { stop(): void } {
  const sources = options.stack
    .ofType('AWS::Lambda::EventSourceMapping')
    .map((resource) => new QueueSource(readSource(resource, options), options));
  for (const source of sources) source.start();
  return {
    stop: () => {
      for (const source of sources) source.stop();
    },
  };
}

interface SourceSettings {
  readonly queue: string;
  readonly handler: LocalHandler;
  readonly batchSize: number;
  readonly mostAtOnce: number;
}

class QueueSource {
  readonly #settings: SourceSettings;
  readonly #options: QueueSourcesOptions;
  #underWay = 0;
  #timer: RelayTimer | undefined;
  #isStopped = false;

  constructor(settings: SourceSettings, options: QueueSourcesOptions) {
    this.#settings = settings;
    this.#options = options;
  }

  start(): void {
    this.#options.queues.watch(this.#settings.queue, () => this.#takeAll());
    this.#takeAll();
  }

  stop(): void {
    this.#isStopped = true;
  }

  #takeAll(): void {
    const { queues, timers, now } = this.#options;
    const { queue, batchSize, mostAtOnce } = this.#settings;
    while (!this.#isStopped && this.#underWay < mostAtOnce) {
      const batch = queues.receive(queue, batchSize);
      if (batch.length === 0) break;
      this.#underWay += 1;
      void this.#handOver(batch);
    }
    timers.clear(this.#timer);
    const next = queues.nextVisibleAt(queue);
    if (next !== undefined && !this.#isStopped) this.#timer = timers.set(() => this.#takeAll(), next - now());
  }

  async #handOver(batch: readonly ReceivedMessage[]): Promise<void> {
    const { queues, now } = this.#options;
    const { queue } = this.#settings;
    const givenUpAt = now() + queues.visibilityTimeout(queue) * 1_000;
    const failed = await this.#invoke(batch, givenUpAt);
    // That a function fails because it is stopped says nothing about the messages.
    if (this.#isStopped) return;
    for (const { id } of batch) if (!failed.has(id)) queues.delete(queue, id);
    this.#underWay -= 1;
    this.#takeAll();
  }

  /** @returns the ids of the messages that stay */
  async #invoke(batch: readonly ReceivedMessage[], givenUpAt: number): Promise<Set<string>> {
    const { now, timers } = this.#options;
    const { handler, queue } = this.#settings;
    const all = new Set(batch.map(({ id }) => id));
    const event = { Records: batch.map((message) => toRecord(message, queue, now())) };
    for (;;) {
      try {
        return failedIn(await handler.invoke(event), all);
      } catch (error) {
        if (!(error instanceof FunctionError)) throw error;
        if (!error.isThrottle || now() > givenUpAt) return all;
        await new Promise<void>((done) => timers.set(done, throttledMs));
      }
    }
  }
}

/** An answer that is not what Lambda expects counts as a failure of the whole batch. */
function failedIn(answer: unknown, all: Set<string>): Set<string> {
  const { batchItemFailures = [] } = (answer ?? {}) as { batchItemFailures?: { itemIdentifier?: unknown }[] };
  const ids = batchItemFailures.map(({ itemIdentifier }) => String(itemIdentifier));
  return ids.every((id) => all.has(id)) ? new Set(ids) : all;
}

function toRecord({ id, body, attributes = {}, receives }: ReceivedMessage, queue: string, now: number) {
  return {
    messageId: id,
    receiptHandle: id,
    body,
    attributes: {
      ApproximateReceiveCount: String(receives),
      ApproximateFirstReceiveTimestamp: String(now),
      SentTimestamp: String(now),
      SenderId: place.account,
    },
    messageAttributes: Object.fromEntries(
      Object.entries(attributes).map(([name, { DataType, StringValue }]) => [
        name,
        { dataType: DataType, stringValue: StringValue, stringListValues: [], binaryListValues: [] },
      ]),
    ),
    eventSource: 'aws:sqs',
    eventSourceARN: queue,
    awsRegion: place.region,
  };
}

function readSource(resource: LocalResource, { queues, handlerOf, stack }: QueueSourcesOptions): SourceSettings {
  const {
    EventSourceArn,
    FunctionName,
    BatchSize = 10,
    ScalingConfig,
    FunctionResponseTypes,
    ...rest
  } = resource.properties();
  const refuse = (what: string) =>
    new TemplateError(`${resource.logicalId} (${resource.type}) ${what}, for which there is no adapter.`);
  const [unknown] = Object.keys(rest);
  if (unknown) throw refuse(`has ${unknown}`);
  const queue = String(EventSourceArn);
  if (!queues.has(queue)) throw refuse(`takes from ${queue}`);
  const [response] = (FunctionResponseTypes ?? []) as string[];
  if (response !== 'ReportBatchItemFailures') throw refuse('does not report which messages have failed');
  const called = stack.ofType('AWS::Lambda::Function').find(({ reference }) => reference === FunctionName);
  const { MaximumConcurrency = 1_000 } = (ScalingConfig ?? {}) as { MaximumConcurrency?: number };
  return {
    queue,
    handler: handlerOf(called?.attributes.Arn ?? String(FunctionName)),
    batchSize: Number(BatchSize),
    mostAtOnce: Number(MaximumConcurrency),
  };
}
