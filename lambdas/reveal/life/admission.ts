import { createHash } from 'node:crypto';
import { isExpired, type RevealRecord } from '../record.ts';
import type { PersonRequest } from '../request.ts';
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
 * not ended.
 */
export function admitPerson(
  existing: RevealRecord | undefined,
  { maxAgeDays, force, paysNothing, decision }: AdmittedBy,
  nowMs: number,
): Admission {
  if (!existing || isExpired(existing, nowMs)) return admit(existing, nowMs);
  const attach = { kind: 'attach', record: existing } as const;
  const isAsForced = force !== undefined && existing.forcedBy?.includes(force);
  const isUnknown = hasUnansweredStart(existing);
  const isDecided = isUnknown && decision?.generation === existing.generation;
  const isOpen = isAsForced || (isUnknown && !isDecided) || !existing.publishedAt;
  if (isOpen || existing.erasedAt !== undefined || existing.status === 'running') return attach;
  // What somebody has decided is about one generation. Another may have been paid for since.
  if (decision && decision.generation !== existing.generation) return attach;
  const forcedBy = [...(force === undefined ? [] : [force]), ...(existing.forcedBy ?? [])].slice(0, mostKeys);
  const inherits: Partial<RevealRecord> = forcedBy.length > 0 ? { forcedBy } : {};
  const next = { kind: 'claim', generation: existing.generation + 1, replaces: existing, inherits } as const;
  // Answered meanwhile there is nothing left to decide.
  if (isDecided) return decision.taskId === undefined ? next : withTask(next, { taskId: decision.taskId });
  if (force !== undefined) return next;
  const { status } = existing;
  switch (status) {
    case 'completed': {
      const isYoung = nowMs - Date.parse(existing.settledAt ?? existing.createdAt) <= maxAgeDays * dayMs;
      return isYoung ? attach : next;
    }
    case 'failed':
      return paysNothing ? attach : next;
    case 'timed-out':
    case 'cancelled':
    case 'errored':
      if (existing.taskId === undefined) return paysNothing ? attach : next;
      // Its task is paid for. What it is asked for is what it was asked for.
      return withTask(next, { ...taskOf(existing), ...(existing.find && { find: existing.find }) });
    default:
      return status satisfies never;
  }
}

type AdmittedBy = Pick<PersonRequest, 'maxAgeDays' | 'force' | 'paysNothing' | 'decision'>;

function withTask<Claim extends { inherits: Partial<RevealRecord> }>(claim: Claim, task: Partial<RevealRecord>): Claim {
  return { ...claim, inherits: { ...claim.inherits, ...task } };
}

const dayMs = 86_400_000;
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
