/** What one reveal does next: after its admission, after an answer, while the key is refused. */
import { bookMoves, leavesAt, roomNear, squeezeMoves } from './bookings.ts';
import { acceptedAt, pausedBecause, wakeAfterProbe } from './budget/breaker.ts';
import { type Decision, noting } from './budget/decision.ts';
import { endOfLine, joinMoves, placeAt, placeTaken, wakeForTurn } from './budget/lines.ts';
import { type Item, num } from './budget/moves.ts';
import { type Noted, noteAnswer } from './note-answer.ts';
import { paceFor } from './pace.ts';
import type { Answered, Context, GiveUp, Over, PollingState, RateContext, Wake } from './polling-state.ts';
import { nextWait } from './schedule.ts';
import {
  failuresPastDeadline,
  mostTries,
  noLineMs,
  refusedAgainMs,
  retryCapMs,
  retryFirstMs,
  soonestWakeMs,
  spreadOutMs,
} from './tuning.ts';

/** Admission: when to poll first. */
export function* start(context: Context, state: PollingState): Decision<Wake> {
  const { item } = yield [];
  return yield* planNext(context, state, item, context.now);
}

/** After an answer: what it says of the key and the pace is noted, and then the reveal goes its way. */
export function* afterAnswer(
  context: Context,
  state: PollingState,
  answered: Answered,
): Decision<Wake | GiveUp | Over> {
  const noted = yield* noteAnswer(context, answered, state.refusedAt);
  return yield* nextPoll(context, state, answered, noted);
}

function* nextPoll(
  context: Context,
  state: PollingState,
  { verdict, sentAt }: Answered,
  noted: Noted,
): Decision<Wake | GiveUp | Over> {
  const { now, random } = context;
  const { place, ...unplaced } = state;
  switch (verdict.kind) {
    case 'done':
    case 'no-such-task':
      return { kind: 'over' };
    case 'pending': {
      if (sentAt > state.deadlineAt) return { kind: 'giveUp', why: 'timed-out' };
      const next = { ...unplaced, lastNegativeAt: sentAt, failures: 0 };
      return yield* noting(planNext(context, next, noted.item, noted.readAt), acceptedAt(sentAt));
    }
    case 'refused': {
      if (noted.refused === 'task') return { kind: 'giveUp', why: 'refused' };
      if (noted.refused === 'key') return waitForProbe(context, state, noted.item);
      const pollAt = now + refusedAgainMs * (1 + random() / 2);
      return yield* book(context, { ...unplaced, refusedAt: sentAt }, noted.item, { pollAt, earlyMs: 0 });
    }
    case 'rejected':
    case 'unavailable':
    case 'unknown': {
      const failures = state.failures + 1;
      // Past its deadline a reveal does not wait for ever for a vendor that says nothing about it.
      if (now > state.deadlineAt && failures >= failuresPastDeadline) return { kind: 'giveUp', why: 'unreachable' };
      const { retryAfterMs = 0 } = verdict;
      const coolUntil = num(noted.item, 'cool');
      if (verdict.kind !== 'unknown' && coolUntil > now) {
        // It keeps its turn: it is due as soon as the cool-down ends.
        const kept = place ?? placeAt(state.priority, noted.item, sentAt);
        const nextPollAt = Math.round(coolUntil + spreadOutMs * random());
        return { kind: 'wake', nextPollAt, state: { ...state, place: kept, failures } };
      }
      const most = Math.min(retryCapMs, retryFirstMs * 2 ** (failures - 1));
      const wait = Math.max(most * (0.5 + random() / 2), retryAfterMs);
      const plan = { pollAt: now + wait, earlyMs: 0, notBefore: now + retryAfterMs };
      return yield* book(context, { ...unplaced, failures }, noted.item, plan);
    }
  }
}

/** Book the return that the schedule wants, or a place in line where there is nothing to plan. */
function* planNext(context: Context, state: PollingState, item: Item, readAt: number): Decision<Wake> {
  const { limits, curve, now, random } = context;
  const ageSeconds = Math.max(0, state.lastNegativeAt - state.startedAt) / 1_000;
  const { pollsPerSecond, wakeEarlyMs, slowest } = paceFor(limits, curve, item, state, readAt);
  const paced = slowest === undefined ? state : { ...state, slowest };
  const wait = nextWait(curve, ageSeconds, pollsPerSecond, random(), random());
  if (wait === 'line') return yield* joinLine(context, paced, now + noLineMs);
  return yield* book(context, paced, item, { pollAt: state.lastNegativeAt + 1_000 * wait, earlyMs: wakeEarlyMs });
}

type Plan = {
  /** When the poll is to leave. */
  readonly pollAt: number;
  /** How long before that the reveal is woken. */
  readonly earlyMs: number;
  /** Whatever place is booked: a vendor may ask for more time than the ring of bookings is long. */
  readonly notBefore?: number;
};

/** Book a place at the planned moment, or near it, or in line where the line is longer than that. */
function* book(context: Context, state: PollingState, item: Item, plan: Plan): Decision<Wake> {
  const { limits, now } = context;
  const { priority } = state;
  const { pollAt, earlyMs, notBefore = 0 } = plan;
  let known = item;
  for (let tries = mostTries; ; tries -= 1) {
    const booking = roomNear(limits, priority, known, now, pollAt);
    if (endOfLine(known, priority) > booking.startsAt) return yield* joinLine(context, state, booking.startsAt);
    const applied = yield tries > 0 ? bookMoves(limits, priority, known, booking) : squeezeMoves(priority, booking);
    known = applied.item;
    if (applied.move === undefined && tries > 0) continue;
    const place = leavesAt(limits, known, booking, pollAt) - earlyMs;
    return { kind: 'wake', nextPollAt: Math.round(Math.max(now + soonestWakeMs, notBefore, place)), state };
  }
}

export function* joinLine(context: RateContext, state: PollingState, earliest: number): Decision<Wake> {
  const { limits, now } = context;
  const { priority } = state;
  const { item, move } = yield joinMoves(limits, priority, Math.round(earliest));
  if (move === undefined) return pausedWake(context, state, item);
  const place = placeTaken(limits, priority, item);
  return { kind: 'wake', nextPollAt: wakeForTurn(limits, priority, item, place, now), state: { ...state, place } };
}

export function waitForProbe(context: RateContext, state: PollingState, item: Item): Wake | GiveUp {
  const reason = pausedBecause(item);
  const isOver = context.now > state.deadlineAt && reason !== undefined;
  return isOver ? { kind: 'giveUp', why: 'paused', pausedBecause: reason } : pausedWake(context, state, item);
}

function pausedWake({ now, random }: RateContext, state: PollingState, item: Item): Wake {
  const reason = pausedBecause(item);
  const wake: Wake = { kind: 'wake', nextPollAt: wakeAfterProbe(item, now, random()), state };
  return reason === undefined ? wake : { ...wake, pausedBecause: reason };
}
