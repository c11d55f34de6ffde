import { Deliveries } from './aws/deliveries.ts';
import { ReceiverQueue } from './aws/receiver-queue.ts';
import { ReceiverSwitches } from './aws/receiver-switches.ts';
import { RevealsTable } from './aws/reveals/reveals-table.ts';
import { sdkClientOptions } from './aws/sdk.ts';
import { SigningSecrets } from './aws/signing-secrets.ts';
import type { WebhookReceiver } from './contract.ts';
import { dynamoDB, secretsManager, sqs } from './runtime/clients.ts';
import { relayHandler } from './runtime/relay-handler.ts';
import { type BatchDelivering, deliverBatch, type QueueBatch } from './usecases/webhooks/deliver-batch.ts';
import { postTo } from './webhooks/receiver-http.ts';

/** What the queues of the receivers of webhooks invoke. */
export const handler = relayHandler('deliver', ({ settings, now, log }) => {
  const table = settings.revealsTable;
  const documents = dynamoDB(sdkClientOptions);
  const delivering: BatchDelivering = {
    receivers: JSON.parse(settings.webhooks) as WebhookReceiver[],
    reveals: new RevealsTable(table, documents),
    deliveries: new Deliveries(table, documents),
    switches: new ReceiverSwitches(table, documents),
    secrets: new SigningSecrets({ client: secretsManager(sdkClientOptions), now }),
    queue: new ReceiverQueue(sqs(sdkClientOptions)),
    post: postTo,
    random: Math.random,
    retentionDays: settings.retentionDays,
    log,
    now,
  };
  return (batch: QueueBatch) => deliverBatch(batch, delivering);
});
