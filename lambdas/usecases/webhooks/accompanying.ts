import type { RevealsTable } from '../../aws/reveals/reveals-table.ts';
import type { WebhookReceiver } from '../../contract.ts';
import { RelayFault } from '../../reveal/errors.ts';
import { isExpired, type RevealRecord } from '../../reveal/record.ts';
import { type Accompanying, sentResult } from '../../webhooks/payload.ts';
import type { QueuedEvent } from '../../webhooks/queued-event.ts';
import { findReveal } from '../showing/find-reveal.ts';

export interface Accompaniment {
  reveals: Pick<RevealsTable, 'get' | 'resultOf' | 'earlier'>;
  /** Unix milliseconds. */
  now: () => number;
}

/** Each time the record has been erased or replaced between two reads. */
const mostTries = 3;

/**
 * What goes with an event, as it is at this moment: what was erased meanwhile, or has expired, is not there.
 *
 * @throws RelayFault
 */
export async function accompanying(
  { detail }: QueuedEvent,
  include: WebhookReceiver['include'],
  from: Accompaniment,
): Promise<Accompanying> {
  const { revealId, generation, outcome } = detail;
  if (revealId === undefined) return {};
  const wantsResult = include === 'result' && outcome === 'completed';
  for (let tries = 1; tries <= mostTries; tries += 1) {
    const record = await findReveal(revealId, from);
    const custom = record?.custom && { custom: record.custom };
    if (!wantsResult) return { ...custom };
    if (!record) return { resultMissing: 'gone' };
    if (record.erasedAt !== undefined) return { ...custom, resultMissing: 'erased' };
    const told = await generationOf(record, generation, from);
    const result = told && (await from.reveals.resultOf(told));
    if (result !== 'gone') return { ...custom, ...(result ? sentResult(result) : { resultMissing: 'gone' }) };
  }
  throw new RelayFault('DynamoDB', 'a part of the answer is missing');
}

/** The generation that an event tells of: a later one may have taken the record, and left it beside. */
async function generationOf(
  record: RevealRecord,
  generation: number | undefined,
  { reveals, now }: Accompaniment,
): Promise<RevealRecord | undefined> {
  if (generation === undefined || record.generation === generation) return record;
  const kept = await reveals.earlier(record, generation);
  return kept && !isExpired(kept, now()) ? kept : undefined;
}
