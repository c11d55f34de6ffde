/**
 * The details of the events, as those who send and receive them see them: these types are part of the package, and so need nothing but
 * `contract.ts`.
 */
import type { FindKind, Found, Outcome, Reason } from '../../contract.ts';

/** The detail of `Contact Reveal Requested`, which starts a reveal. */
export interface RequestDetail {
  /** The id that the vendor gave to a task which you have started. Either this or `linkedinUrl`. */
  taskId?: string | undefined;
  /** The profile of a person, whose task the relay starts, and pays for. */
  linkedinUrl?: string | undefined;
  /** What to look for in a person's reveal. @default - everything */
  find?: FindKind[] | undefined;
  /** In days: an older result is asked for anew, and paid for. @default 30 */
  maxAge?: number | undefined;
  /**
   * What is to happen about kinds that the result which is there was not asked for: they are reported, or a further generation is started, and
   * paid for, for those alone.
   * @default 'report'
   */
  ifMissing?: 'report' | 'start' | undefined;
  /** Who is waiting: a person for this one answer, or nobody in particular for many. @default 'interactive' */
  priority?: 'interactive' | 'bulk' | undefined;
  /** Your own name for the reveal, handed on in its events. An id of yours, not contact data. */
  reference?: string | undefined;
  /** The name of a list that the reveal goes into, whether it is new or there already. Not contact data. */
  list?: string | undefined;
  /** Its place in the list. @default - behind all that is there */
  position?: number | undefined;
  /** Facts of yours that come back in webhooks and in the HTTP API: at most 1 KiB of JSON. */
  custom?: Record<string, string | number | boolean> | undefined;
  /** The name of the relay that it is for, on a bus with several. @default - the relay on this bus has no name */
  relay?: string | undefined;
}

/** The detail of both completion events: counts and pointers, never contact data. */
export interface RevealEvent {
  /** Goes up only with a change that breaks its readers. New fields may come without. */
  schemaVersion: 1;
  /** The name of the relay that it comes from, if it has one: on a bus with several, each event says whose it is. */
  relay?: string;
  /** The same for every copy of one event: events arrive at least once, consumers deduplicate by this. */
  eventId: string;
  /** Whose it is. The record has the same. */
  revealId: string;
  /** The vendor's name for the task. Absent where the relay has not started one. */
  taskId?: string;
  /** Which attempt at the reveal, from 1. */
  generation: number;
  /** The caller's own name for the reveal. */
  reference?: string;
  outcome: Outcome;
  reason?: Reason;
  /** The reveal had been given up on, and said so in an event of its own, before this result came. */
  late?: true;
  found: Found;
  /** The reveal has completed, and there was nothing to find. */
  nothingFound?: true;
  /** How often the vendor was asked. */
  polls: number;
  /** From admission to settling. */
  seconds: number;
  /** What the reveal came to, where the vendor said so: the charge less the refund, negative where only a refund was stated. */
  credits?: number;
  /** What was charged, where the vendor has stated it. */
  creditsCharged?: number;
  /** What was given back, where the vendor has stated it. */
  creditsRefunded?: number;
  /** What the vendor stated as charged when the relay started the task: the same charge as `creditsCharged`, and not another. */
  startCreditsCharged?: number;
  /** ISO 8601, UTC. */
  settledAt: string;
  /** Where the contact data is, for those who may read it. */
  record: { table: string; revealId: string };
}

/** The detail of `Low Credits`: what the vendor says is left, once from the first warning until a charge comes without one. */
export interface LowCreditsEvent {
  /** Goes up only with a change that breaks its readers. New fields may come without. */
  schemaVersion: 1;
  /** The name of the relay that it comes from, if it has one. */
  relay?: string;
  /** The same for every copy of one event. */
  eventId: string;
  /** The reveal whose answer carried the warning. */
  revealId: string;
  /** What the account has left. */
  availableCredits: number;
  /** Where to get more, as the vendor says: an https address. */
  getMoreCreditsUrl?: string;
  /** ISO 8601, UTC. */
  settledAt: string;
}

/** The detail of `Contact Reveal Rejected`: why a request could not be started. Nothing of what was in it. */
export interface RejectionEvent {
  /** Goes up only with a change that breaks its readers. New fields may come without. */
  schemaVersion: 1;
  /** The name of the relay that says so, if it has one. */
  relay?: string;
  /** The same for every copy of one event: events arrive at least once, consumers deduplicate by this. */
  eventId: string;
  /** The id that EventBridge gave to the request: its sender has it from the answer to PutEvents. */
  requestEventId: string;
  /** What to change. */
  problem: string;
  /** When the request was sent. */
  requestedAt: string;
}

/** The detail of `Credit Cap Near`: most of what may be spent on starts in one day is spent, or set aside. Once for each day. */
export interface CreditCapNearEvent {
  /** Goes up only with a change that breaks its readers. New fields may come without. */
  schemaVersion: 1;
  /** The name of the relay that it comes from, if it has one. */
  relay?: string;
  /** The same for every copy of one event, though a later copy may tell of more that is spent. */
  eventId: string;
  /** The day, by UTC: `2026-11-27`. */
  day: string;
  /** By starts of that day, with what is set aside for those under way. */
  creditsSpent: number;
  /** What the relay is set to. */
  maxCreditsPerDay: number;
  /** ISO 8601, UTC. */
  noticedAt: string;
}
