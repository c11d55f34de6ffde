import { admit } from '../reveal/admission.ts';
import { newRecord, type RevealRecord } from '../reveal/record.ts';
import type { RevealRequest } from '../reveal/request.ts';
import type { RevealsTable } from './reveals-table.ts';

/** Who claims, and which execution the reveal will belong to. */
export interface Claimant {
  claimedBy: string;
  executionArnFor: (reveal: Pick<RevealRecord, 'revealId' | 'createdAt'>) => string;
}

/**
 * The one way in which a reveal begins, whichever door the request came through: whoever is first claims the record, everybody
 * else attaches to it.
 */
export async function claimReveal(
  request: RevealRequest,
  { claimedBy, executionArnFor }: Claimant,
  { reveals, now }: { reveals: RevealsTable; now: () => number },
): Promise<{ record: RevealRecord; isNew: boolean }> {
  for (;;) {
    const nowMs = now();
    const admission = admit(await reveals.get(request.taskId), nowMs);
    if (admission.kind === 'attach')
      return { record: admission.record, isNew: admission.record.claimedBy === claimedBy };
    const createdAt = new Date(nowMs).toISOString();
    const record = newRecord(request, {
      generation: admission.generation,
      executionArn: executionArnFor({ revealId: request.taskId, createdAt }),
      claimedBy,
      nowMs,
    });
    if (await reveals.claim(record, admission.replaces)) return { record, isNew: true };
  }
}
