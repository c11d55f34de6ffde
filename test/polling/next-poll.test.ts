import { describe, expect, it } from 'vitest';
import { roomNear, squeezeMoves } from '../../lambdas/polling/bookings.ts';
import { decideNow } from '../../lambdas/polling/budget/decision.ts';
import { defaultPollLimits } from '../../lambdas/polling/budget/limits.ts';
import { start } from '../../lambdas/polling/next-poll.ts';
import { newPollingState, type PollingState } from '../../lambdas/polling/polling-state.ts';
import { at, budgetWith, hour, noon, slotAt } from '../support/budget.ts';

describe('a reveal alone', () => {
  it('is admitted with its first wake, polls then, and comes back after a negative answer', () => {
    const budget = budgetWith();
    const admitted = decideNow(start(at(noon), newPollingState('bulk', noon, noon, hour)), budget.apply);
    const slot = budget.ask(admitted.nextPollAt, admitted.state);
    const next =
      slot.kind === 'slot' && budget.answer(admitted.nextPollAt + 200, admitted.state, { kind: 'pending' }, slot);

    expect(admitted.nextPollAt).toBeGreaterThan(noon + 4_000);
    expect(admitted.nextPollAt).toBeLessThan(noon + 60_000);
    expect(slot).toMatchObject({ kind: 'slot', pollAt: admitted.nextPollAt, probe: false });
    expect(next).toMatchObject({ kind: 'wake', state: { lastNegativeAt: admitted.nextPollAt + 100 } });
  });
});

describe('giving up', () => {
  const late = newPollingState('bulk', noon - 2 * hour, noon - 2 * hour, hour);

  it('takes a fresh negative poll past the deadline', () => {
    expect(budgetWith().answer(noon, late, { kind: 'pending' }, slotAt(noon))).toEqual({
      kind: 'giveUp',
      why: 'timed-out',
    });
  });

  it('never comes from waiting: past its deadline a reveal still gets its poll', () => {
    expect(budgetWith().ask(noon, late)).toMatchObject({ kind: 'slot' });
    expect(budgetWith({ tailBulk: noon + 900_000, tat: noon + 100 }).ask(noon, late)).toMatchObject({ kind: 'wake' });
  });

  it.each(['rejected', 'unknown'] as const)(
    'comes from %s answers only after several in a row past the deadline',
    (kind) => {
      const budget = budgetWith();
      const late = newPollingState('bulk', noon - 2 * hour, noon - 2 * hour, hour);
      const early = newPollingState('bulk', noon, noon, hour);
      const answer = (state: PollingState) => budget.answer(noon, state, { kind }, slotAt(noon));

      expect(answer({ ...late, failures: 3 })).toMatchObject({ kind: 'wake', state: { failures: 4 } });
      expect(answer({ ...late, failures: 4 })).toEqual({ kind: 'giveUp', why: 'unreachable' });
      expect(answer({ ...early, failures: 40 })).toMatchObject({ kind: 'wake' });
    },
  );

  it('comes with the reason when the key is still refused past the deadline', () => {
    expect(
      budgetWith({ broken: noon - 5_000, reason: '402', probeAt: noon + 9_000, tat: noon - 1_000 }).ask(noon, late),
    ).toEqual({
      kind: 'giveUp',
      why: 'paused',
      pausedBecause: '402',
    });
  });
});

describe('an unknown answer', () => {
  it('is not a negative: it is retried soon, then less and less soon, up to a minute', () => {
    const waits = [0, 1, 2, 3, 9].map((failures) => {
      const state = { ...newPollingState('bulk', noon, noon, hour), failures };
      const next = budgetWith().answer(noon, state, { kind: 'unknown' }, slotAt(noon));
      return next.kind === 'wake' ? [next.nextPollAt - noon, next.state.lastNegativeAt] : next.kind;
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
      const budget = budgetWith();
      // However full the moment is.
      for (let i = 0; i < 60; i++)
        budget.apply(squeezeMoves('bulk', roomNear(defaultPollLimits, 'bulk', {}, noon, noon + retryAfterMs)));
      const state = newPollingState('bulk', noon, noon, 2 * hour);
      const next = budget.answer(
        noon,
        state,
        { kind: 'unknown', retryAfterMs },
        { ...slotAt(noon), item: budget.item },
      );

      if (next.kind !== 'wake') throw new Error(next.kind);
      expect(next.nextPollAt).toBeGreaterThanOrEqual(noon + retryAfterMs);
    },
  );
});
