import { countFound, type PollAnswer } from '../../fiber/vendor-answer.ts';
import { statedCredits } from '../credits.ts';
import { decided, expiryOf, type RecordChanges, type RevealRecord, type SettledAt } from '../record.ts';

export type FinishedAnswer = Extract<PollAnswer, { kind: 'done' }>;

/** The progress that an answer makes, whatever it says: absolute values, so that noting it twice is noting it once. */
export function polledWith(record: RevealRecord, answer: PollAnswer, nowMs: number): RecordChanges {
  // Without a key the vendor is not asked.
  const wasAsked = answer.kind !== 'refused' || answer.reason !== 'key-unavailable';
  return decided(record, {
    polls: record.polls + Number(wasAsked),
    pausedBecause: null,
    ...learnedFrom(answer, record, new Date(nowMs).toISOString()),
  });
}

function learnedFrom(answer: PollAnswer, { failures }: RevealRecord, at: string): RecordChanges {
  switch (answer.kind) {
    case 'done':
      return { failures: 0, vendorStatus: answer.vendorStatus };
    case 'running':
      return { failures: 0, vendorStatus: answer.vendorStatus, lastNegativeAt: at };
    case 'rate-limited':
      return { failures: failures + 1, lastError: { at, problem: 'rate-limited', httpStatus: 429 } };
    case 'refused':
      return { failures: failures + 1, lastError: { at, problem: answer.reason, ...statusOf(answer) } };
    case 'unusable':
      return { failures: failures + 1, lastError: { at, problem: answer.problem, ...statusOf(answer) } };
    default:
      return answer satisfies never;
  }
}

const statusOf = ({ httpStatus }: { httpStatus?: number }) => (httpStatus ? { httpStatus } : {});

/** What a finished answer makes of the record. */
export function finishedWith(record: RevealRecord, answer: FinishedAnswer, { nowMs, retentionDays }: SettledAt) {
  return decided(record, {
    status: answer.outcome,
    reason: answer.outcome === 'failed' ? ('vendor-failed' as const) : null,
    ...readingOf(answer),
    nextPollAt: null,
    settledAt: new Date(nowMs).toISOString(),
    expiresAt: expiryOf(nowMs, retentionDays),
  });
}

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
