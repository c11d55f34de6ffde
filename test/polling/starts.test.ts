import { describe, expect, it } from 'vitest';
import type { Priority } from '../../lambdas/contract.ts';
import { askForSlot } from '../../lambdas/polling/ask-for-slot.ts';
import { type Decision, decideNow } from '../../lambdas/polling/budget/decision.ts';
import { defaultPollLimits } from '../../lambdas/polling/budget/limits.ts';
import { applyMoves, type Item, type Move, num } from '../../lambdas/polling/budget/moves.ts';
import { belief } from '../../lambdas/polling/durations.ts';
import {
  type GiveUp,
  newPollingState,
  type RateContext,
  type Slot,
  type Wake,
} from '../../lambdas/polling/polling-state.ts';
import { priceCurve } from '../../lambdas/polling/price-curve.ts';
import { holdBack, noteStart, type StartVerdict, waitForPolls } from '../../lambdas/polling/starts.ts';
import { hour, noon, slotAt } from '../support/budget.ts';

const limits = { perMinute: 120, share: 1, interactiveShare: 0.25 };
const curve = priceCurve(belief({}));
const at = (now: number): RateContext => ({ limits, now, random: () => 0.5 });
const asking = (priority: Priority, place?: number) => ({
  ...newPollingState(priority, noon, noon, hour),
  ...(place !== undefined && { place }),
});

interface Starts {
  item: Item;
  take<Result>(decision: Decision<Result>): Result;
  note(verdict: StartVerdict, sentAt: number, slot?: Slot): void;
  ask(now: number): Slot | Wake | GiveUp;
}

/** The item of starts, in memory. */
function startsWith(item: Item = {}): Starts {
  const starts: Starts = {
    item,
    take: <Result>(decision: Decision<Result>) =>
      decideNow(decision, (moves: readonly Move[]) => {
        const applied = applyMoves(starts.item, moves);
        starts.item = applied.item;
        return applied;
      }),
    note: (verdict: StartVerdict, sentAt: number, slot: Slot = { ...slotAt(sentAt), item: starts.item }) =>
      starts.take(noteStart(at(sentAt + 100), { verdict, slot, sentAt })),
    ask: (now: number) => starts.take(askForSlot(at(now), asking('bulk'))),
  };
  return starts;
}

/** The poll budget with a line of tasks that has so many milliseconds to go. */
const pollsBehind = (ms: number): Item => ({ tat: noon + 1_000, tailBulk: noon + ms });

describe('a start', () => {
  const wait = (item: Item, priority: Priority = 'bulk', starts = startsWith()) =>
    starts.take(waitForPolls(at(noon), asking(priority), { limits: defaultPollLimits, curve, item }));

  it('waits for nothing where there are polls for one more task', () => {
    expect(wait({})).toBeUndefined();
    // As many in flight as there are at 120 starts a minute.
    expect(wait(pollsBehind(300 * 256))).toBeUndefined();
  });

  it('waits where each task in flight has hardly a poll until it is found', () => {
    expect(wait(pollsBehind(2_000 * 256))).toMatchObject({ kind: 'wake', nextPollAt: noon + 10_000 });
  });

  it('does not wait for polls of the other priority, which has its own share of them', () => {
    expect(wait(pollsBehind(2_000 * 256), 'interactive')).toBeUndefined();
  });

  it('waits until after the next probe while nobody polls with the key, and says why', () => {
    const wake = wait({ broken: noon - 1, probeAt: noon + 30_000, reason: '401 key refused' });

    expect(wake).toMatchObject({ kind: 'wake', nextPollAt: noon + 60_000, pausedBecause: '401 key refused' });
  });
});

describe('starts that are held back', () => {
  it('stand in line until then, those that come first at its head', () => {
    const starts = startsWith();
    const wakes = [1, 2].map(() => starts.take(holdBack(at(noon), asking('bulk'), 10_000)));

    expect(wakes.map(({ state }) => state.place)).toEqual([noon + 10_000, noon + 10_512]);
    expect(wakes.map(({ nextPollAt }) => nextPollAt)).toEqual([noon + 10_000, noon + 10_000]);
  });

  it('come later by as long as their first one is held, and the next to ask delays nobody again', () => {
    const starts = startsWith({ tailBulk: noon + 100_000 });
    const first = starts.take(holdBack(at(noon), asking('bulk', noon), 10_000));
    const second = starts.take(holdBack(at(noon + 100), asking('bulk', noon + 512), 10_000));

    expect(starts.item).toMatchObject({ tailBulk: noon + 110_000, shiftBulk: 10_000 });
    expect(first.nextPollAt).toBe(noon + 10_000);
    expect(second.nextPollAt).toBe(noon + 10_100);
  });

  it('are not delayed by one whose turn is long past', () => {
    const starts = startsWith({ tailBulk: noon + 100_000 });
    const late = starts.take(holdBack(at(noon), asking('bulk', noon - 60_000), 10_000));

    expect(starts.item).toEqual({ tailBulk: noon + 100_000 });
    expect(late.nextPollAt).toBe(noon + 11_000);
  });

  it('are the sooner for being interactive, beside any line in bulk', () => {
    const starts = startsWith({ tailBulk: noon + hour, tat: noon });

    expect(starts.take(holdBack(at(noon), asking('interactive'), 10_000)).nextPollAt).toBe(noon + 10_000);
  });

  it('ask a few times each while nothing may be started for half an hour, and then leave one by one', () => {
    const many = 2_000;
    const starts = startsWith();
    const goAt = noon + hour / 2;
    const left: number[] = [];
    let asked = 0;
    // Whoever wakes first is last.
    const asleep = Array.from({ length: many }, () => ({ wakeAt: noon, state: asking('bulk') }));
    for (let next = asleep.pop(); next !== undefined; next = asleep.pop()) {
      asked++;
      const { wakeAt: now, state } = next;
      const answer = starts.take(now < goAt ? holdBack(at(now), state, 60_000) : askForSlot(at(now), state));
      if (answer.kind === 'slot') left.push(answer.pollAt);
      if (answer.kind !== 'wake') continue;
      const wakeAt = Math.max(now + 1, answer.nextPollAt);
      asleep.splice(asleep.findLastIndex((other) => other.wakeAt > wakeAt) + 1, 0, { wakeAt, state: answer.state });
    }

    expect(asked / many).toBeLessThan(10);
    expect(left).toHaveLength(many);
    expect(Math.max(...left) - goAt).toBeLessThan(60_000 + 1.05 * many * 512);
  });
});

describe('the answer to a start', () => {
  const unknown = { kind: 'unknown' } as const;

  it('pauses nobody when nobody knows whether it was paid for, once', () => {
    const starts = startsWith();
    starts.note(unknown, noon);

    expect(num(starts.item, 'broken')).toBe(0);
    expect(starts.ask(noon + 1_000)).toMatchObject({ kind: 'slot' });
  });

  it('pauses all starts when that is so twice in a row', () => {
    const starts = startsWith();
    starts.note(unknown, noon);
    starts.note(unknown, noon + 1_000);

    expect(starts.ask(noon + 2_000)).toMatchObject({ kind: 'wake', pausedBecause: 'starts-unknown' });
  });

  it('pauses nobody where one in between was known', () => {
    const starts = startsWith();
    starts.note(unknown, noon);
    starts.note({ kind: 'accepted' }, noon + 1_000);
    starts.note(unknown, noon + 2_000);

    expect(num(starts.item, 'broken')).toBe(0);
  });

  it('ends such a pause when it is known: starts go on one at a time, and then as before', () => {
    const starts = startsWith();
    starts.note(unknown, noon);
    starts.note(unknown, noon + 1_000);
    const probe = starts.ask(noon + 32_000);
    const second = starts.ask(noon + 32_100);
    if (probe.kind !== 'slot') throw new Error(probe.kind);
    starts.note({ kind: 'accepted' }, noon + 32_200, probe);

    expect(probe.probe).toBe(true);
    expect(second).toMatchObject({ kind: 'wake', pausedBecause: 'starts-unknown' });
    expect(starts.ask(noon + 33_000)).toMatchObject({ kind: 'slot', probe: false });
    starts.note(unknown, noon + 34_000);
    expect(num(starts.item, 'broken')).toBe(0);
  });

  it('keeps such a pause when the probe is one more of which nobody knows', () => {
    const starts = startsWith();
    starts.note(unknown, noon);
    starts.note(unknown, noon + 1_000);
    const probe = starts.ask(noon + 32_000);
    if (probe.kind !== 'slot') throw new Error(probe.kind);
    starts.note(unknown, noon + 32_200, probe);

    expect(starts.ask(noon + 33_000)).toMatchObject({ kind: 'wake', pausedBecause: 'starts-unknown' });
  });

  it('cools starts down when they were too fast', () => {
    const starts = startsWith();
    starts.note({ kind: 'rejected', retryAfterMs: 40_000 }, noon);

    expect(starts.item).toMatchObject({ tat: noon + 40_100, gap: 564 });
  });

  it('pauses all starts when the key is refused, with the reason', () => {
    const starts = startsWith();
    starts.note({ kind: 'refused', reason: '402 out of credits' }, noon);

    expect(starts.ask(noon + 1_000)).toMatchObject({ kind: 'wake', pausedBecause: '402 out of credits' });
  });

  it('changes nothing when nothing came of it, nor when it was accepted as usual', () => {
    const starts = startsWith({ tat: noon });
    starts.note({ kind: 'nothing' }, noon);
    starts.note({ kind: 'accepted' }, noon);

    expect(starts.item).toEqual({ tat: noon });
  });
});
