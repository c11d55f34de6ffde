import { Stack } from 'aws-cdk-lib';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { Construct } from 'constructs';
import type { WebhookReceiver } from '../../lambdas/contract.ts';
import type { RelayParts } from '../relay-parts.ts';
import { grantApiKey } from '../stores/api-key-access.ts';
import type { Receiver } from '../webhook-receivers.ts';
import { RevealHandler } from './reveal-handler.ts';

/** What one invocation delivers, all of it at once; and how many go on for one receiver, of which SQS takes no fewer. */
const batchSize = 10;
const maxConcurrency = 2;

/** What the queues of the receivers invoke. It alone asks addresses of somebody else's choice, and may read no key. */
export class DeliverHandler extends RevealHandler {
  constructor(
    scope: Construct,
    id: string,
    { reveals, settings, platform }: RelayParts,
    receivers: readonly Receiver[],
  ) {
    const told = receivers.map(
      ({ name, url, include, allowAddresses, secret, queue, deadLetters }): WebhookReceiver => ({
        name,
        url,
        include,
        allowAddresses,
        secret: secret.secretArn,
        queue: queue.queueUrl,
        deadLetters: deadLetters.queueUrl,
      }),
    );
    super(scope, id, platform, {
      handler: 'deliver',
      description: 'Delivers webhooks',
      // Each invocation may have ten results in hand.
      memorySize: 512,
      settings: { ...settings, revealsTable: reveals.tableName, webhooks: Stack.of(scope).toJsonString(told) },
    });
    // Whether a receiver is switched off is an item that goes when it is on again.
    reveals.grantItems(this, 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:DeleteItem');
    for (const { queue, deadLetters, secret } of receivers) {
      // As the API key is read, which this function may not.
      grantApiKey(secret, this);
      deadLetters.grantSend(this);
      this.addEventSource(new SqsEventSource(queue, { batchSize, maxConcurrency, reportBatchItemFailures: true }));
    }
  }
}
