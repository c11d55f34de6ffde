/** When somebody who waits for a reveal to end reads its record again. The schedule of its polls says when there can be news. */
import type { RevealRecord } from './record.ts';

/** From the moment at which a reveal is woken to a record that says what its poll has found, ms. Its slot may be ten seconds away in a crowd. */
const pollTakesMs = 1_000;
/** Between two reads of a record that may change at any moment, ms. */
const shortestGapMs = 1_000;
/** Between two reads of one that only a caller can change, who cancels or erases it, ms. */
const longestGapMs = 5_000;

type Scheduled = Pick<RevealRecord, 'nextPollAt'>;

/** When the next poll is expected to have told something, and not before it is worth another read. Unix milliseconds. */
function newsAt({ nextPollAt }: Scheduled, nowMs: number): number {
  const polledAt = nextPollAt === undefined ? nowMs : Date.parse(nextPollAt) + pollTakesMs;
  return Math.max(polledAt, nowMs + shortestGapMs);
}

/**
 * When to read the record of a running reveal again.
 *
 * @param nowMs Unix milliseconds: when it was read
 * @param untilMs Unix milliseconds: when the wait ends
 * @returns Unix milliseconds; undefined where no news is expected before the wait ends, so that to go on waiting is for nothing
 */
export function nextReadAt(record: Scheduled, nowMs: number, untilMs: number): number | undefined {
  const expectedAt = newsAt(record, nowMs);
  return expectedAt > untilMs ? undefined : Math.min(expectedAt, nowMs + longestGapMs);
}

/** In how many seconds it is worth asking for a running reveal again. */
export function retryAfterSeconds(record: Scheduled, nowMs: number): number {
  return Math.ceil((newsAt(record, nowMs) - nowMs) / 1_000);
}
