import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import { eventTypes, relayNameForm } from '../../contract.ts';
import { type Checked, check } from '../checked.ts';
import { hasListForPosition, isOneWish, type Wish, wanted } from '../request.ts';
import type { RejectionEvent, RequestDetail } from './details.ts';

/** As much of an event as is read here. EventBridge itself sees to it that all of it is there. */
const envelope = z.looseObject({
  id: z.string().check(z.regex(/^[A-Za-z0-9-]{1,128}$/)),
  time: z.string().check(z.refine((time) => !Number.isNaN(Date.parse(time)))),
  detail: z.unknown(),
});

/** The detail of `Contact Reveal Requested`: a request, and on a bus with several relays the name of the one that it is for. */
export const requestedEvent = z
  .strictObject(
    {
      ...wanted,
      relay: z.optional(
        z.string('must be a string').check(z.regex(relayNameForm.pattern, 'must be the name of a relay')),
      ),
    },
    'must be a JSON object',
  )
  .check(isOneWish, hasListForPosition) satisfies z.ZodMiniType<RequestDetail, RequestDetail>;

export interface Rejection {
  type: typeof eventTypes.rejected;
  detail: RejectionEvent;
}

/** A request on the bus, read. `eventId` names it and all deliveries of it. */
export interface RequestedEvent {
  eventId: string;
  requestedAt: string;
  request: Checked<Wish>;
}

/**
 * Reads an event of the type `Contact Reveal Requested`; undefined if it is no event at all.
 *
 * @param relayName of this relay, if it has one: requests are for it only if they say so
 */
export function readRequested(event: unknown, relayName?: string): RequestedEvent | undefined {
  const read = envelope.safeParse(event).data;
  return read && { eventId: read.id, requestedAt: read.time, request: requestIn(read.detail, relayName) };
}

function requestIn(detail: unknown, relayName: string | undefined): Checked<Wish> {
  const checked = check(requestedEvent, detail);
  if (!checked.ok) return checked;
  const { relay, ...request } = checked.value;
  if (relay === relayName) return { ok: true, value: request };
  const problem =
    relayName === undefined
      ? 'relay must be left out, as the relay on this bus has no name'
      : `relay must be ${relayName}`;
  return { ok: false, problem };
}

/** Made of the request's own id and time, so that every attempt at answering it publishes the same. */
export function rejectionOf({ eventId, requestedAt }: RequestedEvent, problem: string): Rejection {
  return {
    type: eventTypes.rejected,
    detail: {
      schemaVersion: 1,
      eventId: createHash('sha256')
        .update(JSON.stringify([eventTypes.rejected, eventId]))
        .digest('hex')
        .slice(0, 32),
      requestEventId: eventId,
      problem: `The detail is no reveal request: ${problem}. Send {"taskId": "the id of the vendor's task"} or {"linkedinUrl": "the address of a profile"}.`,
      requestedAt: new Date(requestedAt).toISOString(),
    },
  };
}
