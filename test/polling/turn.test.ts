import { describe, expect, it } from 'vitest';
import { inFlight, roomNear, squeezeMoves } from '../../lambdas/polling/bookings.ts';
import { pausedBecause } from '../../lambdas/polling/breaker.ts';
import { belief } from '../../lambdas/polling/durations.ts';
import { applyMoves, type Item, type Move, num } from '../../lambdas/polling/moves.ts';
import { defaultPollLimits } from '../../lambdas/polling/rate-limiter.ts';
import { priceCurve } from '../../lambdas/polling/schedule.ts';
import { run, runNow } from '../../lambdas/polling/step.ts';
import {
  afterPoll,
  askForSlot,
  type Context,
  newTurn,
  type Slot,
  start,
  type Turn,
  type Verdict,
} from '../../lambdas/polling/turn.ts';

const noon = 1_800_000_000_000;
const hour = 3_600_000;
const curve = priceCurve(belief({}));

const at = (now: number): Context => ({ limits: defaultPollLimits, curve, now, random: () => 0.5 });

/** A budget in memory, and how many polls it granted. */
function fleet(item: Item = {}) {
  const budget = {
    item,
    apply: (moves: readonly Move[]) => {
      const applied = applyMoves(budget.item, moves);
      budget.item = applied.item;
      return applied;
    },
    ask: (now: number, turn: Turn) => runNow(askForSlot(at(now), turn), budget.apply),
    answer: (now: number, turn: Turn, answer: Verdict, slot: Slot) =>
      runNow(afterPoll(at(now), turn, answer, now - 100, slot), budget.apply),
  };
  return budget;
}

const slotAt = (pollAt: number): Slot => ({ kind: 'slot', pollAt, probe: false, item: {}, grantedAt: pollAt });

describe('a reveal alone', () => {
  it('is admitted with its first wake, polls then, and comes back after a negative answer', async () => {
    const budget = fleet();
    const admitted = await run(start(at(noon), newTurn('bulk', noon, noon, hour)), async (moves) =>
      budget.apply(moves),
    );
    const slot = budget.ask(admitted.wakeAt, admitted.turn);
    const next = slot.kind === 'slot' && budget.answer(admitted.wakeAt + 200, admitted.turn, { kind: 'pending' }, slot);

    expect(admitted.wakeAt).toBeGreaterThan(noon + 4_000);
    expect(admitted.wakeAt).toBeLessThan(noon + 60_000);
    expect(slot).toMatchObject({ kind: 'slot', pollAt: admitted.wakeAt, probe: false });
    expect(next).toMatchObject({ kind: 'wake', turn: { pendingAt: admitted.wakeAt + 100 } });
  });

  it('tells what a detection taught: not yet at the last negative poll, finished at this one', () => {
    const turn = { ...newTurn('bulk', noon, noon, hour), pendingAt: noon + 40_000 };

    expect(fleet().answer(noon + 70_100, turn, { kind: 'done' }, slotAt(noon))).toEqual({
      kind: 'done',
      fromSeconds: 40,
      toSeconds: 70,
    });
  });
});

describe('giving up', () => {
  const late = newTurn('bulk', noon - 2 * hour, noon - 2 * hour, hour);

  it('takes a fresh negative poll past the deadline', () => {
    expect(fleet().answer(noon, late, { kind: 'pending' }, slotAt(noon))).toEqual({ kind: 'giveUp', why: 'timed-out' });
  });

  it('never comes from waiting: past its deadline a reveal still gets its poll', () => {
    expect(fleet().ask(noon, late)).toMatchObject({ kind: 'slot' });
    expect(fleet({ tailBulk: noon + 900_000, tat: noon + 100 }).ask(noon, late)).toMatchObject({ kind: 'wake' });
  });

  it.each(['rejected', 'unknown'] as const)(
    'comes from %s answers only after several in a row past the deadline',
    (kind) => {
      const budget = fleet();
      const late = newTurn('bulk', noon - 2 * hour, noon - 2 * hour, hour);
      const early = newTurn('bulk', noon, noon, hour);
      const answer = (turn: Turn) => budget.answer(noon, turn, { kind }, slotAt(noon));

      expect(answer({ ...late, unknowns: 3 })).toMatchObject({ kind: 'wake', turn: { unknowns: 4 } });
      expect(answer({ ...late, unknowns: 4 })).toEqual({ kind: 'giveUp', why: 'unreachable' });
      expect(answer({ ...early, unknowns: 40 })).toMatchObject({ kind: 'wake' });
    },
  );

  it('comes with the reason when the key is still refused past the deadline', () => {
    expect(
      fleet({ broken: noon - 5_000, reason: '402', probeAt: noon + 9_000, tat: noon - 1_000 }).ask(noon, late),
    ).toEqual({
      kind: 'giveUp',
      why: 'paused',
      pausedBecause: '402',
    });
  });
});

describe('an unknown answer', () => {
  it('is not a negative: it is retried soon, then less and less soon, up to a minute', () => {
    const waits = [0, 1, 2, 3, 9].map((unknowns) => {
      const turn = { ...newTurn('bulk', noon, noon, hour), unknowns };
      const next = fleet().answer(noon, turn, { kind: 'unknown' }, slotAt(noon));
      return next.kind === 'wake' ? [next.wakeAt - noon, next.turn.pendingAt] : next.kind;
    });

    expect(waits).toEqual([
      [3_750, noon],
      [7_500, noon],
      [15_000, noon],
      [30_000, noon],
      [45_000, noon],
    ]);
  });
});

describe('a vendor that says when to come back', () => {
  it.each([120_000, 290_000, 1_800_000, 3_600_000])(
    'is not asked by that reveal before: after %i ms',
    (retryAfterMs) => {
      const budget = fleet();
      // However full the moment is.
      for (let i = 0; i < 60; i++)
        budget.apply(squeezeMoves('bulk', roomNear(defaultPollLimits, 'bulk', {}, noon, noon + retryAfterMs)));
      const turn = newTurn('bulk', noon, noon, 2 * hour);
      const next = budget.answer(noon, turn, { kind: 'unknown', retryAfterMs }, { ...slotAt(noon), item: budget.item });

      if (next.kind !== 'wake') throw new Error(next.kind);
      expect(next.wakeAt).toBeGreaterThanOrEqual(noon + retryAfterMs);
    },
  );
});

describe('a refused key', () => {
  const turn = newTurn('bulk', noon, noon, hour);
  const open = (now: number) => {
    const budget = fleet();
    budget.answer(now, turn, { kind: 'refused', reason: '402 out of credits' }, slotAt(now));
    return budget;
  };

  it('pauses everybody, with the reason', () => {
    const budget = open(noon);

    expect(budget.ask(noon + 1_000, turn)).toMatchObject({ kind: 'wake', pausedBecause: '402 out of credits' });
  });

  it('is asked again by one probe at a time, less and less often', () => {
    const budget = open(noon);
    const probes: number[] = [];
    for (let now = noon; now < noon + hour; now += 500) {
      const slot = budget.ask(now, { ...turn, deadlineAt: noon + 2 * hour });
      if (slot.kind !== 'slot') continue;
      probes.push((now - noon) / 1_000);
      budget.answer(now + 300, turn, { kind: 'refused', reason: '402 out of credits' }, slot);
    }

    expect(probes.slice(0, 6)).toEqual([30, 90, 210, 450, 750, 1_050]);
    expect(probes.length).toBeLessThan(16);
  });

  it('opens again by itself with the first accepted probe, and lines go on where they stopped', () => {
    const budget = fleet({ tailBulk: noon + 50_000, shiftBulk: 7 });
    const interactive: Turn = { ...turn, lane: 'interactive' };
    budget.answer(noon, turn, { kind: 'refused', reason: '401' }, slotAt(noon));
    const probe = budget.ask(noon + 30_000, turn);
    if (probe.kind === 'slot') budget.answer(noon + 30_500, interactive, { kind: 'pending' }, probe);

    expect(probe).toMatchObject({ kind: 'slot', probe: true });
    expect(pausedBecause(budget.item)).toBeUndefined();
    // A pause of 30.5 s moves every turn by 30.5 s.
    expect(budget.item).toMatchObject({ broken: 0, tailBulk: noon + 80_500, shiftBulk: 30_507 });
  });

  it('stays open for an old poll that was accepted before, and closed for an old one that was refused', () => {
    const budget = open(noon);
    budget.answer(noon + 50, turn, { kind: 'pending' }, { ...slotAt(noon - 300), probe: true });
    expect(num(budget.item, 'broken')).toBe(noon);

    const mended = fleet({ mended: noon });
    mended.answer(noon + 50, turn, { kind: 'refused', reason: '402' }, slotAt(noon - 300));
    expect(num(mended.item, 'broken')).toBe(0);
  });
});

describe('a vendor that is down', () => {
  const turn = newTurn('bulk', noon, noon, hour);
  const down = { kind: 'unavailable', retryAfterMs: 300_000 } as const;

  it('is not asked by anybody before it says, and not less often afterwards', () => {
    const budget = fleet();
    const next = budget.answer(noon + 200, turn, down, slotAt(noon));

    expect(next).toMatchObject({ kind: 'wake', turn: { unknowns: 1 } });
    expect(next.kind === 'wake' && next.wakeAt).toBeGreaterThanOrEqual(noon + 300_200);
    const other = newTurn('interactive', noon, noon, hour);
    expect(budget.ask(noon + 280_000, other)).toMatchObject({ kind: 'wake' });
    const slot = budget.ask(noon + 299_000, other);
    expect(slot.kind === 'slot' && slot.pollAt).toBeGreaterThanOrEqual(noon + 300_200);
    expect(budget.item.gap).toBeUndefined();
  });

  it('says nothing of a key that is refused: the pause goes on, and the probe comes back when it may', () => {
    const budget = fleet();
    budget.answer(noon, turn, { kind: 'refused', reason: 'key-refused' }, slotAt(noon));
    const probe = budget.ask(noon + 60_000, turn);
    if (probe.kind !== 'slot') throw new Error(probe.kind);
    const next = budget.answer(noon + 60_200, turn, down, probe);

    expect(pausedBecause(budget.item)).toBe('key-refused');
    expect(next).toMatchObject({ kind: 'wake', wakeAt: noon + 360_200 });
  });

  it('makes only the one wait who saw a page of the network before it', () => {
    const budget = fleet();
    const next = budget.answer(noon, turn, { kind: 'unknown', retryAfterMs: 300_000 }, slotAt(noon));

    expect(next).toMatchObject({ kind: 'wake', wakeAt: noon + 300_000 });
    expect(budget.ask(noon + 1_000, newTurn('interactive', noon, noon, hour))).toMatchObject({ kind: 'slot' });
  });
});

describe('a task that is refused while others are accepted', () => {
  const forbidden = { kind: 'refused', reason: 'key-refused', perhapsTheTask: true } as const;
  const mine = newTurn('bulk', noon, noon, hour);
  const others = newTurn('bulk', noon, noon, hour);

  /** Polls at the moment, and is told the answer with what the budget says then. */
  const poll = (budget: ReturnType<typeof fleet>, now: number, turn: Turn, answer: Verdict) => {
    const slot = budget.ask(now, turn);
    if (slot.kind !== 'slot') throw new Error(`no slot but ${slot.kind}`);
    return budget.answer(now + 200, turn, answer, slot);
  };

  it('fails that reveal, and pauses nobody', () => {
    const budget = fleet();
    poll(budget, noon, others, { kind: 'pending' });
    const first = poll(budget, noon + 1_000, mine, forbidden);
    if (first.kind !== 'wake') throw new Error(first.kind);
    expect(pausedBecause(budget.item)).toBeUndefined();
    expect(first.wakeAt).toBeGreaterThan(noon + 15_000);
    poll(budget, noon + 10_000, others, { kind: 'pending' });

    expect(poll(budget, first.wakeAt, first.turn, forbidden)).toEqual({ kind: 'giveUp', why: 'refused' });
    expect(pausedBecause(budget.item)).toBeUndefined();
  });

  it('is taken for the key where nobody else has been accepted since', () => {
    const budget = fleet();
    poll(budget, noon, others, { kind: 'pending' });
    const first = poll(budget, noon + 1_000, mine, forbidden);
    if (first.kind !== 'wake') throw new Error(first.kind);

    poll(budget, noon + 2_000, others, forbidden);
    expect(pausedBecause(budget.item)).toBe('key-refused');
  });

  it('is taken for the key at once where nobody was ever accepted', () => {
    const budget = fleet();
    poll(budget, noon, mine, forbidden);

    expect(pausedBecause(budget.item)).toBe('key-refused');
  });

  it('fails that reveal too if the key was in doubt meanwhile, and a probe of another was accepted', () => {
    const budget = fleet();
    poll(budget, noon, others, { kind: 'pending' });
    const first = poll(budget, noon + 1_000, mine, forbidden);
    if (first.kind !== 'wake') throw new Error(first.kind);
    poll(budget, noon + 2_000, others, forbidden);
    poll(budget, noon + 40_000, others, { kind: 'pending' });

    expect(pausedBecause(budget.item)).toBeUndefined();
    expect(poll(budget, noon + 60_000, first.turn, forbidden)).toEqual({ kind: 'giveUp', why: 'refused' });
  });
});

describe('a probe that is too fast', () => {
  it('shows that the key is accepted: the pause ends and a cool-down begins', () => {
    const budget = fleet();
    const turn = newTurn('bulk', noon, noon, hour);
    budget.answer(noon, turn, { kind: 'refused', reason: 'key-refused' }, slotAt(noon));
    const probe = budget.ask(noon + 60_000, turn);
    if (probe.kind !== 'slot') throw new Error(probe.kind);
    const next = budget.answer(noon + 60_200, turn, { kind: 'rejected', retryAfterMs: 30_000 }, probe);

    expect(probe.probe).toBe(true);
    expect(pausedBecause(budget.item)).toBeUndefined();
    expect(next).toMatchObject({ kind: 'wake' });
    expect(num(budget.item, 'cool')).toBeGreaterThanOrEqual(noon + 90_000);
  });
});

describe('the reveals in flight', () => {
  it('are counted by their next return, and a crashed one drops out by itself', () => {
    const budget = fleet();
    for (let i = 0; i < 10; i++) runNow(start(at(noon), newTurn('bulk', noon, noon, hour)), budget.apply);

    expect(inFlight(defaultPollLimits, budget.item, 'bulk', noon)).toBeCloseTo(10, 0);
    expect(inFlight(defaultPollLimits, budget.item, 'interactive', noon)).toBe(0);
    expect(inFlight(defaultPollLimits, budget.item, 'bulk', noon + 300_000)).toBe(0);
  });

  /** What follows a negative answer to a task a minute old, among so many reveals in flight. */
  function wakeAmong(reveals: number, answeredAt: number, slot: Partial<Slot> = {}, turn: Partial<Turn> = {}) {
    const asked = { ...newTurn('bulk', answeredAt - 60_000, noon, hour), ...turn };
    const crowd = fleet();
    for (let i = 0; i < reveals; i++)
      crowd.apply(
        squeezeMoves('bulk', roomNear(defaultPollLimits, 'bulk', {}, noon, noon + 30_000 + (90_000 * i) / reveals)),
      );
    const item = { ...crowd.item, ...slot.item };
    const answer = afterPoll(at(answeredAt), asked, { kind: 'pending' }, answeredAt, {
      ...slotAt(noon),
      ...slot,
      item,
    });
    const next = runNow(answer, crowd.apply);
    if (next.kind !== 'wake') throw new Error(next.kind);
    return next;
  }

  const waitAmong = (...among: Parameters<typeof wakeAmong>) => wakeAmong(...among).wakeAt - among[1];

  it('are those at the moment the item was read, however long the slot was waited for', () => {
    const later = noon + 60_000;

    const [asKnown, asNow] = [noon, later].map((grantedAt) => waitAmong(300, later, { grantedAt }));

    // Both are places in buckets of five seconds.
    expect(Math.abs((asKnown ?? 0) - waitAmong(300, noon, { grantedAt: noon }))).toBeLessThanOrEqual(5_000);
    expect(asNow).toBeLessThan(waitAmong(300, noon, { grantedAt: noon }) - 10_000);
  });

  it('include those that wait with a slot in hand', () => {
    expect(waitAmong(300, noon, { item: { tat: noon + 10_000 } })).toBeGreaterThan(waitAmong(300, noon));
  });

  it('are not mistaken for more during a cool-down', () => {
    expect(waitAmong(300, noon, { item: { tat: noon + 60_000 } })).toBe(
      waitAmong(300, noon, { item: { tat: noon + 10_000 } }),
    );
  });

  it('let a reveal that polls were scarce for quicken only so far when they thin out', () => {
    const free = waitAmong(50, noon);
    const [much, little, notAtAll] = [0.001, 0.055, 0.2].map((slowest) => waitAmong(50, noon, {}, { slowest }));

    expect(much).toBe(19_500);
    expect(little).toBeGreaterThan(free);
    expect(little).toBeLessThan(19_500);
    expect(notAtAll).toBe(free);
  });

  it('make polls scarce once there are fewer than three for each', () => {
    expect(wakeAmong(100, noon).turn.slowest).toBeUndefined();
    expect(wakeAmong(300, noon).turn.slowest).toBeCloseTo(1 / (301 * 0.256), 4);
  });

  it('plan for a little more than there is, and are woken a second before their place', () => {
    const planned = (301 * 256) / 1.03;

    expect(Math.abs(waitAmong(300, noon) - (planned - 1_000))).toBeLessThanOrEqual(5_000);
    expect(waitAmong(30, noon)).toBe(waitAmong(1, noon));
  });
});
