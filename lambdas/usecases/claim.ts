import type { RevealsTable } from '../aws/reveals-table.ts';
import { admit, type Claim } from '../reveal/life/admission.ts';
import { newRecord, type RevealRecord } from '../reveal/record.ts';
import type { RevealRequest } from '../reveal/request.ts';

/** Who claims, and which execution the reveal will belong to. */
interface Claimant {
  claimedBy: string;
  executionArnFor: (claim: Claim) => string;
}

/**
 * The one way in which a reveal begins, whichever door the request came through: whoever is first claims the record, everybody
 * else attaches to it.
 */
export async function claimReveal(
  request: RevealRequest,
  { claimedBy, executionArnFor }: Claimant,
  { reveals, now }: { reveals: Pick<RevealsTable, 'claim' | 'get'>; now: () => number },
): Promise<{ record: RevealRecord; isNew: boolean }> {
  // Most requests are for a reveal that nobody has heard of: what is there is read only where a claim finds something.
  let existing: RevealRecord | undefined;
  for (;;) {
    const nowMs = now();
    const admission = admit(existing, nowMs);
    if (admission.kind === 'attach') return { record: admission.record, isNew: false };
    const createdAt = new Date(nowMs).toISOString();
    const { generation } = admission;
    const record = newRecord(request, {
      generation,
      executionArn: executionArnFor({ revealId: request.taskId, createdAt, generation }),
      claimedBy,
      nowMs,
    });
    if (await reveals.claim(record, admission.replaces)) return { record, isNew: true };
    existing = await reveals.get(request.taskId);
    // Our own claim, whose answer was lost: written by an earlier attempt of this very request.
    if (existing?.claimedBy === claimedBy) return { record: existing, isNew: true };
  }
}
