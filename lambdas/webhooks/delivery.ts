import { webhookAttempts, webhookWaits } from '../contract.ts';
import type { AttemptProblem } from './attempt.ts';

/** One attempt at delivering, for whoever asks what became of it. What the receiver said beside its status is not kept. */
export interface NotedAttempt {
  /** ISO 8601, UTC. */
  at: string;
  /** What the receiver answered. */
  status?: number;
  /** Why there is no answer. Without either of the two, whoever tried has not lived to say. */
  problem?: AttemptProblem;
}

/** What is kept of one event and one receiver. */
export interface Delivery {
  receiver: string;
  eventId: string;
  /** Of the event. */
  type: string;
  state: 'trying' | 'delivered' | 'given-up' | 'off';
  /** The newest, oldest first. */
  attempts: readonly NotedAttempt[];
  /** The message that it is delivered from. */
  messageId: string;
  /** How often that has been tried. */
  tries: number;
  /** Counts the writes: each replaces the one that was read. */
  version: number;
  /** Unix seconds. */
  expiresAt: number;
}

/** A message of the queue, as this delivery of it goes. */
export interface QueuedMessage {
  id: string;
  /** How often it has been received, this time included. */
  receives: number;
  /** Somebody has sent it again, and deletes it in the dead-letter queue: nobody else has it any more. @default false */
  isSentAgain?: boolean;
}

/**
 * `deliver`: it is for this message to try. `delivered`: the receiver has it. `another's`: another message with the same event is under way, as
 * EventBridge and the relay both send an event at least once. `exhausted`: this message was tried often enough.
 */
export type Admission = 'deliver' | 'delivered' | "another's" | 'exhausted';

/** Whoever has a message is back by then, or it is in the dead-letter queue: the longest wait with all that may be added to it. */
const longestSilenceMs = Math.max(...webhookWaits) * 1.1 * 1_000 + 3_600_000;

/** Attempts that are kept: all of one round, and some of those before it. */
const mostKept = 20;

export function admitDelivery(known: Delivery | undefined, message: QueuedMessage, nowMs: number): Admission {
  if (known?.state === 'delivered') return 'delivered';
  if (message.receives > webhookAttempts) return 'exhausted';
  if (!known || known.messageId === message.id) return 'deliver';
  // A message that comes back from the dead-letter queue has another id: it is a new round, with all attempts. The note of the round before may say that
  // it is still on: what a throttled or failing function has received without coming to a note counts for SQS too.
  const isOver = message.isSentAgain || known.state !== 'trying' || known.tries >= webhookAttempts;
  const triedAt = Date.parse(known.attempts.at(-1)?.at ?? '');
  return isOver || !(triedAt > nowMs - longestSilenceMs) ? 'deliver' : "another's";
}

type About = Pick<Delivery, 'receiver' | 'eventId' | 'type' | 'expiresAt'>;

/** The note that an attempt begins: whoever finds it knows that the receiver may have been asked. */
export function begun(known: Delivery | undefined, about: About, message: QueuedMessage, nowMs: number): Delivery {
  const attempts = [...(known?.attempts ?? []), { at: new Date(nowMs).toISOString() }];
  return { ...heldBack(known, about, message), state: 'trying', attempts: attempts.slice(-mostKept) };
}

/** The note that nothing is tried, as the receiver is off. */
export function heldBack(known: Delivery | undefined, about: About, { id, receives }: QueuedMessage): Delivery {
  const version = (known?.version ?? 0) + 1;
  return { ...about, state: 'off', attempts: known?.attempts ?? [], messageId: id, tries: receives, version };
}

/** The note of what came of the attempt that `begun` has noted. */
export function ended(
  known: Delivery,
  state: Delivery['state'],
  { status, problem }: Pick<NotedAttempt, 'status' | 'problem'>,
): Delivery {
  const [last, ...before] = known.attempts.toReversed();
  const told = {
    at: last?.at ?? '',
    ...(status !== undefined && { status }),
    ...(problem !== undefined && { problem }),
  };
  return { ...known, state, attempts: [...before.toReversed(), told], version: known.version + 1 };
}
