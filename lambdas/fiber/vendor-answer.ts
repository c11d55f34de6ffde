import type * as z from 'zod/mini';
import type { Found, Reason } from '../contract.ts';
import { storedBytes } from '../reveal/stored-bytes.ts';
import * as schema from './vendor-schema.ts';

/** A finished reveal's contact data. High-quality and low-quality e-mails never share a list. */
export interface RevealResult {
  emails: schema.Email[];
  /** Failed the vendor's own validation: kept for transparency, not for use. */
  lowQualityEmails: schema.Email[];
  phoneNumbers: schema.PhoneNumber[];
  /** Everything else the vendor said of the person's profile, as it came, fields we have never seen included. */
  profile: Record<string, unknown>;
  /** Everything else in the answer: warnings, advice, fields we have never seen. */
  answer: Record<string, unknown>;
}

/** What one poll told us, which is all that the rest of the relay looks at. */
export type PollAnswer =
  | {
      kind: 'done';
      outcome: 'completed' | 'failed';
      vendorStatus: string;
      result: RevealResult;
      charge?: schema.Charge;
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
  | { kind: 'unusable'; problem: UnusableProblem; httpStatus?: number };

/** Why an answer says nothing about the task. Such a poll is neither "running" nor "done": we ask again. */
export type UnusableProblem =
  | 'server-error'
  | 'unexpected-status'
  | 'not-json'
  | 'not-an-answer'
  | 'too-large'
  | 'timed-out'
  | 'no-connection';

/** An HTTP response as far as classification needs it. */
interface VendorResponse {
  httpStatus: number;
  body: string;
  /** The Retry-After header: seconds, or an HTTP date. */
  retryAfter?: string | undefined;
}

/** What a poll's response means. Total: every status and every body has an answer, and none of them throws. */
export function classify(response: VendorResponse, nowMs: number): PollAnswer {
  const { httpStatus } = response;
  switch (httpStatus) {
    case 200:
      return readBody(response.body);
    case 429:
      return { kind: 'rate-limited', ...withRetryAfter(response.retryAfter, nowMs) };
    case 401:
    case 403:
      return { kind: 'refused', reason: 'key-refused', httpStatus };
    case 402:
      return { kind: 'refused', reason: 'out-of-credits', httpStatus };
    case 404:
      return { kind: 'refused', reason: 'task-not-found', httpStatus };
    case 400:
    case 422:
      return { kind: 'refused', reason: 'request-refused', httpStatus };
    default:
      return { kind: 'unusable', problem: httpStatus >= 500 ? 'server-error' : 'unexpected-status', httpStatus };
  }
}

function readBody(body: string): PollAnswer {
  const httpStatus = 200;
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return { kind: 'unusable', problem: 'not-json', httpStatus };
  }
  const parsed = schema.usableAnswer.safeParse(json);
  if (!parsed.success) return { kind: 'unusable', problem: 'not-an-answer', httpStatus };

  const { output, chargeInfo, ...answer } = parsed.data;
  const { profile, done } = output;
  const vendorStatus = statusOf(profile.status);
  const failed = vendorStatus === 'failed' && (done || profile.error !== undefined);
  if (!done && !failed) return { kind: 'running', vendorStatus };

  return {
    kind: 'done',
    outcome: failed ? 'failed' : 'completed',
    vendorStatus,
    ...readCharge(chargeInfo, readResult(output, answer)),
  };
}

function readResult(
  { profile, done: _done, ...output }: { profile: Record<string, unknown>; done: boolean },
  answer: Record<string, unknown>,
): RevealResult {
  const rest = { ...profile };
  /** Takes a list out of the profile if it is one; what is not stays in the profile, as it came. */
  const take = <Item>(field: string, list: z.ZodMiniType<Item[]>): Item[] => {
    const parsed = list.safeParse(rest[field]);
    if (!parsed.success) return [];
    delete rest[field];
    return parsed.data;
  };
  return {
    emails: take('emails', schema.emails),
    lowQualityEmails: take('lowQualityEmails', schema.emails),
    phoneNumbers: take('phoneNumbers', schema.phoneNumbers),
    profile: rest,
    answer: Object.keys(output).length > 0 ? { ...answer, output } : answer,
  };
}

/** The vendor's word, as far as it is one: it goes into the record with every poll. */
function statusOf(status: unknown): string {
  return schema.vendorStatus.safeParse(status).data?.toWellFormed().slice(0, 64) ?? 'unknown';
}

/** A charge is a few fields. One that is not stays with the rest of the answer, where any size and shape can be kept. */
const chargeBytes = 8_000;

function readCharge(chargeInfo: unknown, result: RevealResult): { result: RevealResult; charge?: schema.Charge } {
  if (chargeInfo === undefined || chargeInfo === null) return { result };
  const charge = schema.charge.safeParse(chargeInfo).data;
  const bytes = storedBytes(charge);
  if (charge && bytes !== undefined && bytes <= chargeBytes) return { result, charge };
  return { result: { ...result, answer: { ...result.answer, chargeInfo } } };
}

/** RFC 9110: a number of seconds, or a date. Anything else, and anything beyond an hour, is not believed. */
function withRetryAfter(header: string | undefined, nowMs: number): { retryAfterMs?: number } {
  if (!header) return {};
  const ms = /^\d+$/.test(header.trim()) ? Number(header) * 1_000 : Date.parse(header) - nowMs;
  return Number.isFinite(ms) && ms >= 0 && ms <= 3_600_000 ? { retryAfterMs: ms } : {};
}

export function countFound(result: RevealResult): Found {
  return {
    emails: result.emails.length,
    lowQualityEmails: result.lowQualityEmails.length,
    phoneNumbers: result.phoneNumbers.length,
  };
}
