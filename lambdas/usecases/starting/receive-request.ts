import type { DeadLetters } from '../../aws/dead-letters.ts';
import type { RevealBus } from '../../aws/event-bus.ts';
import { readRequested, rejectionOf } from '../../reveal/events/requested.ts';
import type { RevealStarter } from './start.ts';

export interface Receiving {
  starter: Pick<RevealStarter, 'start'>;
  bus: Pick<RevealBus, 'publish'>;
  deadLetters: Pick<DeadLetters, 'put'>;
  /** Undefined for a relay that has none. */
  relayName: string | undefined;
}

/**
 * The rule on `Contact Reveal Requested`: starts the reveal. A request that cannot be started is answered on the bus with the
 * reason, and goes to the dead-letter queue.
 *
 * @throws RelayFault; Lambda tries twice more, and then puts the event into the same queue
 */
export async function receiveRequest(
  event: unknown,
  { starter, bus, deadLetters, relayName }: Receiving,
): Promise<void> {
  const requested = readRequested(event, relayName);
  if (!requested) return deadLetters.put(event, rejected('This is no event.'));
  const { eventId, request } = requested;
  if (request.ok) {
    await starter.start(request.value, { claimedBy: `event:${eventId}`, key: `event:${eventId}` });
    return;
  }
  const rejection = rejectionOf(requested, request.problem);
  await bus.publish(rejection);
  await deadLetters.put(event, rejected(rejection.detail.problem));
}

const rejected = (errorMessage: string) => ({ errorType: 'RequestRejected', errorMessage });
