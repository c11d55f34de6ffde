import * as z from 'zod/mini';
import { eventSource, revealIdForm, type WebhookEventType, webhookEventTypes } from '../contract.ts';

/** An event of the relay's, as a receiver's queue holds it. */
export interface QueuedEvent {
  type: WebhookEventType;
  /** ISO 8601, UTC. */
  time: string;
  detail: QueuedDetail;
}

export interface QueuedDetail {
  eventId: string;
  /** Absent where an event is about no reveal. */
  revealId?: string | undefined;
  generation?: number | undefined;
  [name: string]: unknown;
}

const queued = z.looseObject({
  source: z.literal(eventSource),
  'detail-type': z.enum(webhookEventTypes),
  time: z.string(),
  detail: z.looseObject({
    eventId: z.string().check(z.regex(/^[0-9a-f]{32}$/)),
    revealId: z.optional(z.string().check(z.regex(revealIdForm.pattern), z.maxLength(revealIdForm.mostCharacters))),
    generation: z.optional(z.int()),
  }),
});

/** Reads the body of a message. Undefined for what the relay has not sent. */
export function readQueuedEvent(body: string): QueuedEvent | undefined {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return undefined;
  }
  const event = queued.safeParse(json).data;
  return event && { type: event['detail-type'], time: event.time, detail: event.detail };
}
