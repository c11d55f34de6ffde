import { describe, expect, it } from 'vitest';
import { pausedBecause, wakeAfterProbe } from '../../../lambdas/polling/budget/breaker.ts';
import { num } from '../../../lambdas/polling/budget/moves.ts';
import { newPollingState, type PollingState } from '../../../lambdas/polling/polling-state.ts';
import { budgetWith, hour, noon, slotAt } from '../../support/budget.ts';

describe('a refused key', () => {
  const state = newPollingState('bulk', noon, noon, hour);
  const open = (now: number) => {
    const budget = budgetWith();
    budget.answer(now, state, { kind: 'refused', reason: '402 out of credits' }, slotAt(now));
    return budget;
  };

  it('pauses everybody, with the reason', () => {
    const budget = open(noon);

    expect(budget.ask(noon + 1_000, state)).toMatchObject({ kind: 'wake', pausedBecause: '402 out of credits' });
  });

  it('is asked again by one probe at a time, less and less often', () => {
    const budget = open(noon);
    const probes: number[] = [];
    for (let now = noon; now < noon + hour; now += 500) {
      const slot = budget.ask(now, { ...state, deadlineAt: noon + 2 * hour });
      if (slot.kind !== 'slot') continue;
      probes.push((now - noon) / 1_000);
      budget.answer(now + 300, state, { kind: 'refused', reason: '402 out of credits' }, slot);
    }

    expect(probes.slice(0, 6)).toEqual([30, 90, 210, 450, 750, 1_050]);
    expect(probes.length).toBeLessThan(16);
  });

  it('opens again by itself with the first accepted probe, and lines go on where they stopped', () => {
    const budget = budgetWith({ tailBulk: noon + 50_000, shiftBulk: 7 });
    const interactive: PollingState = { ...state, priority: 'interactive' };
    budget.answer(noon, state, { kind: 'refused', reason: '401' }, slotAt(noon));
    const probe = budget.ask(noon + 30_000, state);
    if (probe.kind === 'slot') budget.answer(noon + 30_500, interactive, { kind: 'pending' }, probe);

    expect(probe).toMatchObject({ kind: 'slot', probe: true });
    expect(pausedBecause(budget.item)).toBeUndefined();
    // A pause of 30.5 s moves every turn by 30.5 s.
    expect(budget.item).toMatchObject({ broken: 0, tailBulk: noon + 80_500, shiftBulk: 30_507 });
  });

  it('stays open for an old poll that was accepted before, and closed for an old one that was refused', () => {
    const budget = open(noon);
    budget.answer(noon + 50, state, { kind: 'pending' }, { ...slotAt(noon - 300), probe: true });
    expect(num(budget.item, 'broken')).toBe(noon);

    const mended = budgetWith({ mended: noon });
    mended.answer(noon + 50, state, { kind: 'refused', reason: '402' }, slotAt(noon - 300));
    expect(num(mended.item, 'broken')).toBe(0);
  });

  it('lets those that wait come back one by one within the minute after the next probe', () => {
    const item = { broken: noon, probeAt: noon + 30_000 };
    const back = [0, 0.25, 0.5, 0.999].map((random) => wakeAfterProbe(item, noon, random));

    expect(back).toEqual([noon + 30_000, noon + 45_000, noon + 60_000, noon + 89_940]);
  });

  it('notes that the key was accepted when it closes, so that a task refused later is taken for the task', () => {
    const budget = open(noon);
    const probe = budget.ask(noon + 30_000, state);
    if (probe.kind !== 'slot') throw new Error(probe.kind);
    budget.answer(noon + 30_200, state, { kind: 'done' }, probe);

    expect(num(budget.item, 'accepted')).toBe(noon + 30_100);
  });
});
