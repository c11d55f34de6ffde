import type { FindKind, Priority } from '../contract.ts';

/** What a caller wants to have back with a reveal: some facts of the caller's, of which the relay knows nothing. */
export type Custom = Readonly<Record<string, string | number | boolean>>;

/** A request for a task that the caller has started. */
export interface RevealRequest {
  taskId: string;
  /** @default 'interactive' */
  priority?: Priority | undefined;
  reference?: string | undefined;
  custom?: Custom | undefined;
}

/** A request for a person whose profile has been read. */
export interface PersonRequest {
  /** Of the reveal, made of the person: see `person/person-id.ts`. */
  revealId: string;
  /** As it is sent to the vendor. Contact data. */
  linkedinUrl: string;
  find: readonly FindKind[];
  priority?: Priority | undefined;
  reference?: string | undefined;
  custom?: Custom | undefined;
  /** A result that is older is asked for anew, and paid for. 0: any is. */
  maxAgeDays: number;
  /** @default 'report' */
  ifMissing?: 'report' | 'start' | undefined;
  /** Somebody resumes it, and is not content with what an earlier generation has found. */
  isResumed?: true;
  /** Names the wish for a new result whatever is there: the same key is the same wish. */
  force?: string | undefined;
  /** The batch that it came in, and what that may cost. */
  batch?: BatchCap | undefined;
  /** It came by the id of a task: what is there is all that it wants, and nothing is paid for. */
  paysNothing?: true | undefined;
  /** What somebody has decided about the start of this generation, of which nobody knows whether it was paid for: its task, or to start again. */
  decision?: { generation: number; taskId?: string | undefined } | undefined;
}

/** What all starts of one batch together may cost, in credits. */
export interface BatchCap {
  key: string;
  maxCredits: number;
}

/** What a reveal can be claimed by. */
export type ClaimRequest = RevealRequest | PersonRequest;

export const revealIdOf = (request: ClaimRequest) => ('taskId' in request ? request.taskId : request.revealId);
