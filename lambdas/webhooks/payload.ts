import type { RevealResult } from '../fiber/vendor-answer.ts';
import type { RevealRecord } from '../reveal/record.ts';
import type { QueuedEvent } from './queued-event.ts';

/** Why there is no contact data with an event: it was erased, has expired or was replaced since, or is more than a receiver is sent. */
export type ResultMissing = 'erased' | 'gone' | 'too-large';

/** What goes with an event beside what it says on the bus. */
export interface Accompanying {
  custom?: RevealRecord['custom'];
  result?: Pick<RevealResult, 'emails' | 'phoneNumbers'>;
  resultMissing?: ResultMissing;
}

/** Receivers commonly take a megabyte. */
const mostResultBytes = 512 * 1024;

/** The contact data as readers get it: without the addresses that failed the vendor's validation. */
export function sentResult({ emails, phoneNumbers }: RevealResult): Pick<Accompanying, 'result' | 'resultMissing'> {
  const result = { emails, phoneNumbers };
  const isTooLarge = Buffer.byteLength(JSON.stringify(result)) > mostResultBytes;
  return isTooLarge ? { resultMissing: 'too-large' } : { result };
}

/** The body of a webhook: JSON, as the receiver is to check and read it. */
export function payloadOf({ type, time, detail }: QueuedEvent, accompanying: Accompanying): string {
  return JSON.stringify({ type, timestamp: time, data: { ...detail, ...accompanying } });
}
