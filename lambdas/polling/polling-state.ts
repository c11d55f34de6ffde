/** What a reveal carries from poll to poll, and what can come of its decisions. Epoch milliseconds unless a name says else. */

import type { Priority } from '../contract.ts';
import { relayDefaults } from '../contract.ts';
import type { RateLimits } from './budget/limits.ts';
import type { Item } from './budget/moves.ts';
import type { PriceCurve } from './price-curve.ts';

export type PollingState = {
  readonly priority: Priority;
  /** When its age starts to count: the task's start if known, else the admission. */
  readonly startedAt: number;
  /** From here on a fresh negative poll gives up. */
  readonly deadlineAt: number;
  /** When the last poll left that said "not yet": the task may have finished since. */
  readonly lastNegativeAt: number;
  /** Its place in line, if it has one. */
  readonly place?: number | undefined;
  /** The fewest polls per second that it ever had, if polls were scarce then. */
  readonly slowest?: number | undefined;
  /** When its task was last refused while the key was not: see note-answer.ts. */
  readonly refusedAt?: number | undefined;
  /** Answers in a row that said nothing about the task: 5xx, network, 429. */
  readonly failures: number;
};

/** The state of a reveal at its admission. `maxWaitMs` counts from there. */
export function newPollingState(
  priority: Priority,
  startedAt: number,
  now: number,
  maxWaitMs = 1_000 * relayDefaults.maxWaitSeconds,
): PollingState {
  return { priority, startedAt, deadlineAt: now + maxWaitMs, lastNegativeAt: startedAt, failures: 0 };
}

/** What a poll teaches that found the task finished: at which age it was not yet, and at which it was. */
export function detection({ startedAt, lastNegativeAt }: PollingState, sentAt: number) {
  const ageSeconds = (ms: number) => Math.max(0, ms - startedAt) / 1_000;
  return { fromSeconds: ageSeconds(lastNegativeAt), toSeconds: ageSeconds(sentAt) };
}

/** What a decision about a budget needs to know; `random` answers uniform numbers in [0, 1). */
export type RateContext = {
  readonly limits: RateLimits;
  readonly now: number;
  readonly random: () => number;
};
/** What one needs in addition that plans polls. */
export type Context = RateContext & { readonly curve: PriceCurve };

/** Back to the workflow until `nextPollAt`, its next `TimestampPath`. */
export type Wake = {
  readonly kind: 'wake';
  readonly nextPollAt: number;
  readonly state: PollingState;
  /** Why nobody polls with this key at the moment; for the record. */
  readonly pausedBecause?: string;
};

/** Poll at `pollAt`. `item` is the budget as it was at `grantedAt`: it is known already when the answer is there. */
export type Slot = {
  readonly kind: 'slot';
  readonly pollAt: number;
  readonly probe: boolean;
  readonly item: Item;
  readonly grantedAt: number;
};

export type GiveUp = {
  readonly kind: 'giveUp';
  /** `timed-out`: still not finished; `paused`: the key is refused; `refused`: this task alone is; `unreachable`: no usable answer. */
  readonly why: 'timed-out' | 'paused' | 'refused' | 'unreachable';
  readonly pausedBecause?: string;
};

/** No other poll of this task is needed. */
export type Over = { readonly kind: 'over' };

export function isSlot(decision: { readonly kind: string } | string | undefined): decision is Slot {
  return typeof decision === 'object' && decision.kind === 'slot';
}

/** The vendor's answer to a poll, as far as the budget and the schedule care. */
export type Verdict =
  | { readonly kind: 'done' }
  /** 404 or 400, and no other poll of this task will say anything else. The key was accepted. */
  | { readonly kind: 'no-such-task' }
  | { readonly kind: 'pending' }
  /** 429. */
  | { readonly kind: 'rejected'; readonly retryAfterMs?: number }
  /** 503 with `Retry-After`. */
  | { readonly kind: 'unavailable'; readonly retryAfterMs: number }
  /** 401, 402, 403. The last may be about this task, and not about the key. */
  | { readonly kind: 'refused'; readonly reason: string; readonly perhapsTheTask?: boolean }
  /** 5xx, a timeout, anything unreadable: not a negative. A wait that it asks for is this reveal's alone. */
  | { readonly kind: 'unknown'; readonly retryAfterMs?: number };

/** A poll that was answered. */
export type Answered = { readonly verdict: Verdict; readonly slot: Slot; readonly sentAt: number };
