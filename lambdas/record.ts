/**
 * For those who read the reveals table: `reveal-relay/record`. Types of what lies there, on nothing but JavaScript, and the two things to know that a type
 * does not say. Items hold more, for the relay's own use, which may change.
 */
import { type FindKind, type Found, type Priority, type Reason, type RevealStatus, revealsKey } from './contract.ts';
import { unpackAnswer } from './reveal/stored-answer.ts';

export type { FindKind, Found, Priority, Reason, RevealStatus } from './contract.ts';

/** A value that is known today, or one that the vendor has added since. */
type Open<Known extends string> = Known | (string & {});

/** An e-mail address as the vendor describes it. Fields that it adds are there too. */
export interface Email {
  /** The address. */
  email: string;
  /** Whose it is: the employer's or the person's own. */
  type?: Open<'work' | 'personal' | 'other' | 'unknown' | 'generic'> | null | undefined;
  /** Whether mail arrives there, as far as the vendor could find out. */
  status?: Open<'valid' | 'risky' | 'unknown' | 'invalid'> | null | undefined;
  [added: string]: unknown;
}

/** A phone number as the vendor describes it. */
export interface PhoneNumber {
  /** The number. */
  number: string;
  /** What kind of line it is. */
  type?: Open<'mobile' | 'other' | 'unknown'> | null | undefined;
  [added: string]: unknown;
}

/** What was found: contact data. Keep it out of logs. */
export interface RevealResult {
  /** E-mail addresses of high quality. */
  emails: Email[];
  /** Failed the vendor's own validation: kept for transparency, not for use. */
  lowQualityEmails: Email[];
  /** Phone numbers of any type. */
  phoneNumbers: PhoneNumber[];
}

/** The vendor's warning that few credits are left. */
export interface LowCreditAlert {
  /** Where to get more. */
  getMoreCreditsUrl: string;
  /** The vendor's own words. */
  message: string;
  /** What the account has left. */
  availableCredits: number;
  [added: string]: unknown;
}
type ChargeOf<Method extends string, Fields> = { method: Method } & Fields & {
    lowCreditAlert?: LowCreditAlert | null | undefined;
    [added: string]: unknown;
  };

/** What the vendor says of the cost, in one of the ways that are known. */
export type KnownCharge =
  | ChargeOf<'charged-now', { creditsCharged: number }>
  | ChargeOf<'charging-later', { message: string }>
  | ChargeOf<'charged-for-async-process', { creditsCharged: number; message: string }>
  | ChargeOf<'free', { message: string }>
  | ChargeOf<'credits-refunded', { creditsRefunded: number; message: string }>;
/** The same, or whatever else the vendor says of it. */
export type Charge = KnownCharge | Record<string, unknown>;

/** The vendor's answer: in the record, or in further items beside it where it is too large. */
export interface StoredAnswer {
  /** Gzip: see {@link vendorAnswerIn}. */
  bytes?: Uint8Array;
  /** The answer lies in so many further items: ask `GET /reveals/{id}/answer`, which puts it together. */
  parts?: { count: number; digest: string };
  /** As the vendor named it. */
  contentType?: string;
}

/** The record of one reveal: the item under {@link recordKey}. Times are ISO 8601, UTC, unless a field says otherwise. */
export interface RevealRecord {
  /** The reveal's id, and the partition key. */
  revealId: string;
  /** The sort key. */
  part: 'reveal';
  /** The vendor's name for the task. Absent as long as the relay has not started it. */
  taskId?: string;
  /** The profile, of a person whose task the relay starts: contact data. */
  linkedinUrl?: string;
  /** What the task is asked for. */
  find?: readonly FindKind[];
  status: RevealStatus;
  reason?: Reason;
  /** Counts the attempts. */
  generation: number;
  priority: Priority;
  /** The caller's own name for the reveal. */
  reference?: string;
  /** The execution that waits it out, or the last one that did. */
  executionArn: string;
  /** When it was asked for. */
  createdAt: string;
  /** When the relay has started the task. */
  startedAt?: string;
  /** When it ended. */
  settledAt?: string;

  /** Requests that left for the vendor, whatever came back. */
  polls: number;
  /** The vendor's word for where the task is. */
  vendorStatus?: string;
  /** When the vendor is asked next. */
  nextPollAt?: string;
  /** Why nobody polls at the moment. */
  pausedBecause?: Reason;

  answer?: StoredAnswer;
  /** Absent once it was erased, and where one item cannot hold it: then `GET /reveals/{id}` has it. */
  result?: RevealResult;
  found?: Found;
  /** Entries of the answer that could not be read. Absent if there are none. */
  unreadable?: number;
  /** Whether our reading is not exact. The answer is. */
  lossy?: true;
  /** The vendor's own words for a failure. */
  failure?: string;
  /** The result came after the reveal had been given up on. */
  late?: boolean;

  charge?: Charge;
  /** In credits, where the vendor has stated it. */
  creditsCharged?: number;
  /** In credits, where the vendor has stated it. */
  creditsRefunded?: number;
  /** What was charged when the task began. */
  startCreditsCharged?: number;

  /** When the contact data was erased: what is left are counts. */
  erasedAt?: string;
  /** That of the event which says how it ended. */
  eventId?: string;
  /** When that event was out. */
  publishedAt?: string;
  /** Unix seconds. DynamoDB deletes late: take a record whose time has passed for gone. */
  expiresAt?: number;
}

/** The key of a reveal's record in the reveals table. */
export function recordKey(revealId: string): { revealId: string; part: 'reveal' } {
  return { [revealsKey.partition]: revealId, [revealsKey.sort]: revealsKey.record };
}

/** The vendor's answer, byte for byte as it came, or nothing where the record does not hold it. */
export function vendorAnswerIn({ answer }: Pick<RevealRecord, 'answer'>): Uint8Array | undefined {
  return answer?.bytes && unpackAnswer(answer, answer.bytes).bytes;
}
