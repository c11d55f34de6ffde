import { createHash, randomUUID } from 'node:crypto';
import type { Operations } from './aws-endpoint.ts';
import { AwsError } from './aws-error.ts';
import { Journal } from './journal.ts';
import type { LocalStack } from './template.ts';

export interface QueuedMessage {
  readonly id: string;
  readonly body: string;
}

/** A message as it is journaled, under its id. */
export interface KeptMessage {
  /** ARN of its queue. */
  readonly queue: string;
  readonly body: string;
}

/** The queues of the template: what is sent to one stays there until somebody deletes it. */
export class Queues {
  readonly #messages = new Map<string, QueuedMessage[]>();
  readonly #arnByUrl = new Map<string, string>();
  readonly #journal: Journal<KeptMessage>;

  /** @param journal what is in the queues @default - in memory */
  constructor(stack: LocalStack, journal = new Journal<KeptMessage>(undefined)) {
    this.#journal = journal;
    for (const { reference, attributes } of stack.ofType('AWS::SQS::Queue')) {
      const arn = attributes.Arn ?? reference;
      this.#messages.set(arn, []);
      this.#arnByUrl.set(reference, arn);
    }
    for (const [id, { queue, body }] of journal.open) this.#messages.get(queue)?.push({ id, body });
  }

  has(arn: string): boolean {
    return this.#messages.has(arn);
  }

  send(arn: string, body: string): QueuedMessage {
    const message = { id: randomUUID(), body };
    this.#journal.opened(message.id, { queue: arn, body });
    this.#messages.get(arn)?.push(message);
    return message;
  }

  /** What is in a queue, the oldest first. */
  messages(arn: string): readonly QueuedMessage[] {
    return this.#messages.get(arn) ?? [];
  }

  /**
   * The operations that handlers and a redrive need. Messages are not hidden while somebody works on them.
   * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_Operations.html
   */
  readonly api: Operations = {
    SendMessage: ({ QueueUrl, MessageBody }) => {
      const { id, body } = this.send(this.#arn(QueueUrl), String(MessageBody));
      return { MessageId: id, MD5OfMessageBody: md5(body) };
    },

    ReceiveMessage: ({ QueueUrl, MaxNumberOfMessages = 1 }) => ({
      Messages: this.messages(this.#arn(QueueUrl))
        .slice(0, Number(MaxNumberOfMessages))
        .map(({ id, body }) => ({ MessageId: id, ReceiptHandle: id, Body: body, MD5OfBody: md5(body) })),
    }),

    DeleteMessage: ({ QueueUrl, ReceiptHandle }) => {
      const arn = this.#arn(QueueUrl);
      const left = this.messages(arn).filter(({ id }) => id !== ReceiptHandle);
      this.#messages.set(arn, left);
      this.#journal.closed(String(ReceiptHandle));
    },

    GetQueueAttributes: ({ QueueUrl }) => {
      const arn = this.#arn(QueueUrl);
      return { Attributes: { QueueArn: arn, ApproximateNumberOfMessages: String(this.messages(arn).length) } };
    },
  };

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
