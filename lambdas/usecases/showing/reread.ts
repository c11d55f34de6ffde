import type { RevealsTable } from '../../aws/reveals/reveals-table.ts';
import { readAnswer } from '../../fiber/vendor-answer.ts';
import { type FinishedAnswer, readingOf } from '../../reveal/life/answer.ts';
import { isGivenUp, lateWith } from '../../reveal/life/second-look.ts';
import { changed, type RevealRecord } from '../../reveal/record.ts';
import { keptChanging, mostTries } from '../ending/contention.ts';
import type { Settlement } from '../ending/settle.ts';
import { type Finding, findReveal } from './find-reveal.ts';

export interface Rereading extends Finding {
  reveals: Pick<RevealsTable, 'get' | 'answerOf' | 'keepAnswer'>;
  settlement: Pick<Settlement, 'announce'>;
  retentionDays: number;
}

/**
 * Reads a stored answer again, as a reader that has been mended since may find more in it, and keeps the new reading in place of the old
 * one. A reveal that had been given up on, and whose answer now reads as finished, gets its late result, and that is announced.
 *
 * @returns the record as it then is, which may be as it was
 * @throws RelayFault; ask again then
 */
export async function reread(id: string, rereading: Rereading): Promise<RevealRecord | 'no-such-reveal' | 'no-answer'> {
  const { reveals, settlement } = rereading;
  for (let tries = 1; tries <= mostTries; tries += 1) {
    const record = await findReveal(id, rereading);
    if (!record) return 'no-such-reveal';
    const raw = record.status === 'running' ? undefined : await reveals.answerOf(record);
    if (raw === undefined) return 'no-answer';
    if (raw === 'gone') continue;
    // What has not been told yet is told as it was read then: copies of one event never differ.
    await settlement.announce(record);
    const answer = readAnswer(raw);
    const changes = answer.kind === 'done' && changesFor(record, answer, rereading);
    if (!changes) return record;
    if (!(await reveals.keepAnswer(record, raw, changes))) continue;
    const reread = changed(record, changes);
    // Only the ending that this reading has made: one that was there before is told above.
    if (isGivenUp(record)) await settlement.announce(reread);
    return reread;
  }
  throw keptChanging();
}

/** What a finished answer makes of the record. Nothing where the reveal had ended in some other way, by somebody's wish for one. */
function changesFor(record: RevealRecord, answer: FinishedAnswer, { retentionDays, now }: Rereading) {
  if (isGivenUp(record)) return lateWith(record, answer, { nowMs: now(), retentionDays });
  const { status, expiresAt } = record;
  const wasFinished = status === 'completed' || status === 'failed';
  return wasFinished && expiresAt !== undefined ? { ...readingOf(answer), expiresAt } : undefined;
}
