import { type Found, type listIndex, openIndex, type Reason, type RevealStatus } from '../contract.ts';
import { countFound, type PollAnswer, type RevealResult, type UnusableProblem } from '../fiber/vendor-answer.ts';
import type { Charge } from '../fiber/vendor-schema.ts';
import type { Wake } from '../polling/polling-state.ts';
import { statedCredits } from './credits.ts';
import type { PaidStart } from './paid-start.ts';
import type { Priority, RevealRequest } from './request.ts';
import type { StoredAnswer } from './stored-answer.ts';

/** The record of one reveal: one item of the reveals table, under `{ revealId, part: 'reveal' }`. Times are ISO 8601, UTC. */
export interface RevealRecord extends Partial<PaidStart> {
  revealId: string;
  /** The vendor's name for the task. Absent as long as the relay has not started it. */
  taskId?: string;
  /** Counts the attempts: a reveal that did not complete may be started again. */
  generation: number;
  status: RevealStatus;
  reason?: Reason;
  createdAt: string;
  /** The execution that owns this generation. */
  executionArn: string;
  /** Who wrote this generation's first record: how a claim that is made twice, because its answer was lost, knows itself. */
  claimedBy: string;
  priority: Priority;
  /** The caller's own name for the reveal. */
  reference?: string;

  /** Polls that left for the vendor, whatever came back. */
  polls: number;
  /** The vendor's word for where the task is. */
  vendorStatus?: string;
  /** When the vendor last said that the task is not finished: the age of our knowledge. */
  lastNegativeAt?: string;
  lastError?: { at: string; problem: UnusableProblem | 'rate-limited' | Reason; httpStatus?: number };
  /** Unusable answers in a row. */
  failures: number;
  nextPollAt?: string;
  /** When the sweeper last found the execution running though nobody had been there in time. */
  inspectedAt?: string;
  /** Why nobody polls at the moment, while that is so: the vendor refuses the key, or the account is out of credits. */
  pausedBecause?: Reason;

  /** The answer as it came, compressed. */
  answer?: StoredAnswer;
  /** Our reading of it. Absent where one item cannot hold both: then it is made of the answer whenever it is wanted. */
  result?: RevealResult;
  /** Version 0.1.0 kept no answers, and a result that was too large for one item in this many further parts. */
  resultParts?: number;
  found?: Found;
  /** Entries of the answer's lists that could not be read. Absent if there are none. */
  unreadable?: number;
  /** Whether the reading is not exact: what a JavaScript number cannot hold, or a name twice. The answer is. */
  lossy?: true;
  /** The vendor's own words for a failure. */
  failure?: string;
  charge?: Charge;
  /** What the reveal cost, and what was given back of that, each where the vendor has stated it. */
  creditsCharged?: number;
  creditsRefunded?: number;

  settledAt?: string;
  /** When a reveal that was given up on is looked at once more, and how often it has been. */
  lookAgainAt?: string;
  looks?: number;
  /** The result came after the reveal had been given up on. */
  late?: boolean;
  /** Present while somebody has still something to do about this record: the sweeper's index has only those. */
  open?: typeof openIndex.partitionValue;
  /** When the contact data was erased at somebody's wish: what is left is a tombstone, and nothing may fill it again. */
  erasedAt?: string;
  eventId?: string;
  publishedAt?: string;
  /** Unix seconds: from then on readers do not see the record, and DynamoDB deletes it within days. */
  expiresAt?: number;
}

/** As much of a record as the list's index holds. */
export type ListedReveal = Pick<RevealRecord, 'revealId' | (typeof listIndex.shown)[number]>;

/** What a write changes: null takes an attribute away. */
export type RecordChanges = { [Name in keyof RevealRecord]?: RevealRecord[Name] | null | undefined };

/** The record as a write of these changes leaves it. */
export function changed(record: RevealRecord, changes: RecordChanges): RevealRecord {
  const kept = Object.entries({ ...record, ...changes }).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(kept) as unknown as RevealRecord;
}

/** The first record of a generation. */
export function newRecord(
  { taskId, priority = 'interactive', reference }: RevealRequest,
  claim: { generation: number; executionArn: string; claimedBy: string; nowMs: number },
): RevealRecord {
  const { nowMs, ...identity } = claim;
  return {
    revealId: taskId,
    taskId,
    ...identity,
    status: 'running',
    priority,
    ...(reference && { reference }),
    createdAt: new Date(nowMs).toISOString(),
    polls: 0,
    failures: 0,
    open: openIndex.partitionValue,
  };
}

/** DynamoDB deletes late: what has expired is gone for every reader, whether or not the item is still there. */
export function isExpired({ expiresAt }: Pick<RevealRecord, 'expiresAt'>, nowMs: number): boolean {
  return expiresAt !== undefined && expiresAt * 1_000 <= nowMs;
}

/** TTL attributes are Unix time in seconds. */
export function expiryOf(settledAtMs: number, retentionDays: number): number {
  return Math.floor(settledAtMs / 1_000) + retentionDays * 86_400;
}

/** Whether the vendor has completed the reveal and found nothing, as far as the answer could be read. */
export function foundNothing({ status, found, unreadable }: RevealRecord): boolean {
  if (status !== 'completed' || !found || unreadable) return false;
  return found.emails + found.lowQualityEmails + found.phoneNumbers === 0;
}

/** What a wait leaves in the record: until when, and why nobody polls, if that is so. */
export function waitingWith({ nextPollAt, pausedBecause }: Pick<Wake, 'nextPollAt' | 'pausedBecause'>): RecordChanges {
  return {
    nextPollAt: new Date(nextPollAt).toISOString(),
    pausedBecause: (pausedBecause as Reason | undefined) ?? null,
  };
}

export type FinishedAnswer = Extract<PollAnswer, { kind: 'done' }>;

/** Our reading of a finished answer, in place of any that was there before. */
export function readingOf({ result, unreadable, lossy, failure, vendorStatus, charge }: FinishedAnswer) {
  const { creditsCharged, creditsRefunded } = statedCredits(charge);
  return {
    result,
    found: countFound(result),
    unreadable: unreadable || null,
    lossy: lossy || null,
    failure: failure ?? null,
    vendorStatus,
    charge: charge ?? null,
    creditsCharged: creditsCharged ?? null,
    creditsRefunded: creditsRefunded ?? null,
  } satisfies RecordChanges;
}

/** What a finished answer makes of the record. */
export function finishedWith(
  answer: FinishedAnswer,
  { nowMs, retentionDays }: { nowMs: number; retentionDays: number },
) {
  return {
    status: answer.outcome,
    reason: answer.outcome === 'failed' ? ('vendor-failed' as const) : null,
    ...readingOf(answer),
    nextPollAt: null,
    settledAt: new Date(nowMs).toISOString(),
    expiresAt: expiryOf(nowMs, retentionDays),
  } satisfies RecordChanges;
}

/** The progress that an answer makes, whatever it says: absolute values, so that noting it twice is noting it once. */
export function withAnswer(record: RevealRecord, answer: PollAnswer, nowMs: number): RecordChanges {
  const at = new Date(nowMs).toISOString();
  const wasAsked = answer.kind !== 'refused' || answer.reason !== 'key-unavailable';
  const polled = { polls: record.polls + Number(wasAsked), pausedBecause: null };
  switch (answer.kind) {
    case 'done':
      return { ...polled, failures: 0, vendorStatus: answer.vendorStatus };
    case 'running':
      return { ...polled, failures: 0, vendorStatus: answer.vendorStatus, lastNegativeAt: at };
    case 'rate-limited':
      return { ...polled, failures: record.failures + 1, lastError: { at, problem: 'rate-limited', httpStatus: 429 } };
    case 'refused':
      return {
        ...polled,
        failures: record.failures + 1,
        lastError: { at, problem: answer.reason, ...(answer.httpStatus && { httpStatus: answer.httpStatus }) },
      };
    case 'unusable':
      return {
        ...polled,
        failures: record.failures + 1,
        lastError: { at, problem: answer.problem, ...(answer.httpStatus && { httpStatus: answer.httpStatus }) },
      };
  }
}
