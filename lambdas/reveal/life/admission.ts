import { createHash } from 'node:crypto';
import { findKinds } from '../../contract.ts';
import type { PersonRequest } from '../claim-request.ts';
import { isExpired, type RevealRecord } from '../record.ts';
import { type EarlierGeneration, isYoung, lackingIn, resultsUpTo } from './earlier.ts';
import { hasUnansweredStart, taskOf } from './paid-start.ts';

/** What somebody who asks for a reveal gets. */
export type Admission =
  /** The reveal is new, or an earlier generation ended without a result: claim this generation. */
  | {
      kind: 'claim';
      generation: number;
      replaces?: RevealRecord;
      /** What the new generation has from the one before it. */
      inherits?: Partial<RevealRecord>;
    }
  /** It is running, whoever runs it, its ending is still to be announced, or its result is stored, or was and has been erased. */
  | { kind: 'attach'; record: RevealRecord };

/**
 * Whether a reveal starts, by the record that is there. What was paid for and is there is never fetched twice, and what was
 * erased is not fetched again before its tombstone expires.
 */
export function admit(existing: RevealRecord | undefined, nowMs: number): Admission {
  if (!existing) return { kind: 'claim', generation: 1 };
  const { status, publishedAt, erasedAt } = existing;
  // One whose event is not out yet stays until it is: the next generation would take its place, and nobody would ever be told.
  const isThere = status === 'running' || status === 'completed' || !publishedAt || erasedAt !== undefined;
  if (isThere && !isExpired(existing, nowMs)) return { kind: 'attach', record: existing };
  return { kind: 'claim', generation: existing.generation + 1, replaces: existing };
}

/**
 * The same for a person. A new generation may be paid for, so that what is there is used first: a reveal that runs, whatever it was asked for;
 * one of which nobody knows whether it was paid for, which only a person can decide about; a result that is young enough; a task that the vendor has
 * not ended; what an earlier generation has found, where a later one has found nothing.
 */
export function admitPerson(existing: RevealRecord | undefined, wanted: Wanted, nowMs: number): Admission {
  if (!existing) return admit(existing, nowMs);
  if (isExpired(existing, nowMs))
    return wanted.paysNothing ? { kind: 'attach', record: existing } : admit(existing, nowMs);
  const { find = findKinds, maxAgeDays, ifMissing, force, decision } = wanted;
  const attach = { kind: 'attach', record: existing } as const;
  const isAsForced = force !== undefined && existing.forcedBy?.includes(force);
  const isUnknown = hasUnansweredStart(existing);
  const isDecided = isUnknown && decision?.generation === existing.generation;
  const isOpen = isAsForced || (isUnknown && !isDecided) || !existing.publishedAt;
  if (isOpen || existing.erasedAt !== undefined || existing.status === 'running') return attach;
  // What somebody has decided is about one generation. Another may have been paid for since.
  if (decision && decision.generation !== existing.generation) return attach;

  const results = resultsUpTo(existing);
  const next = nextOf(existing, results, force);
  // Answered meanwhile there is nothing left to decide.
  if (isDecided) return decision.taskId === undefined ? next : inheriting(next, { taskId: decision.taskId });
  if (force !== undefined) return next;
  const lacking = lackingIn(results, find, { maxAgeDays, nowMs });
  const { status } = existing;
  switch (status) {
    case 'completed':
      if (!isYoung(existing.settledAt ?? existing.createdAt, maxAgeDays, nowMs)) return next;
      return ifMissing === 'start' && lacking.length > 0 ? inheriting(next, { find: lacking }) : attach;
    case 'failed':
      return startedOver();
    case 'timed-out':
    case 'cancelled':
    case 'errored':
      if (existing.taskId === undefined) return startedOver();
      // Its task is paid for. What it is asked for is what it was asked for.
      return inheriting(next, { ...taskOf(existing), ...(existing.find && { find: existing.find }) });
    default:
      return status satisfies never;
  }

  function startedOver(): Admission {
    if (wanted.paysNothing) return attach;
    if (wanted.isResumed) return next;
    return lacking.length === 0 ? attach : inheriting(next, { find: lacking });
  }
}

type Wanted = Partial<PersonRequest> & Pick<PersonRequest, 'maxAgeDays'>;

/** The next generation, which knows the results beside it, and the keys under which a new one was wished for. */
function nextOf(existing: RevealRecord, results: readonly EarlierGeneration[], force: string | undefined) {
  const forcedBy = [...(force === undefined ? [] : [force]), ...(existing.forcedBy ?? [])].slice(0, mostKeys);
  const inherits: Partial<RevealRecord> = {
    ...(results.length > 0 && { earlier: results }),
    ...(forcedBy.length > 0 && { forcedBy }),
  };
  return { kind: 'claim', generation: existing.generation + 1, replaces: existing, inherits } as const;
}

function inheriting<Claim extends { inherits: Partial<RevealRecord> }>(
  claim: Claim,
  more: Partial<RevealRecord>,
): Claim {
  return { ...claim, inherits: { ...claim.inherits, ...more } };
}

/** Of the keys under which a new result was wished for, so many are remembered. */
const mostKeys = 20;

/** What tells one claim of a reveal from another. */
export type Claim = Pick<RevealRecord, 'revealId' | 'createdAt' | 'generation'>;

/**
 * The name of the execution for a reveal that our own doors claim. The task id is hashed: names are shown, logged and kept. A
 * name that is closed cannot be used again for 90 days, longer than a record may live, so the time of the claim and its generation are part of it.
 */
export function executionName({ revealId, createdAt, generation }: Claim): string {
  const id = createHash('sha256').update(revealId).digest('hex').slice(0, 40);
  return `${id}-${Date.parse(createdAt).toString(36)}-${generation}`;
}

/** An execution's ARN from its machine's ARN. */
export function executionArn(stateMachineArn: string, name: string): string {
  return `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`;
}
