import { createHash, randomUUID } from 'node:crypto';
import { Journal } from '../data/journal.ts';
import type { LocalStack } from '../template/template.ts';
import type { Operations } from './aws-endpoint.ts';
import { AwsError } from './aws-error.ts';

/** Message attributes as the API writes them, by name. */
export type MessageAttributes = Readonly<Record<string, { readonly DataType: string; readonly StringValue?: string }>>;

export interface QueuedMessage {
  readonly id: string;
  readonly body: string;
  readonly attributes?: MessageAttributes;
}

/** A message as it is journaled, under its id. */
export interface KeptMessage {
  /** ARN of its queue. */
  readonly queue: string;
  readonly body: string;
  readonly attributes?: MessageAttributes;
}

/** The queues of the template: what is sent to one stays there until somebody deletes it. */
export class Queues {
  readonly #messages = new Map<string, QueuedMessage[]>();
  readonly #arnByUrl = new Map<string, string>();
  /** Until when somebody has a message to himself, by its id. A restart forgets it: SQS delivers at least once. */
  readonly #hiddenUntil = new Map<string, number>();
  readonly #now: () => number;
  readonly #journal: Journal<KeptMessage>;

  /** @param journal what is in the queues @default - in memory */
  constructor(stack: LocalStack, now: () => number, journal = new Journal<KeptMessage>(undefined)) {
    this.#now = now;
    this.#journal = journal;
    for (const { reference, attributes } of stack.ofType('AWS::SQS::Queue')) {
      const arn = attributes.Arn ?? reference;
      this.#messages.set(arn, []);
      this.#arnByUrl.set(reference, arn);
    }
    for (const [id, { queue, ...message }] of journal.open) this.#messages.get(queue)?.push({ id, ...message });
  }

  has(arn: string): boolean {
    return this.#messages.has(arn);
  }

  send(arn: string, body: string, attributes?: MessageAttributes): QueuedMessage {
    const message = { body, ...(attributes && { attributes }) };
    const id = randomUUID();
    this.#journal.opened(id, { queue: arn, ...message });
    this.#messages.get(arn)?.push({ id, ...message });
    return { id, ...message };
  }

  /** What is in a queue, the oldest first, hidden or not. */
  messages(arn: string): readonly QueuedMessage[] {
    return this.#messages.get(arn) ?? [];
  }

  /**
   * The operations that handlers and a redrive need. Nobody waits for messages to come.
   * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_Operations.html
   */
  readonly api: Operations = {
    SendMessage: ({ QueueUrl, MessageBody, MessageAttributes }) => {
      const attributes = MessageAttributes as MessageAttributes | undefined;
      const { id, body } = this.send(this.#arn(QueueUrl), String(MessageBody), attributes);
      return { MessageId: id, MD5OfMessageBody: md5(body) };
    },

    ReceiveMessage: ({ QueueUrl, MaxNumberOfMessages = 1, VisibilityTimeout = 30, MessageAttributeNames }) => {
      const received = this.#visible(QueueUrl).slice(0, Number(MaxNumberOfMessages));
      for (const { id } of received) this.#hide(id, VisibilityTimeout);
      return {
        Messages: received.map(({ id, body, attributes }) => ({
          MessageId: id,
          ReceiptHandle: id,
          Body: body,
          MD5OfBody: md5(body),
          ...(MessageAttributeNames !== undefined && { MessageAttributes: attributes }),
        })),
      };
    },

    ChangeMessageVisibility: ({ QueueUrl, ReceiptHandle, VisibilityTimeout }) => {
      const id = String(ReceiptHandle);
      if (!this.messages(this.#arn(QueueUrl)).some((message) => message.id === id)) {
        throw new AwsError('com.amazonaws.sqs#ReceiptHandleIsInvalid', 'The specified receipt handle is not valid.');
      }
      this.#hide(id, VisibilityTimeout);
    },

    DeleteMessage: ({ QueueUrl, ReceiptHandle }) => {
      const arn = this.#arn(QueueUrl);
      const left = this.messages(arn).filter(({ id }) => id !== ReceiptHandle);
      this.#messages.set(arn, left);
      this.#hiddenUntil.delete(String(ReceiptHandle));
      this.#journal.closed(String(ReceiptHandle));
    },

    GetQueueAttributes: ({ QueueUrl }) => {
      const arn = this.#arn(QueueUrl);
      const visible = this.#visible(QueueUrl).length;
      return {
        Attributes: {
          QueueArn: arn,
          ApproximateNumberOfMessages: String(visible),
          ApproximateNumberOfMessagesNotVisible: String(this.messages(arn).length - visible),
        },
      };
    },
  };

  #visible(url: unknown): QueuedMessage[] {
    const now = this.#now();
    return this.messages(this.#arn(url)).filter(({ id }) => (this.#hiddenUntil.get(id) ?? 0) <= now);
  }

  #hide(id: string, seconds: unknown): void {
    this.#hiddenUntil.set(id, this.#now() + Number(seconds) * 1_000);
  }

  #arn(url: unknown): string {
    const arn = this.#arnByUrl.get(String(url));
    if (arn === undefined) {
      throw new AwsError('com.amazonaws.sqs#QueueDoesNotExist', 'The specified queue does not exist.');
    }
    return arn;
  }
}

/** Clients check it. */
function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}
