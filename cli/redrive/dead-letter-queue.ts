import { EventBridgeClient, type EventBridgeClientConfig, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
  type SQSClientConfig,
} from '@aws-sdk/client-sqs';
import { eventTypes, webhookSentAgain } from '../../lambdas/contract.ts';
import type { Message, RequestedReveal } from './dead-letter.ts';

/** A message that nobody else gets for as long as it is ours. */
export interface ReceivedMessage extends Message {
  readonly id: string;
  readonly receipt: string;
}

export type AwsOptions = SQSClientConfig & EventBridgeClientConfig;

/** Longer than a run takes, so that it meets no letter twice; a run that is killed leaves its letters hidden for so long. */
const oursForSeconds = 900;
/** Any wait makes SQS ask all of its servers, not some. */
const waitSeconds = 2;
const mostAtOnce = 10;

/** Where dead letters are, and where they go from there: requests onto the bus, webhooks into the queue of their receiver. */
export interface Places {
  readonly queueUrl: string;
  readonly busName?: string;
  readonly webhookQueueUrl?: string;
}

/** The dead-letter queue, and the bus that requests are put on. */
export class DeadLetterQueue {
  readonly #sqs: SQSClient;
  readonly #events: EventBridgeClient;
  readonly #queueUrl: string;
  readonly #busName: string | undefined;
  readonly #webhookQueueUrl: string | undefined;

  /** @param options of the SDK's clients @default - what the environment and the profile say, in the queue's region */
  constructor({ queueUrl, busName, webhookQueueUrl }: Places, options: AwsOptions = {}) {
    const region = regionOfQueue(queueUrl);
    const located = { ...(region !== undefined && { region }), ...options };
    // The SDK would call the queue's own address, past the endpoint that it was given in the environment.
    this.#sqs = new SQSClient({ ...located, useQueueUrlAsEndpoint: false });
    this.#events = new EventBridgeClient(located);
    this.#queueUrl = queueUrl;
    this.#busName = busName;
    this.#webhookQueueUrl = webhookQueueUrl;
  }

  /**
   * Some of the letters that are there, none if there are no more.
   *
   * @throws UnreadableQueueError
   */
  async receive(atMost: number): Promise<ReceivedMessage[]> {
    const receive = new ReceiveMessageCommand({
      QueueUrl: this.#queueUrl,
      MaxNumberOfMessages: Math.min(atMost, mostAtOnce),
      VisibilityTimeout: oursForSeconds,
      WaitTimeSeconds: waitSeconds,
      MessageAttributeNames: ['All'],
    });
    const { Messages = [] } = await this.#sqs.send(receive).catch((error: Error) => {
      throw new UnreadableQueueError(error);
    });
    return Messages.map(({ MessageId = '', ReceiptHandle = '', Body = '', MessageAttributes = {} }) => ({
      id: MessageId,
      receipt: ReceiptHandle,
      body: Body,
      attributes: Object.fromEntries(
        Object.entries(MessageAttributes).map(([name, { StringValue = '' }]) => [name, StringValue]),
      ),
    }));
  }

  async remove({ receipt }: ReceivedMessage): Promise<void> {
    await this.#sqs.send(new DeleteMessageCommand({ QueueUrl: this.#queueUrl, ReceiptHandle: receipt }));
  }

  /** Gives a letter back: others see it again. */
  async release({ receipt }: ReceivedMessage): Promise<void> {
    await this.#sqs.send(
      new ChangeMessageVisibilityCommand({ QueueUrl: this.#queueUrl, ReceiptHandle: receipt, VisibilityTimeout: 0 }),
    );
  }

  /** Puts a request on the bus, as its sender had done. @returns the id that it has from now on */
  async request({ source, detail, time, resources = [] }: RequestedReveal): Promise<string> {
    const entry = {
      EventBusName: this.#busName,
      Source: source,
      DetailType: eventTypes.requested,
      Detail: JSON.stringify(detail),
      Resources: [...resources],
      ...(time && { Time: time }),
    };
    const { Entries = [] } = await this.#events.send(new PutEventsCommand({ Entries: [entry] }));
    const { EventId, ErrorCode } = Entries[0] ?? {};
    if (EventId === undefined) throw Object.assign(new Error('not taken'), { name: ErrorCode ?? 'NoAnswer' });
    return EventId;
  }

  /** Puts an event into the queue of its receiver again: it is tried there even if the receiver is switched off. */
  async sendBack({ body }: ReceivedMessage): Promise<void> {
    const MessageAttributes = { [webhookSentAgain]: { DataType: 'String', StringValue: 'yes' } };
    await this.#sqs.send(
      new SendMessageCommand({ QueueUrl: this.#webhookQueueUrl, MessageBody: body, MessageAttributes }),
    );
  }

  /** Whether it is that of a receiver of webhooks. */
  get isOfReceiver(): boolean {
    return this.#webhookQueueUrl !== undefined;
  }

  close(): void {
    this.#sqs.destroy();
    this.#events.destroy();
  }
}

/** There is nothing to be had from the queue. The message says what to do. */
export class UnreadableQueueError extends Error {
  override readonly name = 'UnreadableQueueError';

  constructor({ name, message }: Error) {
    super(
      `The queue could not be read (${name}: ${message}): check its URL, and that you are logged in to AWS, or AWS_PROFILE is set, as somebody who may read it.`,
    );
  }
}

function regionOfQueue(url: string): string | undefined {
  return /^https:\/\/sqs\.([a-z0-9-]+)\.amazonaws\.com/.exec(url)?.[1];
}
