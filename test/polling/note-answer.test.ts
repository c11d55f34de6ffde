import { describe, expect, it } from 'vitest';
import { pausedBecause } from '../../lambdas/polling/budget/breaker.ts';
import { num } from '../../lambdas/polling/budget/moves.ts';
import { newPollingState, type PollingState, type Verdict } from '../../lambdas/polling/polling-state.ts';
import { budgetWith, hour, noon, slotAt } from '../support/budget.ts';

describe('a vendor that is down', () => {
  const state = newPollingState('bulk', noon, noon, hour);
  const down = { kind: 'unavailable', retryAfterMs: 300_000 } as const;

  it('is not asked by anybody before it says, and not less often afterwards', () => {
    const budget = budgetWith();
    const next = budget.answer(noon + 200, state, down, slotAt(noon));

    expect(next).toMatchObject({ kind: 'wake', state: { failures: 1 } });
    expect(next.kind === 'wake' && next.nextPollAt).toBeGreaterThanOrEqual(noon + 300_200);
    const other = newPollingState('interactive', noon, noon, hour);
    expect(budget.ask(noon + 280_000, other)).toMatchObject({ kind: 'wake' });
    const slot = budget.ask(noon + 299_000, other);
    expect(slot.kind === 'slot' && slot.pollAt).toBeGreaterThanOrEqual(noon + 300_200);
    expect(budget.item.gap).toBeUndefined();
  });

  it('says nothing of a key that is refused: the pause goes on, and the probe comes back when it may', () => {
    const budget = budgetWith();
    budget.answer(noon, state, { kind: 'refused', reason: 'key-refused' }, slotAt(noon));
    const probe = budget.ask(noon + 60_000, state);
    if (probe.kind !== 'slot') throw new Error(probe.kind);
    const next = budget.answer(noon + 60_200, state, down, probe);

    expect(pausedBecause(budget.item)).toBe('key-refused');
    expect(next).toMatchObject({ kind: 'wake', nextPollAt: noon + 360_200 });
  });

  it('makes only the one wait who saw a page of the network before it', () => {
    const budget = budgetWith();
    const next = budget.answer(noon, state, { kind: 'unknown', retryAfterMs: 300_000 }, slotAt(noon));

    expect(next).toMatchObject({ kind: 'wake', nextPollAt: noon + 300_000 });
    expect(budget.ask(noon + 1_000, newPollingState('interactive', noon, noon, hour))).toMatchObject({ kind: 'slot' });
  });
});

describe('a task that is refused while others are accepted', () => {
  const forbidden = { kind: 'refused', reason: 'key-refused', perhapsTheTask: true } as const;
  const mine = newPollingState('bulk', noon, noon, hour);
  const others = newPollingState('bulk', noon, noon, hour);

  /** Polls at the moment, and is told the answer with what the budget says then. */
  const poll = (budget: ReturnType<typeof budgetWith>, now: number, state: PollingState, answer: Verdict) => {
    const slot = budget.ask(now, state);
    if (slot.kind !== 'slot') throw new Error(`no slot but ${slot.kind}`);
    return budget.answer(now + 200, state, answer, slot);
  };

  it('fails that reveal, and pauses nobody', () => {
    const budget = budgetWith();
    poll(budget, noon, others, { kind: 'pending' });
    const first = poll(budget, noon + 1_000, mine, forbidden);
    if (first.kind !== 'wake') throw new Error(first.kind);
    expect(pausedBecause(budget.item)).toBeUndefined();
    expect(first.nextPollAt).toBeGreaterThan(noon + 15_000);
    poll(budget, noon + 10_000, others, { kind: 'pending' });

    expect(poll(budget, first.nextPollAt, first.state, forbidden)).toEqual({ kind: 'giveUp', why: 'refused' });
    expect(pausedBecause(budget.item)).toBeUndefined();
  });

  it('is taken for the key where nobody else has been accepted since', () => {
    const budget = budgetWith();
    poll(budget, noon, others, { kind: 'pending' });
    const first = poll(budget, noon + 1_000, mine, forbidden);
    if (first.kind !== 'wake') throw new Error(first.kind);

    poll(budget, noon + 2_000, others, forbidden);
    expect(pausedBecause(budget.item)).toBe('key-refused');
  });

  it('is taken for the key at once where nobody was ever accepted', () => {
    const budget = budgetWith();
    poll(budget, noon, mine, forbidden);

    expect(pausedBecause(budget.item)).toBe('key-refused');
  });

  it('fails that reveal too if the key was in doubt meanwhile, and a probe of another was accepted', () => {
    const budget = budgetWith();
    poll(budget, noon, others, { kind: 'pending' });
    const first = poll(budget, noon + 1_000, mine, forbidden);
    if (first.kind !== 'wake') throw new Error(first.kind);
    poll(budget, noon + 2_000, others, forbidden);
    poll(budget, noon + 40_000, others, { kind: 'pending' });

    expect(pausedBecause(budget.item)).toBeUndefined();
    expect(poll(budget, noon + 60_000, first.state, forbidden)).toEqual({ kind: 'giveUp', why: 'refused' });
  });
});

describe('a probe that is too fast', () => {
  it('shows that the key is accepted: the pause ends and a cool-down begins', () => {
    const budget = budgetWith();
    const state = newPollingState('bulk', noon, noon, hour);
    budget.answer(noon, state, { kind: 'refused', reason: 'key-refused' }, slotAt(noon));
    const probe = budget.ask(noon + 60_000, state);
    if (probe.kind !== 'slot') throw new Error(probe.kind);
    const next = budget.answer(noon + 60_200, state, { kind: 'rejected', retryAfterMs: 30_000 }, probe);

    expect(probe.probe).toBe(true);
    expect(pausedBecause(budget.item)).toBeUndefined();
    expect(next).toMatchObject({ kind: 'wake' });
    expect(num(budget.item, 'cool')).toBeGreaterThanOrEqual(noon + 90_000);
  });
});
