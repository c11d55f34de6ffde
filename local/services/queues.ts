import { createHash, randomUUID } from 'node:crypto';
import { Journal } from '../data/journal.ts';
import { type LocalStack, TemplateError } from '../template/template.ts';
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
  /** How often it was received. @default 0 */
  readonly receives?: number;
}

/** A message that nobody else gets for now, and how often somebody has had it. */
export interface ReceivedMessage extends QueuedMessage {
  readonly receives: number;
}

/** What the template says of a queue. */
interface QueueSettings {
  /** Seconds. */
  readonly visibilityTimeout: number;
  /** Where a message goes that would be received more often. */
  readonly redrive?: { readonly deadLetters: string; readonly mostReceives: number };
}

/** SQS hides a message for twelve hours at most. */
const longestTimeout = 43_200;

/** The queues of the template: what is sent to one stays there until somebody deletes it, or has received it too often. */
export class Queues {
  readonly #settings = new Map<string, QueueSettings>();
  readonly #receives = new Map<string, number>();
  readonly #watchers = new Map<string, () => void>();
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
    for (const resource of stack.ofType('AWS::SQS::Queue')) {
      const { VisibilityTimeout = 30, RedrivePolicy } = resource.properties();
      const { deadLetterTargetArn, maxReceiveCount } = (RedrivePolicy ?? {}) as Record<string, unknown>;
      const deadLetters = String(deadLetterTargetArn);
      if (RedrivePolicy !== undefined && !this.has(deadLetters)) {
        throw new TemplateError(
          `${resource.logicalId} (${resource.type}) has the dead-letter queue ${deadLetters}, for which there is no adapter.`,
        );
      }
      this.#settings.set(resource.attributes.Arn ?? resource.reference, {
        visibilityTimeout: Number(VisibilityTimeout),
        ...(RedrivePolicy !== undefined && { redrive: { deadLetters, mostReceives: Number(maxReceiveCount) } }),
      });
    }
    for (const [id, { queue, receives = 0, ...message }] of journal.open) {
      this.#messages.get(queue)?.push({ id, ...message });
      this.#receives.set(id, receives);
    }
  }

  /** Calls whenever there may be another message to receive, at once or later. */
  watch(arn: string, onChange: () => void): void {
    this.#watchers.set(arn, onChange);
  }

  /** When the next hidden message of a queue is to be had again, in milliseconds since 1970. */
  nextVisibleAt(arn: string): number | undefined {
    const hidden = this.messages(arn).flatMap(({ id }) => this.#hiddenUntil.get(id) ?? []);
    const later = hidden.filter((until) => until > this.#now());
    return later.length === 0 ? undefined : Math.min(...later);
  }

  /** The seconds for which a message is its receiver's, unless that asks for others. */
  visibilityTimeout(arn: string): number {
    return this.#settings.get(arn)?.visibilityTimeout ?? 30;
  }

  /** Hands out messages, each for so many seconds. Those that were handed out too often go to the dead letters in place of that. */
  receive(arn: string, atMost: number, seconds = this.visibilityTimeout(arn)): ReceivedMessage[] {
    const received: ReceivedMessage[] = [];
    for (const message of this.#visible(arn)) {
      if (received.length === atMost) break;
      const receives = (this.#receives.get(message.id) ?? 0) + 1;
      const { redrive } = this.#settings.get(arn) ?? {};
      if (redrive && receives > redrive.mostReceives) {
        this.send(redrive.deadLetters, message.body, message.attributes);
        this.delete(arn, message.id);
        continue;
      }
      const { id, ...kept } = message;
      this.#receives.set(id, receives);
      this.#journal.opened(id, { queue: arn, ...kept, receives });
      this.#hide(id, seconds);
      received.push({ ...message, receives });
    }
    return received;
  }

  delete(arn: string, id: string): void {
    this.#messages.set(
      arn,
      this.messages(arn).filter((message) => message.id !== id),
    );
    this.#hiddenUntil.delete(id);
    this.#receives.delete(id);
    this.#journal.closed(id);
  }

  has(arn: string): boolean {
    return this.#messages.has(arn);
  }

  send(arn: string, body: string, attributes?: MessageAttributes): QueuedMessage {
    const message = { body, ...(attributes && { attributes }) };
    const id = randomUUID();
    this.#journal.opened(id, { queue: arn, ...message });
    this.#messages.get(arn)?.push({ id, ...message });
    this.#watchers.get(arn)?.();
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

    ReceiveMessage: ({ QueueUrl, MaxNumberOfMessages = 1, VisibilityTimeout, MessageAttributeNames }) => {
      const seconds = VisibilityTimeout === undefined ? undefined : Number(VisibilityTimeout);
      const received = this.receive(this.#arn(QueueUrl), Number(MaxNumberOfMessages), seconds);
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
      const arn = this.#arn(QueueUrl);
      if (!this.messages(arn).some((message) => message.id === id)) {
        throw new AwsError('com.amazonaws.sqs#ReceiptHandleIsInvalid', 'The specified receipt handle is not valid.');
      }
      if (!(Number(VisibilityTimeout) >= 0 && Number(VisibilityTimeout) <= longestTimeout)) {
        throw new AwsError('InvalidParameterValue', `VisibilityTimeout must be from 0 to ${longestTimeout}.`);
      }
      this.#hide(id, VisibilityTimeout);
      this.#watchers.get(arn)?.();
    },

    DeleteMessage: ({ QueueUrl, ReceiptHandle }) => {
      this.delete(this.#arn(QueueUrl), String(ReceiptHandle));
    },

    GetQueueAttributes: ({ QueueUrl }) => {
      const arn = this.#arn(QueueUrl);
      const visible = this.#visible(arn).length;
      return {
        Attributes: {
          QueueArn: arn,
          ApproximateNumberOfMessages: String(visible),
          ApproximateNumberOfMessagesNotVisible: String(this.messages(arn).length - visible),
        },
      };
    },
  };

  #visible(arn: string): QueuedMessage[] {
    const now = this.#now();
    return this.messages(arn).filter(({ id }) => (this.#hiddenUntil.get(id) ?? 0) <= now);
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
