import type { RevealsTable } from '../../aws/reveals/reveals-table.ts';
import { creditsToReserve } from '../../fiber/prices.ts';
import { type ClaimRequest, type PersonRequest, type RevealRequest, revealIdOf } from '../../reveal/claim-request.ts';
import { type Admission, admit, admitPerson, type Claim } from '../../reveal/life/admission.ts';
import { hasUnansweredStart, isPaidFor } from '../../reveal/life/paid-start.ts';
import { changed, isExpired, newRecord, type RevealRecord } from '../../reveal/record.ts';

/** Who claims, and which execution the reveal will belong to. */
interface Claimant {
  claimedBy: string;
  executionArnFor: (claim: Claim) => string;
}

export type ClaimingTable = Pick<RevealsTable, 'claim' | 'get' | 'keepEarlier' | 'answersWish'>;

/**
 * The one way in which a reveal begins, whichever door the request came through: whoever is first claims the record, everybody
 * else attaches to it.
 */
export async function claimReveal(
  request: ClaimRequest,
  { claimedBy, executionArnFor }: Claimant,
  { reveals, now }: { reveals: ClaimingTable; now: () => number },
): Promise<{ record: RevealRecord; isNew: boolean }> {
  let wanted = request;
  // Most requests are for a reveal that nobody has heard of: what is there is read only where a claim finds something.
  let existing: RevealRecord | undefined;
  for (let isRead = false; ; isRead = true) {
    const nowMs = now();
    const admission = admissionOf(wanted, existing, nowMs);
    if (admission.kind === 'attach') {
      const { record } = admission;
      // Asked again by the same key, it is the same answer, whatever the reveal has come to by then.
      const isAwaited = record.status === 'running' || hasUnansweredStart(record);
      if ('force' in wanted && wanted.force !== undefined && isAwaited) await reveals.answersWish(record, wanted.force);
      return { record, isNew: false };
    }
    const createdAt = new Date(nowMs).toISOString();
    const { generation, replaces, inherits = {} } = admission;
    const executionArn = executionArnFor({ revealId: revealIdOf(wanted), createdAt, generation });
    const record = changed(newRecord(wanted, { generation, executionArn, claimedBy, nowMs }), inherits);
    // A result stays until there is another, and so does the record of a charge that the next generation does not go on with.
    const goesOn = replaces?.taskId !== undefined && inherits.taskId === replaces.taskId;
    const isWorthKeeping =
      replaces && !isExpired(replaces, nowMs) && (replaces.status === 'completed' || isPaidFor(replaces));
    const keeps = isWorthKeeping && !goesOn;
    if (keeps) await reveals.keepEarlier(replaces);
    if (await reveals.claim(record, replaces, isRead)) return { record, isNew: true };
    existing = await reveals.get(revealIdOf(request));
    // Our own claim, whose answer was lost: written by an earlier attempt of this very request.
    if (existing?.claimedBy === claimedBy) return { record: existing, isNew: true };
    ({ wanted, existing } = meantBy(request, existing, now()));
  }
}

/**
 * What {@link claimReveal} would do about the record that is there at this moment. Nothing is written.
 *
 * @returns the record that a request would attach to, or the most that the start which it would make may cost, in credits
 */
export async function foreseeClaim(
  request: ClaimRequest,
  { reveals, now }: { reveals: Pick<ClaimingTable, 'get'>; now: () => number },
): Promise<{ record: RevealRecord } | { revealId: string; credits: number }> {
  const { wanted, existing } = meantBy(request, await reveals.get(revealIdOf(request)), now());
  const admission = admissionOf(wanted, existing, now());
  if (admission.kind === 'attach') return { record: admission.record };
  const { taskId, find } = admission.inherits ?? {};
  const isPaid = 'taskId' in wanted || taskId !== undefined;
  return { revealId: revealIdOf(wanted), credits: isPaid ? 0 : creditsToReserve(find ?? wanted.find) };
}

function admissionOf(wanted: ClaimRequest, existing: RevealRecord | undefined, nowMs: number): Admission {
  return 'taskId' in wanted ? admit(existing, nowMs) : admitPerson(existing, wanted, nowMs);
}

/** What a request asks for where this record is there under its id. */
function meantBy(request: ClaimRequest, there: RevealRecord | undefined, nowMs: number) {
  const isOthersName = 'taskId' in request && there !== undefined && there.revealId !== request.taskId;
  // Whose reveal has expired is gone for every reader: a request by its task, or by its own id, is for a task of that name alone.
  const isGone = there !== undefined && isExpired(there, nowMs);
  const existing = isOthersName && isGone ? undefined : there;
  const isByTask = 'taskId' in request && existing?.find !== undefined && !isGone;
  return { existing, wanted: isByTask ? byTaskOf(request, existing) : request };
}

/** Who asks by the task of a person's reveal asks for that reveal, is content with whatever result it has, and pays for nothing. */
function byTaskOf({ taskId: _, ...options }: RevealRequest, existing: RevealRecord): PersonRequest {
  const { revealId, linkedinUrl = '', find = [] } = existing;
  return { revealId, linkedinUrl, find, maxAgeDays: Number.POSITIVE_INFINITY, paysNothing: true, ...options };
}
