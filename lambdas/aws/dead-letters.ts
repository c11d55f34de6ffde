import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { attempt } from './sdk.ts';

/** The queue of events that came to nothing. Lambda puts those there that we failed on, we those that nobody can start. */
export class DeadLetters {
  readonly #client: SQSClient;
  readonly #queueUrl: string;

  constructor(queueUrl: string, client: SQSClient) {
    this.#client = client;
    this.#queueUrl = queueUrl;
  }

  /**
   * Lays an event down in the shape in which Lambda does it, so that one command reads both.
   * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
   */
  async put(event: unknown, { errorType, errorMessage }: { errorType: string; errorMessage: string }): Promise<void> {
    const letter = {
      version: '1.0',
      requestContext: { condition: errorType },
      requestPayload: event,
      responsePayload: { errorType, errorMessage },
    };
    const send = new SendMessageCommand({ QueueUrl: this.#queueUrl, MessageBody: JSON.stringify(letter) });
    await attempt('SQS', () => this.#client.send(send));
  }
}
