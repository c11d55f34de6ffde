/**
 * The one paid call that begins a task at the vendor, as the record sees it. Starting is not idempotent: a call that is made twice is paid
 * for twice. So a call is announced on the record before it is made, as an intent, and whoever finds the intent of another never calls.
 *
 *     no intent ─► intent ─► started            the vendor has named a task
 *                    ├─────► no intent          the call never left, or was refused: nothing was charged
 *                    └─────► start-unknown      it may have been charged; only a person decides what follows
 */
import { type FindKind, startCallSeconds } from '../../contract.ts';
import type { Charge } from '../../fiber/vendor-schema.ts';
import type { BatchCap } from '../claim-request.ts';
import { figuresOf, statedCredits } from '../credits.ts';
import { changed, decided, isOfLaterVersion, type RecordChanges, type RevealRecord } from '../record.ts';
import type { StoredAnswer } from '../stored-answer.ts';

/** What a record has in addition whose task the relay starts itself. Times are ISO 8601, UTC. */
export interface PaidStart {
  /** Whose contact data is asked for, as it is sent to the vendor. Contact data itself: in no log, event or state. */
  linkedinUrl: string;
  /** What the task is asked for. */
  find: readonly FindKind[];
  /** The batch that the request came in, and what its starts may cost. */
  batch?: BatchCap;
  /** The latest keys under which a new result was wished for, whatever was there. */
  forcedBy?: string[];
  /** Somebody has set out to pay. `nonce` names the one invocation that may. */
  startIntent?: StartIntent;
  /** The nonce of the call that the vendor has answered with the task. */
  startedBy?: string;
  startedAt?: string;
  /** What the vendor said of the cost when the task began; `charge` is what it says when it has ended. */
  startCharge?: Charge;
  startCreditsCharged?: number;
  /** Why the call was refused, or why nobody knows what came of it. */
  startProblem?: string;
  /** What the vendor answered where that could not be read. */
  startAnswer?: StoredAnswer;
}

export interface StartIntent {
  nonce: string;
  at: string;
}

/** How long after its intent a call may still be under way: the life of a handler, and a margin for clocks that differ. */
export const callMayLastMs = 1_000 * startCallSeconds.handlerLives + 15_000;

/** What is next for a reveal that has no task yet, for whoever comes by. */
export type StartStep =
  /** Nobody has set out. */
  | { kind: 'send' }
  /** Its task is known. */
  | { kind: 'started' }
  /** Somebody else has set out, and may still be told of a task. */
  | { kind: 'under-way'; untilMs: number }
  /** Somebody else has set out, and has not lived to say what came of it. */
  | { kind: 'unknown'; sentAtMs: number };

export function startStep(
  { taskId, startIntent }: Pick<RevealRecord, 'taskId' | 'startIntent'>,
  nowMs: number,
): StartStep {
  if (taskId !== undefined) return { kind: 'started' };
  if (startIntent === undefined) return { kind: 'send' };
  const sentAtMs = Date.parse(startIntent.at);
  const untilMs = sentAtMs + callMayLastMs;
  return nowMs < untilMs ? { kind: 'under-way', untilMs } : { kind: 'unknown', sentAtMs };
}

/** Whether a call has been announced of which nobody knows what came of it. */
export function hasUnansweredStart({ taskId, startIntent }: Pick<RevealRecord, 'taskId' | 'startIntent'>): boolean {
  return taskId === undefined && startIntent !== undefined;
}

/** Whether the relay has started a task for this generation, or may have. */
export function isPaidFor(record: Pick<RevealRecord, 'taskId' | 'startIntent' | 'startedBy'>): boolean {
  return record.startedBy !== undefined || hasUnansweredStart(record);
}

/** What has become of credits that were set aside for a call whose handler has died since. */
export type ReservationEnd =
  /** The call has left, or nobody can tell that it has not. @property credits that were charged, where that is known */
  | { kind: 'spent'; credits?: number }
  | { kind: 'not-spent' }
  /** It is for another version of the relay to say. */
  | { kind: 'unknown-yet' };

/** @param record as it is now. Of one that has gone, or that a later generation has taken, nobody can tell any more: what may be spent counts */
export function reservationCameTo(
  record: RevealRecord | undefined,
  { nonce, atMs }: { nonce: string; atMs: number },
): ReservationEnd {
  if (!record) return { kind: 'spent' };
  if (isOfLaterVersion(record)) return { kind: 'unknown-yet' };
  const { startedBy, startIntent, startCreditsCharged: credits, createdAt } = record;
  if (startedBy === nonce) return { kind: 'spent', ...(credits !== undefined && { credits }) };
  return startIntent?.nonce === nonce || Date.parse(createdAt) > atMs ? { kind: 'spent' } : { kind: 'not-spent' };
}

/** A task that the vendor has named. */
export interface StartedTask {
  taskId: string;
  nonce: string;
  startedAt: string;
  charge?: Charge;
}

/** What an answer that names a task makes of the record, whoever has ended or erased it meanwhile. */
export function startedWith(record: RevealRecord, task: StartedTask, nowMs: number): RecordChanges {
  const { taskId, nonce, startedAt, charge } = task;
  const { creditsCharged } = statedCredits(charge);
  const started = {
    taskId,
    startedBy: nonce,
    startedAt,
    // The vendor's words may repeat who it was.
    startCharge: (record.erasedAt === undefined ? charge : figuresOf(charge)) ?? null,
    startCreditsCharged: creditsCharged ?? null,
    startIntent: null,
    startProblem: null,
    startAnswer: null,
  } satisfies RecordChanges;
  return { ...started, ...startedLate(changed(record, started), nowMs) };
}

/**
 * What the name of a task makes of a reveal that had ended before it came: the task is paid for, so that the sweeper looks for its result,
 * unless somebody has cancelled the reveal.
 */
function startedLate(record: RevealRecord, nowMs: number): RecordChanges {
  if (record.status === 'running' || record.reason !== 'start-unknown') return {};
  if (record.status === 'cancelled' || record.erasedAt !== undefined)
    return decided(record, { reason: record.status === 'cancelled' ? 'cancelled-by-caller' : 'relay-fault' });
  return decided(record, { reason: 'relay-fault', lookAgainAt: new Date(nowMs).toISOString() });
}

/** The task of a generation that ended without the vendor's last word, for the next one to go on with: it is paid for. */
export function taskOf({ taskId, startedBy, startedAt, startCharge, startCreditsCharged }: RevealRecord) {
  return {
    ...(taskId !== undefined && { taskId }),
    ...(startedBy !== undefined && { startedBy }),
    ...(startedAt !== undefined && { startedAt }),
    ...(startCharge && { startCharge }),
    ...(startCreditsCharged !== undefined && { startCreditsCharged }),
  };
}
