import type { WebhookReceiver } from '../../contract.ts';
import { webhookSentAgain } from '../../contract.ts';
import { loggedFacts } from '../../reveal/errors.ts';
import { readQueuedEvent } from '../../webhooks/queued-event.ts';
import { type Dealt, type Delivering, deliver } from './deliver.ts';

/** As much of what Lambda hands over for a queue as is read here. */
export interface QueueBatch {
  Records: readonly {
    messageId: string;
    receiptHandle: string;
    body: string;
    attributes: { ApproximateReceiveCount: string };
    messageAttributes?: Readonly<Record<string, unknown>>;
    eventSourceARN: string;
  }[];
}

/** Messages that are to stay in the queue; Lambda deletes the others. */
export interface BatchAnswer {
  batchItemFailures: { itemIdentifier: string }[];
}

export interface BatchDelivering extends Delivering {
  receivers: readonly WebhookReceiver[];
  log: {
    info(message: string, facts: Record<string, unknown>): void;
    error(message: string, facts: Record<string, unknown>): void;
  };
}

/** Delivers what Lambda has taken from a receiver's queue, each message by itself. Never throws: that would try those again that have arrived. */
export async function deliverBatch({ Records }: QueueBatch, delivering: BatchDelivering): Promise<BatchAnswer> {
  const stays = await Promise.all(Records.map((record) => staysInQueue(record, delivering)));
  return {
    batchItemFailures: Records.flatMap(({ messageId }, at) => (stays[at] ? [{ itemIdentifier: messageId }] : [])),
  };
}

async function staysInQueue(
  { messageId, receiptHandle, body, attributes, messageAttributes, eventSourceARN }: QueueBatch['Records'][number],
  { receivers, log, ...delivering }: BatchDelivering,
): Promise<boolean> {
  const queueName = eventSourceARN.split(':').at(-1);
  const receiver = receivers.find(({ queue }) => queue.split('/').at(-1) === queueName);
  const event = readQueuedEvent(body);
  if (!receiver || !event) {
    log.error('delivered nothing', { receiver: receiver?.name, messageId, problem: 'not an event of this relay' });
    return true;
  }
  const message = {
    id: messageId,
    receipt: receiptHandle,
    body,
    event,
    receives: Number(attributes.ApproximateReceiveCount),
    isSentAgain: messageAttributes !== undefined && webhookSentAgain in messageAttributes,
  };
  const { eventId, revealId } = event.detail;
  const about = { receiver: receiver.name, eventId, revealId, attempt: message.receives };
  try {
    const dealt = await deliver(message, receiver, delivering);
    const say = isNews(dealt) ? log.error : log.info;
    say.call(log, 'delivered', { ...about, ...dealt });
    return dealt.is === 'left';
  } catch (error) {
    log.error('delivery failed', { ...about, ...loggedFacts(error) });
    return true;
  }
}

/** That a receiver has switched itself off, somebody should find without looking for it. */
const isNews = ({ is, status }: Dealt) => is === 'switched-off' && status !== undefined;
