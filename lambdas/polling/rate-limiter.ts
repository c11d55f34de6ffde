/**
 * The poll budget: one account-wide limit, shared by every running reveal, as moves on one item. Times in epoch milliseconds.
 *
 * Two things, kept apart:
 *
 * * **Slots** are firm and near. `tat` is the next free moment; a slot is granted only within `aheadMs` of now and moves `tat` on
 *   by one gap. This alone keeps the vendor's limit, whatever the rest of this file gets wrong.
 * * **Lines** are soft and may be an hour long: one per lane, first come first served. A place in line costs nothing; it tells a
 *   reveal when to come back for a slot, so that ten thousand of them do not all ask at once. `tail` is the turn the next to join gets.
 *   When something delays a whole line (a poll of the other lane, a cool-down, a pause), `tail` and `shift` grow alike in the same
 *   write; a reveal remembers `place = turn - shift`, so `place + shift` is always its true turn and nobody overtakes.
 *
 * | attribute | is |
 * | --- | --- |
 * | `tat` | next free moment |
 * | `gap` | time between slots; missing means the base gap, longer for a while after a 429 |
 * | `cool`, `easeAt` | end of the last cool-down; when `gap` may next shrink |
 * | `tailInteractive`, `shiftInteractive`, `tailBulk`, `shiftBulk` | the two lines |
 * | `lead` | hundredths of a poll by which the interactive lane is ahead of its share (negative: behind) |
 */
import { relayDefaults } from '../contract.ts';
import { type Assignment, add, type Clause, type Item, type Move, num, type Term } from './moves.ts';

export type Lane = 'interactive' | 'bulk';

export type PollLimits = {
  /** The vendor's limit for the account. */
  readonly pollsPerMinute: number;
  /** How much of it is ours, above 0 and up to 1; less than 1 when other programs poll with the same key. */
  readonly share: number;
  /** The interactive lane's part when both lanes are full, between 0 and 1; bulk is sure of the rest. Idle parts are lent. */
  readonly interactiveShare: number;
};

const { pollsPerMinute, keyShare, interactiveShare } = relayDefaults;
export const defaultPollLimits: PollLimits = { pollsPerMinute, share: keyShare, interactiveShare };

/**
 * By how much two polls a minute apart may close up on their way: clock skew of 0.2 s (standard deviation) on either side and
 * network jitter. At 240 a minute this makes the gap 256 ms. With 0 here, a gap of 250 ms, the fleet simulation sees rejections.
 */
const spreadMs = 1_400;
/** A slot is granted at most this far ahead: the handler sleeps until then, which costs less than a state transition. */
export const aheadMs = 10_000;
/** A line that ends this soon is no line: whoever asks may poll. */
const lineMs = 8_000;
/** A reveal comes back this long before its turn, as Step Functions wakes it up to a second late. */
const wakeAheadMs = 1_000;
/** Later than this after its slot a poll must not leave: ask for another slot. */
const voidAfterMs = 700;
/** After a 429 without Retry-After. */
const coolMs = 15_000;
const easeEveryMs = 60_000;
/** How many hundredths of a poll a lane may run ahead of its share. */
const leadLimit = 400;

export const tailOf = (lane: Lane) => (lane === 'interactive' ? 'tailInteractive' : 'tailBulk');
export const shiftOf = (lane: Lane) => (lane === 'interactive' ? 'shiftInteractive' : 'shiftBulk');
export const otherLane = (lane: Lane): Lane => (lane === 'interactive' ? 'bulk' : 'interactive');
export const shareOf = (limits: PollLimits, lane: Lane) =>
  lane === 'interactive' ? limits.interactiveShare : 1 - limits.interactiveShare;

/** The time between two slots, so that no window of a minute ever sees more polls than the limit; milliseconds. */
export function baseGapMs({ pollsPerMinute, share }: PollLimits): number {
  return Math.ceil((60_000 + spreadMs) / Math.max(1, Math.floor(pollsPerMinute * share)));
}

export const gapMs = (limits: PollLimits, item: Item) => Math.max(num(item, 'gap'), baseGapMs(limits));
export const gapTerm = (limits: PollLimits): Term => ({ attr: 'gap', or: baseGapMs(limits) });
const breakerClosed: Clause = { attr: 'broken', is: '=', than: 0 };

/** The names of the moves that grant a slot. */
const grants = new Set<string | undefined>(['idle', 'own', 'lent', 'probe']);

/**
 * Ask for a slot now. Granted to a reveal whose turn has come, or, in a lane without a line, to whoever asks.
 *
 * `idle` nobody else wants the moment; `own` the lane is within its share; `lent` the other lane has no line. A lane over its share
 * while the other one waits gets only idle moments, and neither those nor lent ones hold up anybody's line: that is what keeps either from
 * starving the other, the last few of a line included.
 */
export function slotMoves(limits: PollLimits, lane: Lane, now: number, place: number | undefined): Move[] {
  const base = baseGapMs(limits);
  const gap = gapTerm(limits);
  const other = otherLane(lane);
  const gapHonest: Clause = { attr: 'gap', or: base, is: '>=', than: base };
  const myTurn: Clause =
    place === undefined
      ? { attr: tailOf(lane), is: '<=', than: now + lineMs }
      : { attr: shiftOf(lane), is: '<=', than: now + wakeAheadMs + 500 - place };
  const unused: Clause = { attr: 'tat', is: '<', than: now };
  const near: Clause = { attr: 'tat', is: '<=', than: now + aheadMs };
  const otherHasNoLine: Clause = { attr: tailOf(other), is: '<=', than: now + lineMs };
  const withinShare: Clause =
    lane === 'interactive' ? { attr: 'lead', is: '<=', than: leadLimit } : { attr: 'lead', is: '>=', than: -leadLimit };
  const count = add(
    'lead',
    Math.round(lane === 'interactive' ? 100 * (1 - limits.interactiveShare) : -100 * limits.interactiveShare),
  );
  const otherLineWaits: Assignment[] = [add(tailOf(other), gap), add(shiftOf(other), gap)];
  const always = [breakerClosed, gapHonest];
  return [
    { name: 'idle', when: [...always, unused], set: [{ attr: 'tat', to: [now, gap] }] },
    { name: 'own', when: [...always, myTurn, near, withinShare], set: [add('tat', gap), count, ...otherLineWaits] },
    { name: 'lent', when: [...always, myTurn, near, otherHasNoLine], set: [add('tat', gap)] },
  ];
}

/** The slot that was granted, or undefined. A move applied twice wastes the first of two slots and answers the second. */
export function slotGranted(limits: PollLimits, item: Item, move: string | undefined): number | undefined {
  return grants.has(move) ? num(item, 'tat') - gapMs(limits, item) : undefined;
}

/** Join the lane's line: at its end, or at `earliest` if it ends before that. */
export function joinMoves(limits: PollLimits, lane: Lane, earliest: number): Move[] {
  const gap = gapTerm(limits);
  const tail = tailOf(lane);
  const behind: Move = {
    name: 'join',
    when: [breakerClosed, { attr: tail, is: '>=', than: earliest }],
    set: [add(tail, gap)],
  };
  const first: Move = {
    name: 'join',
    when: [breakerClosed, { attr: tail, is: '<', than: earliest }],
    set: [{ attr: tail, to: [earliest, gap] }],
  };
  // Whoever is overtaken between the two stands behind the one who was faster.
  return [behind, first, behind];
}

/** The place just taken by a `join`. */
export function placeTaken(limits: PollLimits, lane: Lane, item: Item): number {
  return num(item, tailOf(lane)) - gapMs(limits, item) - num(item, shiftOf(lane));
}

/**
 * When to come back for a slot: shortly before the turn. While the other lane has a line too, ours moves at its share of the pace
 * until the other one is through, whichever is sooner.
 */
export function wakeForTurn(limits: PollLimits, lane: Lane, item: Item, place: number, now: number): number {
  const ahead = Math.max(0, place + num(item, shiftOf(lane)) - now);
  const otherLine = Math.max(0, num(item, tailOf(otherLane(lane))) - now);
  const wait = otherLine <= lineMs ? ahead : Math.min(ahead / shareOf(limits, lane), ahead + otherLine);
  return Math.max(now, Math.round(now + wait - wakeAheadMs));
}

/**
 * After a 429, which means that somebody else polls with this key: nobody polls until `until`, and the gap grows by a tenth. Once per
 * episode: a rejection of a poll that left before the last cool-down ended is the same episode and can only make it longer.
 */
export function coolDownMoves(limits: PollLimits, now: number, sentAt: number, retryAfterMs = coolMs): Move[] {
  const base = baseGapMs(limits);
  // Never before the slots already granted, which end at aheadMs, and a little for clocks that differ.
  const until = now + Math.max(retryAfterMs, aheadMs + 2_000);
  const newEpisode: Clause = { attr: 'cool', is: '<=', than: sentAt };
  const forward: Clause = { attr: 'tat', is: '<=', than: until };
  const pause: Assignment[] = [
    { attr: 'tat', to: until },
    { attr: 'cool', to: until },
    { attr: 'easeAt', to: until + easeEveryMs },
  ];
  const linesWait = (['interactive', 'bulk'] as const).flatMap((lane) => [
    add(tailOf(lane), until - now),
    add(shiftOf(lane), until - now),
  ]);
  return [
    {
      name: 'cut',
      when: [newEpisode, forward, { attr: 'gap', or: base, is: '<', than: 2 * base }],
      set: [...pause, ...linesWait, { attr: 'gap', to: [gapTerm(limits), Math.ceil(base / 10)] }],
    },
    { name: 'cool', when: [newEpisode, forward], set: [...pause, ...linesWait] },
    { name: 'extend', when: [{ attr: 'cool', is: '<', than: until }, forward], set: pause },
  ];
}

/** Give back a hundredth of the stretched gap a minute; also lifts a stored gap that a lowered limit made too short. */
export function easeMoves(limits: PollLimits, now: number): Move[] {
  const base = baseGapMs(limits);
  const step = Math.ceil(base / 100);
  const stored = (is: Clause['is'], than: number): Clause => ({ attr: 'gap', or: base, is, than });
  const due: Clause = { attr: 'easeAt', is: '<=', than: now };
  const later: Assignment = { attr: 'easeAt', to: now + easeEveryMs };
  return [
    { name: 'lift', when: [stored('<', base)], set: [{ attr: 'gap', to: base }] },
    { name: 'ease', when: [due, stored('>', base + step)], set: [add('gap', -step), later] },
    { name: 'ease', when: [due, stored('>', base)], set: [{ attr: 'gap', to: base }, later] },
  ];
}

export function wantsEase(limits: PollLimits, item: Item, now: number): boolean {
  const stored = num(item, 'gap', baseGapMs(limits));
  return stored < baseGapMs(limits) || (stored > baseGapMs(limits) && num(item, 'easeAt') <= now);
}

/** Whether a slot is still good when its moment comes: not late, and no cool-down or pause came in between. */
export function slotStillGood(item: Item, slot: number, now: number, probe: boolean): boolean {
  return now <= slot + voidAfterMs && num(item, 'cool') <= slot && (probe || num(item, 'broken') === 0);
}
