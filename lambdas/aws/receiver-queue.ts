import { ChangeMessageVisibilityCommand, SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { type WebhookReceiver, webhookSentAgain } from '../contract.ts';
import { attempt } from './sdk.ts';

/** A receiver's queue, from the side of whoever is handed its messages. */
export class ReceiverQueue {
  readonly #client: SQSClient;

  constructor(client: SQSClient) {
    this.#client = client;
  }

  /** Nobody gets the message for so long, which takes the place of the queue's own timeout. */
  async hide({ queue }: Pick<WebhookReceiver, 'queue'>, receipt: string, seconds: number): Promise<void> {
    const change = { QueueUrl: queue, ReceiptHandle: receipt, VisibilityTimeout: seconds };
    await attempt('SQS', () => this.#client.send(new ChangeMessageVisibilityCommand(change)));
  }

  /** Lays a message into the dead-letter queue, from where it comes back as one that somebody has sent again. */
  async layAside({ deadLetters }: Pick<WebhookReceiver, 'deadLetters'>, body: string): Promise<void> {
    const send = {
      QueueUrl: deadLetters,
      MessageBody: body,
      MessageAttributes: { [webhookSentAgain]: { DataType: 'String', StringValue: 'yes' } },
    };
    await attempt('SQS', () => this.#client.send(new SendMessageCommand(send)));
  }
}
