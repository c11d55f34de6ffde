import type { Found, Reason } from '../contract.ts';
import { type RawAnswer, textOf } from './reading/answer-text.ts';
import { readCharge } from './reading/charge.ts';
import { readEmails, readPhoneNumbers } from './reading/entries.ts';
import { hasTooManyParts, type Inexact, inexactParts, valuesAt } from './reading/json-text.ts';
import * as schema from './vendor-schema.ts';

export type { RawAnswer } from './reading/answer-text.ts';

/** Our reading of a finished answer, which itself has all the rest. High-quality and low-quality e-mails never share a list. */
export interface RevealResult {
  emails: schema.Email[];
  /** Failed the vendor's own validation: kept for transparency, not for use. */
  lowQualityEmails: schema.Email[];
  phoneNumbers: schema.PhoneNumber[];
}

/** What one poll told us, which is all that the rest of the relay looks at. */
export type PollAnswer =
  | {
      kind: 'done';
      outcome: 'completed' | 'failed';
      vendorStatus: string;
      /** The vendor's own words for a failure, up to 1,000 characters. They are not ours: never in a log, an error or an event. */
      failure?: string;
      result: RevealResult;
      /** Entries of the three lists that could not be read: set aside, so that they hide no good one. */
      unreadable: number;
      /** Our reading is not exactly what the answer says; the answer is. */
      lossy: boolean;
      lossyBecause: Inexact[];
      charge?: schema.Charge;
      answer: RawAnswer;
    }
  | { kind: 'running'; vendorStatus: string }
  | { kind: 'rate-limited'; retryAfterMs?: number }
  | {
      kind: 'refused';
      reason: Extract<
        Reason,
        'key-unavailable' | 'key-refused' | 'out-of-credits' | 'task-not-found' | 'request-refused'
      >;
      /** Absent with `key-unavailable`: the vendor was not asked. */
      httpStatus?: number;
    }
  | {
      kind: 'unusable';
      problem: UnusableProblem;
      httpStatus?: number;
      /** The vendor is not available, and says for how long. */
      retryAfterMs?: number;
      /** What a 2xx brought that could not be read, so that it can be kept when the reveal is given up on. */
      answer?: RawAnswer;
    };

/** Why an answer says nothing about the task. Such a poll is neither "running" nor "done": we ask again. */
export type UnusableProblem =
  /** Nobody was reached. */
  | 'no-connection'
  | 'timed-out'
  /** The connection ended before the answer did. */
  | 'cut-off'
  /** What came is not HTTP as it should be, or not in the coding that it names. */
  | 'bad-response'
  /** More than is read on, or more lists and objects than a handler has memory for. */
  | 'too-large'
  /** A page of the network in front of the vendor: a challenge, say. */
  | 'edge'
  | 'server-error'
  | 'unexpected-status'
  | 'not-json'
  | 'not-an-answer';

const longestFailure = 1_000;

/**
 * Reads the body of an answer: whether the task has ended, and what was found. Total: any bytes have a reading, and none throws or takes
 * long.
 */
export function readAnswer(answer: RawAnswer): PollAnswer {
  const text = textOf(answer);
  if (hasTooManyParts(text)) return { kind: 'unusable', problem: 'too-large', answer };
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { kind: 'unusable', problem: 'not-json', answer };
  }
  if (!isUsable(json)) return { kind: 'unusable', problem: 'not-an-answer', answer };

  const { profile, done } = json.output;
  const vendorStatus = wordOf(profile.status);
  const failed = vendorStatus === 'failed' && (done || (profile.error !== undefined && profile.error !== null));
  if (!done && !failed) return { kind: 'running', vendorStatus };

  const lossyBecause = inexactParts(text, json);
  const { result, unreadable, hasLeftOut } = readResult(json, lossyBecause.has('duplicate-names') ? text : undefined);
  const charged = readCharge(json.chargeInfo);
  if (hasLeftOut || charged.hasLeftOut) lossyBecause.add('fields-left-out');
  const failure = failed ? failureIn(profile.error) : undefined;
  return {
    kind: 'done',
    outcome: failed ? 'failed' : 'completed',
    vendorStatus,
    ...(failure !== undefined && { failure }),
    result,
    unreadable,
    lossy: lossyBecause.size > 0,
    lossyBecause: [...lossyBecause],
    ...(charged.charge && { charge: charged.charge }),
    answer,
  };
}

/** Only asks: what goes on is the vendor's own object, since a schema's output lacks a field named `__proto__`. */
function isUsable(json: unknown): json is schema.UsableAnswer {
  return schema.usableAnswer.safeParse(json).success;
}

/**
 * @param textWithDuplicates the answer's text, if it has two fields of one name. Then the entries of every list of that name are listed:
 * a plain parser takes the last list, and an empty one would hide what was found.
 */
function readResult(
  { output }: schema.UsableAnswer,
  textWithDuplicates: string | undefined,
): { result: RevealResult; unreadable: number; hasLeftOut: boolean } {
  const { emails, lowQualityEmails, phoneNumbers } = output.profile;
  const listsOf = (name: string, last: unknown) =>
    textWithDuplicates === undefined ? [last] : valuesAt(textWithDuplicates, ['output', 'profile', name]);
  const good = listsOf('emails', emails).map(readEmails);
  const low = listsOf('lowQualityEmails', lowQualityEmails).map(readEmails);
  const phones = listsOf('phoneNumbers', phoneNumbers).map(readPhoneNumbers);
  const all = [...good, ...low, ...phones];
  return {
    result: {
      emails: good.flatMap(({ entries }) => entries),
      lowQualityEmails: low.flatMap(({ entries }) => entries),
      phoneNumbers: phones.flatMap(({ entries }) => entries),
    },
    unreadable: all.reduce((sum, { unreadable }) => sum + unreadable, 0),
    hasLeftOut: all.some((list) => list.hasLeftOut),
  };
}

/** The vendor's word, as far as it is one: it goes into the record with every poll. */
function wordOf(status: unknown): string {
  return schema.vendorStatus.safeParse(status).data?.slice(0, 64).toWellFormed() ?? 'unknown';
}

function failureIn(error: unknown): string | undefined {
  const words = typeof error === 'object' && error !== null && 'message' in error ? error.message : error;
  const text = typeof words === 'string' ? words.trim().slice(0, longestFailure).toWellFormed() : '';
  return text === '' ? undefined : text;
}

export function countFound(result: RevealResult): Found {
  return {
    emails: result.emails.length,
    lowQualityEmails: result.lowQualityEmails.length,
    phoneNumbers: result.phoneNumbers.length,
  };
}
