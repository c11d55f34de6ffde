import type { Found, Outcome, Reason } from '../contract.ts';
import type { Priority, RevealRequest } from './request.ts';
import type { PollAnswer, RevealResult, UnusableProblem } from './vendor-answer.ts';
import type { Charge } from './vendor-schema.ts';

export type RevealStatus = 'running' | Outcome;

/** The record of one reveal: one item of the reveals table, under `{ revealId, part: 'reveal' }`. Times are ISO 8601, UTC. */
export interface RevealRecord {
  revealId: string;
  /** The vendor's name for the task. */
  taskId: string;
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

  /** The contact data, unless it is too large for one item. */
  result?: RevealResult;
  /** Then it lies in this many further parts, compressed. */
  resultParts?: number;
  found?: Found;
  charge?: Charge;

  settledAt?: string;
  eventId?: string;
  publishedAt?: string;
  /** Unix seconds: from then on readers do not see the record, and DynamoDB deletes it within days. */
  expiresAt?: number;
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

/** The progress that an answer makes, whatever it says: absolute values, so that noting it twice is noting it once. */
export function withAnswer(record: RevealRecord, answer: PollAnswer, nowMs: number): Partial<RevealRecord> {
  const at = new Date(nowMs).toISOString();
  const polls = record.polls + 1;
  switch (answer.kind) {
    case 'done':
      return { polls, failures: 0, vendorStatus: answer.vendorStatus };
    case 'running':
      return { polls, failures: 0, vendorStatus: answer.vendorStatus, lastNegativeAt: at };
    case 'rate-limited':
      return { polls, failures: record.failures + 1, lastError: { at, problem: 'rate-limited', httpStatus: 429 } };
    case 'refused':
      return {
        polls,
        failures: record.failures + 1,
        lastError: { at, problem: answer.reason, httpStatus: answer.httpStatus },
      };
    case 'unusable':
      return {
        polls,
        failures: record.failures + 1,
        lastError: { at, problem: answer.problem, ...(answer.httpStatus && { httpStatus: answer.httpStatus }) },
      };
  }
}
