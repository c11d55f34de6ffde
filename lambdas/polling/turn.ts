/**
 * One reveal's turn at the shared budget: what the handlers and the fleet simulation both run. Pure: a decision that needs the shared item
 * answers a `Step`, the moves to apply and what follows from the item that comes back; time and randomness are passed in.
 *
 *     admit:  start                        ─► wake
 *     poll:   askForSlot                   ─► slot (sleep until it, then poll) or wake (back to the workflow)
 *             afterPoll(pending | rejected | unavailable | refused | unknown) ─► wake or giveUp
 *             afterPoll(done)              ─► done
 *             afterPoll(no-task)           ─► no-task
 */
import { relayDefaults } from '../contract.ts';
import { bookMoves, leavesAt, roomNear, squeezeMoves } from './bookings.ts';
import { acceptedBy, closeMoves, doubtMoves, openMoves, pausedBecause, probeMoves, wakeAfterProbe } from './breaker.ts';
import { type Item, num } from './moves.ts';
import { paceFor } from './pace.ts';
import {
  coolDownMoves,
  easeMoves,
  joinMoves,
  type Lane,
  type PollLimits,
  placeTaken,
  shiftOf,
  slotGranted,
  slotMoves,
  tailOf,
  wakeForTurn,
  wantsEase,
} from './rate-limiter.ts';
import { nextWait, type PriceCurve } from './schedule.ts';
import type { Step } from './step.ts';

/** What a reveal carries from wait to wait in its workflow's state: numbers only. Epoch milliseconds unless the name says else. */
export type Turn = {
  readonly lane: Lane;
  /** When its age starts to count: the task's start if known, else the admission. */
  readonly startedAt: number;
  /** From here on a fresh negative poll gives up. */
  readonly deadlineAt: number;
  /** The last poll that said "not yet": from here up to a detection the task may have finished. */
  readonly pendingAt: number;
  /** Its place in the lane's line, if it has one. */
  readonly place?: number;
  /** The fewest polls per second that it ever had, if polls were scarce then. */
  readonly slowest?: number;
  /** When its task was last refused while the key was not in doubt: see `Verdict`. */
  readonly refusedAt?: number;
  /** Answers in a row that said nothing about the task: 5xx, network, 429. */
  readonly unknowns: number;
};

/** What a decision needs to know; `random` answers uniform numbers in [0, 1). */
export type Context = {
  readonly limits: PollLimits;
  readonly curve: PriceCurve;
  readonly now: number;
  readonly random: () => number;
};

export type Wake = {
  readonly kind: 'wake';
  /** Come back then: the next `TimestampPath`. */
  readonly wakeAt: number;
  readonly turn: Turn;
  /** Why nobody polls with this key at the moment; for the record. */
  readonly pausedBecause?: string;
};
/** Poll at `pollAt`; `item` is the budget as it was at `grantedAt`, for `afterPoll` in the same invocation. */
export type Slot = {
  readonly kind: 'slot';
  readonly pollAt: number;
  readonly probe: boolean;
  readonly item: Item;
  readonly grantedAt: number;
};
export function isSlot(decision: { readonly kind: string } | string | undefined): decision is Slot {
  return typeof decision === 'object' && decision.kind === 'slot';
}

export type GiveUp = {
  readonly kind: 'giveUp';
  /** `timed-out`: still not finished; `paused`: the key is refused; `refused`: this task alone is; `unreachable`: no usable answer. */
  readonly why: 'timed-out' | 'paused' | 'refused' | 'unreachable';
  readonly pausedBecause?: string;
};
export type Done = { readonly kind: 'done'; readonly fromSeconds: number; readonly toSeconds: number };
/** Nobody polls for it any more, and nothing is learned. */
export type NoTask = { readonly kind: 'no-task' };

/** The vendor's answer, as far as the schedule cares. */
export type Verdict =
  | { readonly kind: 'done' }
  /** The vendor takes the key, and no question about this task: there will be no result, and there is no duration to learn. */
  | { readonly kind: 'no-task' }
  | { readonly kind: 'pending' }
  /** 429. */
  | { readonly kind: 'rejected'; readonly retryAfterMs?: number }
  /** 503 with `Retry-After`. */
  | { readonly kind: 'unavailable'; readonly retryAfterMs: number }
  /** 401, 402, 403. The last may be about this task, and not about the key. */
  | { readonly kind: 'refused'; readonly reason: string; readonly perhapsTheTask?: boolean }
  /** 5xx, a timeout, anything unreadable: not a negative. A wait that it asks for is this reveal's alone. */
  | { readonly kind: 'unknown'; readonly retryAfterMs?: number };

/** The first wait of someone who joins a line at once. */
const soonestMs = 8_000;
const retryFirstMs = 5_000;
const retryCapMs = 60_000;
const unknownsPastDeadline = 5;
/** A refused task is asked for again after this long, so that others may have been accepted by then: they are asked for every 15 s or so. */
const refusedAgainMs = 20_000;
/** How often a reveal looks for another bucket when others were faster. Then it takes a place that may be one too many. */
const mostTries = 3;

/** The state of a reveal at its admission. `maxWaitMs` counts from there. */
export function newTurn(
  lane: Lane,
  startedAt: number,
  now: number,
  maxWaitMs = 1_000 * relayDefaults.maxWaitSeconds,
): Turn {
  return { lane, startedAt, deadlineAt: now + maxWaitMs, pendingAt: startedAt, unknowns: 0 };
}

/** Admission: when to poll first. */
export function start(context: Context, turn: Turn): Step<Wake> {
  return { moves: [], next: ({ item }) => planNext(context, turn, item, context.now) };
}

/** Awake: may it poll now, soon, or must it go back to the workflow? */
export function askForSlot(context: Context, turn: Turn): Step<Slot | Wake | GiveUp> {
  const { limits, now } = context;
  const { place, ...unplaced } = turn;
  return {
    moves: [...slotMoves(limits, turn.lane, now, place), ...probeMoves(limits, now)],
    next: ({ item, move }) => {
      const slot = grantedSlot(context, item, move);
      if (wantsEase(limits, item, now)) {
        return {
          moves: easeMoves(limits, now),
          next: () => slot ?? askForSlot(context, turn),
        };
      }
      if (slot !== undefined) return slot;
      const paused = pausedBecause(item);
      if (paused !== undefined) return waitForProbe(context, turn, item);
      if (place === undefined) return joinLine(context, unplaced, Math.max(now, num(item, 'tat')));
      const wakeAt = wakeForTurn(limits, turn.lane, item, place, now);
      if (wakeAt > now) return { kind: 'wake', wakeAt, turn };
      // Its turn, but slots are taken for longer than a handler sleeps, or the lane is over its share.
      return {
        kind: 'wake',
        wakeAt: Math.round(Math.max(now + 1_000, num(item, 'tat') - 1_000) + 2_000 * context.random()),
        turn,
      };
    },
  };
}

/** A slot for a poll that can be put off: there is none while bulk reveals stand in line. It may be the probe of a refused key. */
export function askForSpareSlot(context: Context): Step<Slot | undefined> {
  return {
    moves: [...slotMoves(context.limits, 'bulk', context.now, undefined), ...probeMoves(context.limits, context.now)],
    next: ({ item, move }) => grantedSlot(context, item, move),
  };
}

function grantedSlot({ limits, now }: Context, item: Item, move: string | undefined): Slot | undefined {
  const slot = slotGranted(limits, item, move);
  if (slot === undefined) return undefined;
  return { kind: 'slot', pollAt: Math.max(now, slot), probe: move === 'probe', item, grantedAt: now };
}

/** After the vendor's answer to a poll that left at `sentAt` in `slot`. */
export function afterPoll(
  context: Context,
  turn: Turn,
  answer: Verdict,
  sentAt: number,
  slot: Slot,
): Step<Wake | GiveUp | Done | NoTask> | Wake | GiveUp | Done | NoTask {
  const { limits, now } = context;
  switch (answer.kind) {
    case 'done': {
      const done: Done = {
        kind: 'done',
        fromSeconds: Math.max(0, turn.pendingAt - turn.startedAt) / 1_000,
        toSeconds: Math.max(0, sentAt - turn.startedAt) / 1_000,
      };
      return slot.probe ? { moves: closeMoves(now, sentAt), next: () => done } : done;
    }
    case 'no-task':
      return slot.probe ? { moves: closeMoves(now, sentAt), next: () => answer } : answer;
    case 'pending': {
      const { place: _, ...rest } = turn;
      const next: Turn = { ...rest, pendingAt: sentAt, unknowns: 0 };
      if (slot.probe)
        return { moves: closeMoves(now, sentAt), next: (closed) => afterNegative(context, next, closed.item, now) };
      return afterNegative(context, next, slot.item, slot.grantedAt);
    }
    case 'rejected':
    case 'unavailable': {
      const unknowns = turn.unknowns + 1;
      if (isUnreachable(turn, unknowns, now)) return givenUp;
      const isTooFast = answer.kind === 'rejected';
      // What a probe hears of the vendor says nothing of the key, and nobody else polls in any case.
      if (slot.probe && !isTooFast) return afterUnknown(context, turn, slot, answer.retryAfterMs);
      const moves = coolDownMoves(limits, now, sentAt, answer.retryAfterMs);
      const cool: Step<Wake> = {
        // A vendor that is down has not been asked too often: the pace stays as it is.
        moves: isTooFast ? moves : moves.filter(({ name }) => name !== 'cut'),
        next: (cooled) => {
          // It keeps its turn: it is due as soon as the cool-down ends.
          const place = turn.place ?? sentAt - num(cooled.item, shiftOf(turn.lane));
          const wakeAt = Math.round(Math.max(now, num(cooled.item, 'cool')) + 2_000 * context.random());
          return { kind: 'wake', wakeAt, turn: { ...turn, place, unknowns } };
        },
      };
      // A key that is rejected for being too fast is a key that is accepted.
      return slot.probe ? { moves: closeMoves(now, sentAt), next: () => cool } : cool;
    }
    case 'refused':
      return afterRefusal(context, turn, answer, sentAt, slot);
    case 'unknown':
      return afterUnknown(context, turn, slot, answer.retryAfterMs);
  }
}

/**
 * What the answer to a poll in a spare slot says of the key and the pace: that holds for everybody. Books nothing, as nobody comes back: a return that
 * nobody makes would count as a reveal in flight until its moment has passed.
 */
export function afterSpareSlot(
  { limits, now }: Context,
  answer: Verdict,
  sentAt: number,
  slot: Slot,
): Step<void> | undefined {
  const closed = slot.probe ? closeMoves(now, sentAt).map((move) => acceptedBy(move, sentAt)) : [];
  switch (answer.kind) {
    case 'done':
    case 'no-task':
    case 'pending':
      return slot.probe ? { moves: closed, next: () => {} } : undefined;
    case 'rejected': {
      // A key that is rejected for being too fast is a key that is accepted.
      const cool = { moves: coolDownMoves(limits, now, sentAt, answer.retryAfterMs), next: () => {} };
      return slot.probe ? { moves: closed, next: () => cool } : cool;
    }
    case 'unavailable': {
      if (slot.probe) return undefined;
      const moves = coolDownMoves(limits, now, sentAt, answer.retryAfterMs);
      return { moves: moves.filter(({ name }) => name !== 'cut'), next: () => {} };
    }
    case 'refused':
      // One refusal that may be about this task alone is no reason to pause everybody.
      if (answer.perhapsTheTask && !slot.probe) return undefined;
      return { moves: openMoves(now, sentAt, answer.reason), next: () => {} };
    case 'unknown':
      return undefined;
  }
}

/**
 * A refusal of the key opens the breaker. One that may be about the task does so only if nobody has been accepted since the last such refusal: else the
 * key is put in doubt, and this reveal asks again. If others have been accepted meanwhile and it is refused once more, it is the task.
 */
function afterRefusal(
  context: Context,
  turn: Turn,
  { reason, perhapsTheTask }: Extract<Verdict, { kind: 'refused' }>,
  sentAt: number,
  slot: Slot,
): Step<Wake | GiveUp> | GiveUp {
  const { now, random } = context;
  const acceptedAt = num(slot.item, 'accepted');
  if (perhapsTheTask && turn.refusedAt !== undefined && acceptedAt > turn.refusedAt)
    return { kind: 'giveUp', why: 'refused' };
  if (perhapsTheTask && !slot.probe && acceptedAt > num(slot.item, 'doubted')) {
    const { place: _, ...rest } = turn;
    const again = { pollAt: now + refusedAgainMs * (1 + random() / 2), earlyMs: 0 };
    return {
      moves: doubtMoves(sentAt),
      next: ({ item }) => book(context, { ...rest, refusedAt: sentAt }, item, again),
    };
  }
  return {
    moves: openMoves(now, sentAt, reason),
    next: (opened) => waitForProbe(context, turn, opened.item),
  };
}

function afterUnknown(context: Context, turn: Turn, { item }: Slot, retryAfterMs = 0): Step<Wake> | GiveUp {
  const { now, random } = context;
  const unknowns = turn.unknowns + 1;
  if (isUnreachable(turn, unknowns, now)) return givenUp;
  const { place: _, ...rest } = turn;
  const most = Math.min(retryCapMs, retryFirstMs * 2 ** (unknowns - 1));
  const wait = Math.max(most * (0.5 + random() / 2), retryAfterMs);
  return book(context, { ...rest, unknowns }, item, { pollAt: now + wait, earlyMs: 0, notBefore: now + retryAfterMs });
}

const givenUp: GiveUp = { kind: 'giveUp', why: 'unreachable' };

/** Past its deadline a reveal is not asked for for ever by a vendor that says nothing about it. */
function isUnreachable({ deadlineAt }: Turn, unknowns: number, now: number): boolean {
  return now > deadlineAt && unknowns >= unknownsPastDeadline;
}

function afterNegative(context: Context, turn: Turn, item: Item, readAt: number): Step<Wake> | GiveUp {
  if (turn.pendingAt > turn.deadlineAt) return { kind: 'giveUp', why: 'timed-out' };
  const { moves, next } = planNext(context, turn, item, readAt);
  return { moves: moves.map((move) => acceptedBy(move, turn.pendingAt)), next };
}

/** Book the return that the schedule wants, or a place in line where the line is longer than that. */
function planNext(context: Context, turn: Turn, item: Item, readAt: number): Step<Wake> {
  const { limits, curve, now, random } = context;
  const ageSeconds = Math.max(0, turn.pendingAt - turn.startedAt) / 1_000;
  const { pollsPerSecond, wakeEarlyMs, slowest } = paceFor(limits, curve, item, turn, readAt);
  const paced = slowest === undefined ? turn : { ...turn, slowest };
  const wait = nextWait(curve, ageSeconds, pollsPerSecond, random(), random());
  if (wait === 'line') return joinLine(context, paced, now + soonestMs);
  return book(context, paced, item, { pollAt: turn.pendingAt + 1_000 * wait, earlyMs: wakeEarlyMs });
}

type Plan = {
  /** When the schedule wants the poll to leave. */
  readonly pollAt: number;
  /** How long before that the reveal is woken. */
  readonly earlyMs: number;
  /** Whatever place is booked: a vendor may ask for more time than the ring of bookings is long. */
  readonly notBefore?: number;
};

/** Book a place at the planned moment, or near it, or in line where the line is longer than that. */
function book(context: Context, turn: Turn, item: Item, plan: Plan, tries = mostTries): Step<Wake> {
  const { limits, now } = context;
  const { pollAt, earlyMs, notBefore = 0 } = plan;
  const booking = roomNear(limits, turn.lane, item, now, pollAt);
  if (num(item, tailOf(turn.lane)) > booking.startsAt) return joinLine(context, turn, booking.startsAt);
  return {
    moves: tries > 0 ? bookMoves(limits, turn.lane, item, booking) : squeezeMoves(turn.lane, booking),
    next: ({ item: booked, move }) => {
      if (move === undefined && tries > 0) return book(context, turn, booked, plan, tries - 1);
      const place = leavesAt(limits, booked, booking, pollAt) - earlyMs;
      return { kind: 'wake', wakeAt: Math.round(Math.max(now + 1_000, notBefore, place)), turn };
    },
  };
}

function joinLine(context: Context, turn: Turn, earliest: number): Step<Wake> {
  const { limits, now } = context;
  return {
    moves: joinMoves(limits, turn.lane, Math.round(earliest)),
    next: ({ item, move }) => {
      if (move === undefined) return { kind: 'wake', ...pausedWake(context, turn, item) };
      const place = placeTaken(limits, turn.lane, item);
      return { kind: 'wake', wakeAt: wakeForTurn(limits, turn.lane, item, place, now), turn: { ...turn, place } };
    },
  };
}

function waitForProbe(context: Context, turn: Turn, item: Item): Wake | GiveUp {
  const reason = pausedBecause(item);
  if (context.now > turn.deadlineAt && reason !== undefined)
    return { kind: 'giveUp', why: 'paused', pausedBecause: reason };
  return { kind: 'wake', ...pausedWake(context, turn, item) };
}

function pausedWake({ now, random }: Context, turn: Turn, item: Item): Omit<Wake, 'kind'> {
  const reason = pausedBecause(item);
  const wakeAt = wakeAfterProbe(item, now, random());
  return reason === undefined ? { wakeAt, turn } : { wakeAt, turn, pausedBecause: reason };
}
