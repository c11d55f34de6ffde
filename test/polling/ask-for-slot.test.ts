import { describe, expect, it } from 'vitest';
import { askForSpareSlot } from '../../lambdas/polling/ask-for-slot.ts';
import { decideNow } from '../../lambdas/polling/budget/decision.ts';
import { newPollingState } from '../../lambdas/polling/polling-state.ts';
import { at, budgetWith, hour, noon } from '../support/budget.ts';

const state = newPollingState('bulk', noon, noon, hour);

describe('a reveal that is awake', () => {
  it('polls at once where nobody else does, and a little later where somebody has just been', () => {
    const budget = budgetWith();

    expect(budget.ask(noon, state)).toMatchObject({ kind: 'slot', pollAt: noon, grantedAt: noon });
    expect(budget.ask(noon, state)).toMatchObject({ kind: 'slot', pollAt: noon + 256, grantedAt: noon });
  });

  it('stands in line where there is one, and is woken a second before its turn', () => {
    const budget = budgetWith({ tailBulk: noon + 60_000, tat: noon + 1_000 });

    expect(budget.ask(noon, state)).toMatchObject({
      kind: 'wake',
      nextPollAt: noon + 59_000,
      state: { place: noon + 60_000 },
    });
  });

  it('goes back to the workflow until its turn has come, and keeps its place', () => {
    const waiting = { ...state, place: noon + 30_000 };
    const budget = budgetWith({ tailBulk: noon + 60_000, tat: noon + 1_000 });

    expect(budget.ask(noon, waiting)).toEqual({ kind: 'wake', nextPollAt: noon + 29_000, state: waiting });
    expect(budget.ask(noon + 29_000, waiting)).toMatchObject({ kind: 'slot' });
  });

  it('comes back when slots are near where its turn has come and they are taken for longer than a handler sleeps', () => {
    const waiting = { ...state, place: noon - 1_000 };
    const budget = budgetWith({ tailBulk: noon + 60_000, tat: noon + 40_000 });

    expect(budget.ask(noon, waiting)).toEqual({ kind: 'wake', nextPollAt: noon + 40_000, state: waiting });
  });

  it('gives a part of a stretched interval back on the way', () => {
    const budget = budgetWith({ gap: 282, easeAt: noon });

    expect(budget.ask(noon, state)).toMatchObject({ kind: 'slot', pollAt: noon });
    expect(budget.item).toMatchObject({ gap: 279, easeAt: noon + 60_000 });
  });

  it('gets its slot by a lowered limit as soon as that is noted', () => {
    const budget = budgetWith({ gap: 200 });

    expect(budget.ask(noon, state)).toMatchObject({ kind: 'slot', pollAt: noon });
    expect(budget.item.gap).toBe(256);
  });
});

describe('a poll that can be put off', () => {
  const spare = (item: Parameters<typeof budgetWith>[0]) =>
    decideNow(askForSpareSlot(at(noon)), budgetWith(item).apply);

  it('has a slot where nobody stands in line', () => {
    expect(spare({})).toMatchObject({ pollAt: noon, probe: false });
  });

  it('has none while bulk reveals do, and joins no line', () => {
    expect(spare({ tailBulk: noon + 60_000, tat: noon + 1_000 })).toBeUndefined();
  });

  it('may be the probe of a refused key once that is due', () => {
    const broken = { broken: noon - 60_000, reason: 'key-refused' };

    expect(spare({ ...broken, probeAt: noon - 1 })).toMatchObject({ probe: true });
    expect(spare({ ...broken, probeAt: noon + 1 })).toBeUndefined();
  });
});
