import type { Deliveries } from '../../aws/deliveries.ts';
import type { ReceiverQueue } from '../../aws/receiver-queue.ts';
import type { ReceiverSwitches } from '../../aws/receiver-switches.ts';
import type { SigningSecrets } from '../../aws/signing-secrets.ts';
import type { WebhookReceiver } from '../../contract.ts';
import { RelayFault } from '../../reveal/errors.ts';
import { expiryOf } from '../../reveal/record.ts';
import { type Attempt, verdictOn } from '../../webhooks/attempt.ts';
import { admitDelivery, begun, type Delivery, ended, heldBack } from '../../webhooks/delivery.ts';
import { payloadOf } from '../../webhooks/payload.ts';
import type { QueuedEvent } from '../../webhooks/queued-event.ts';
import { signed } from '../../webhooks/signature.ts';
import { type Accompaniment, accompanying } from './accompanying.ts';

/** A message of a receiver's queue, whose event has been read. */
export interface ReceivedEvent {
  readonly id: string;
  readonly receipt: string;
  /** As it lies in the queue. */
  readonly body: string;
  readonly event: QueuedEvent;
  /** How often it has been received, this time included. */
  readonly receives: number;
  /** Somebody has sent it again. */
  readonly isSentAgain: boolean;
}

export interface Delivering extends Accompaniment {
  deliveries: Pick<Deliveries, 'get' | 'put'>;
  switches: Pick<ReceiverSwitches, 'isOff' | 'switchOff' | 'switchOn'>;
  secrets: Pick<SigningSecrets, 'of'>;
  queue: Pick<ReceiverQueue, 'hide' | 'layAside'>;
  post: (receiver: WebhookReceiver, headers: Record<string, string>, body: string) => Promise<Attempt>;
  /** From 0 to 1. */
  random: () => number;
  retentionDays: number;
}

/** What became of one message, and whether the queue may forget it. `left`: SQS hands it out again, or lays it aside. */
export interface Dealt {
  readonly is: 'delivered' | 'delivered-before' | "another's" | 'switched-off' | 'laid-aside' | 'left';
  readonly status?: number;
  readonly problem?: string;
  readonly afterSeconds?: number;
}

/**
 * Delivers one event to one receiver, once. The note that it is about to is made before anything leaves: a copy of the event finds it, and so does
 * whoever asks what became of it.
 *
 * @throws RelayFault; the message comes again when the queue's timeout is over
 */
export async function deliver(
  message: ReceivedEvent,
  receiver: WebhookReceiver,
  delivering: Delivering,
): Promise<Dealt> {
  const { deliveries, switches, queue, now } = delivering;
  const { event, receipt } = message;
  const { revealId } = event.detail;
  const isOff = !message.isSentAgain && (await switches.isOff(receiver));
  const delivery = await claimed(message, receiver, isOff, delivering);
  if (delivery === 'delivered') return { is: 'delivered-before' };
  if (delivery === "another's") return { is: delivery };
  if (delivery === 'exhausted') return layAside('laid-aside');
  if (isOff) return layAside('switched-off');

  const attempt = await tried(event, receiver, delivering);
  const { status, problem } = { status: undefined, problem: undefined, ...attempt };
  const answer = { ...(status !== undefined && { status }), ...(problem !== undefined && { problem }) };
  const verdict = verdictOn(attempt, message.receives, delivering.random(), now());
  const note = (state: Delivery['state']) => deliveries.put(revealId, ended(delivery, state, answer));
  switch (verdict.kind) {
    case 'delivered':
      await note('delivered');
      if (message.isSentAgain) await switches.switchOn(receiver);
      return { is: 'delivered', ...answer };
    case 'off':
      await switches.switchOff(receiver, new Date(now()).toISOString());
      await note('off');
      return { ...(await layAside('switched-off')), ...answer };
    case 'given-up':
      // SQS lays it aside when it would be received once more: at once.
      await note('given-up');
      await queue.hide(receiver, receipt, 0);
      return { is: 'left', ...answer };
    case 'again':
      await note('trying');
      await queue.hide(receiver, receipt, verdict.afterSeconds);
      return { is: 'left', ...answer, afterSeconds: verdict.afterSeconds };
  }

  async function layAside(is: Dealt['is']): Promise<Dealt> {
    await queue.layAside(receiver, message.body);
    return { is };
  }
}

/** Each time another copy of the event has been noted between reading and writing. */
const mostTries = 5;

/** The note that this message is tried now, or is not as its receiver is off; or why neither is to be. */
async function claimed(
  { id, receives, isSentAgain, event }: ReceivedEvent,
  { name: receiver }: WebhookReceiver,
  isOff: boolean,
  { deliveries, retentionDays, now }: Delivering,
): Promise<Delivery | 'delivered' | "another's" | 'exhausted'> {
  const { type, detail } = event;
  const { eventId, revealId } = detail;
  for (let tries = 1; tries <= mostTries; tries += 1) {
    const known = await deliveries.get({ revealId, receiver, eventId });
    const admission = admitDelivery(known, { id, receives, isSentAgain }, now());
    if (admission !== 'deliver') return admission;
    const about = { receiver, eventId, type, expiresAt: expiryOf(now(), retentionDays) };
    const delivery = isOff ? heldBack(known, about, { id, receives }) : begun(known, about, { id, receives }, now());
    if (await deliveries.put(revealId, delivery)) return delivery;
  }
  throw new RelayFault('DynamoDB', 'the note of a delivery keeps changing');
}

/** What is signed is made anew for each attempt: what was erased since the last one is not sent. */
async function tried(event: QueuedEvent, receiver: WebhookReceiver, delivering: Delivering): Promise<Attempt> {
  const body = payloadOf(event, await accompanying(event, receiver.include, delivering));
  const secrets = await delivering.secrets.of(receiver.secret);
  const headers = headersFor(event.detail.eventId, body, secrets, delivering.now());
  return delivering.post(receiver, headers, body);
}

function headersFor(id: string, body: string, secrets: readonly string[], nowMs: number): Record<string, string> {
  if (secrets.length === 0) throw new RelayFault('The secret of a webhook', 'NoValue');
  try {
    return signed(id, body, secrets, nowMs);
  } catch {
    throw new RelayFault('The secret of a webhook', 'NotBase64');
  }
}
