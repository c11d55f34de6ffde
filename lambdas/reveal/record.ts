import type { Priority } from '../contract.ts';
import { type Found, type listIndex, openIndex, type Reason, type RevealStatus } from '../contract.ts';
import type { RevealResult, UnusableProblem } from '../fiber/vendor-answer.ts';
import type { Charge } from '../fiber/vendor-schema.ts';
import { type ClaimRequest, type Custom, type PersonRequest, revealIdOf } from './claim-request.ts';
import type { EarlierGeneration } from './life/earlier.ts';
import type { PaidStart } from './life/paid-start.ts';
import type { StoredAnswer } from './stored-answer.ts';

/**
 * The version of what a record says. Version 0.1.0 has not numbered it, and nor are records that it could have written: those that begin with a task's
 * id. Raise it where older code would do harm to a record that it does not understand.
 */
export const recordSchema = 2;

/** The record of one reveal: one item of the reveals table, under `{ revealId, part: 'reveal' }`. Times are ISO 8601, UTC. */
export interface RevealRecord extends Partial<PaidStart> {
  revealId: string;
  /** The vendor's name for the task. Absent as long as the relay has not started it. */
  taskId?: string;
  /** `recordSchema` of the code that has claimed it. Absent where that is 1. */
  schema?: number;
  /** Counts the attempts: a reveal that did not complete may be started again. */
  generation: number;
  status: RevealStatus;
  reason?: Reason;
  createdAt: string;
  /** Results of a person that lie beside the record. */
  earlier?: readonly EarlierGeneration[];
  /** The execution that owns this generation. */
  executionArn: string;
  /** Who wrote this generation's first record: how a claim that is made twice, because its answer was lost, knows itself. */
  claimedBy: string;
  priority: Priority;
  /** The caller's own name for the reveal. */
  reference?: string;
  /** What else the caller wants to have back. */
  custom?: Custom;

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
  /** When a reveal that was given up on gets its next second look, and how many it has had. */
  lookAgainAt?: string;
  looks?: number;
  /** The result came after the reveal had been given up on. */
  late?: boolean;
  /** Present while the record is unfinished: the sweeper's index has only those. Never written but by `decided`. */
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

/** Whether somebody has something left to do about a record: poll, announce, or look a second time. */
export function isUnfinished({ status, publishedAt, lookAgainAt, erasedAt }: RevealRecord): boolean {
  const awaitsSecondLook = lookAgainAt !== undefined && erasedAt === undefined;
  return status === 'running' || publishedAt === undefined || awaitsSecondLook;
}

/** What a decision changes, and with it the attribute that says whether the record is unfinished then. Every decision in `life` ends here. */
export function decided<Changes extends RecordChanges>(
  record: RevealRecord,
  changes: Changes,
): Changes & Pick<RecordChanges, 'open'> {
  const open = isUnfinished(changed(record, changes)) ? openIndex.partitionValue : null;
  // Where nothing changes nothing is written: the event may have gone out since the record was read. Whoever writes of the event itself knows.
  const isKnown = 'publishedAt' in changes || open !== (record.open ?? null);
  return isKnown ? { ...changes, open } : changes;
}

/** Whether a later version has claimed it: during an update, or after one that was taken back. Whoever finds it leaves it as it is. */
export function isOfLaterVersion({ schema = 1 }: Pick<RevealRecord, 'schema'>): boolean {
  return schema > recordSchema;
}

/** The first record of a generation. */
export function newRecord(
  request: ClaimRequest,
  claim: { generation: number; executionArn: string; claimedBy: string; nowMs: number },
): RevealRecord {
  const { nowMs, ...identity } = claim;
  const { priority = 'interactive', reference, custom } = request;
  const record: RevealRecord = {
    revealId: revealIdOf(request),
    ...('taskId' in request ? { taskId: request.taskId } : personIn(request)),
    ...identity,
    status: 'running',
    priority,
    ...(reference && { reference }),
    ...(custom && { custom }),
    createdAt: new Date(nowMs).toISOString(),
    polls: 0,
    failures: 0,
  };
  return changed(record, decided(record, {}));
}

function personIn({ linkedinUrl, find, force, batch }: PersonRequest) {
  return {
    schema: recordSchema,
    linkedinUrl,
    find,
    ...(force !== undefined && { forcedBy: [force] }),
    ...(batch && { batch }),
  };
}

/** How long ago a reveal's task was started, as far as is known, in milliseconds: the relay has started it, or the reveal was taken on then. */
export function ageOf({ createdAt, startedAt }: Pick<RevealRecord, 'createdAt' | 'startedAt'>, nowMs: number): number {
  return nowMs - Date.parse(startedAt ?? createdAt);
}

/** DynamoDB deletes late: what has expired is gone for every reader, whether or not the item is still there. */
export function isExpired({ expiresAt }: Pick<RevealRecord, 'expiresAt'>, nowMs: number): boolean {
  return expiresAt !== undefined && expiresAt * 1_000 <= nowMs;
}

/** When a settling is written, and for how long what it leaves is kept. */
export interface SettledAt {
  /** Unix milliseconds. */
  nowMs: number;
  retentionDays: number;
}

/** TTL attributes are Unix time in seconds. */
export function expiryOf(settledAtMs: number, retentionDays: number): number {
  return Math.floor(settledAtMs / 1_000) + retentionDays * 86_400;
}

/** The other name of a reveal outlives it: a reveal may run for half a day, and have a result as long after that again as there are second looks. Unix seconds. */
export function aliasExpiry(nowMs: number, retentionDays: number): number {
  return expiryOf(nowMs, retentionDays + 3);
}

/** Whether the vendor has completed the reveal and found nothing, as far as the answer could be read. */
export function foundNothing({
  status,
  found,
  unreadable,
}: Pick<RevealRecord, 'status' | 'found' | 'unreadable'>): boolean {
  if (status !== 'completed' || !found || unreadable) return false;
  return found.emails + found.lowQualityEmails + found.phoneNumbers === 0;
}
