import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Priority } from '../../../lambdas/contract.ts';
import { coolDownMoves } from '../../../lambdas/polling/budget/cool-down.ts';
import { baseIntervalMs } from '../../../lambdas/polling/budget/gcra.ts';
import { defaultPollLimits as limits } from '../../../lambdas/polling/budget/limits.ts';
import { joinMoves, placeTaken } from '../../../lambdas/polling/budget/lines.ts';
import { applyMoves, type Item, type Move } from '../../../lambdas/polling/budget/moves.ts';
import { slotGranted, slotMoves, slotStillGood } from '../../../lambdas/polling/budget/slots.ts';

const noon = 1_800_000_000_000;

describe('a slot', () => {
  it('is now when nobody polls', () => {
    const { item, move } = applyMoves({}, slotMoves(limits, 'bulk', noon, undefined));

    expect([move, slotGranted(limits, item, move)]).toEqual(['idle', noon]);
    expect(item.tat).toBe(noon + 256);
  });

  it('comes one emission interval after the one before', () => {
    const { item, move } = applyMoves({ tat: noon + 256 }, slotMoves(limits, 'bulk', noon, undefined));

    expect(slotGranted(limits, item, move)).toBe(noon + 256);
    expect(item.tat).toBe(noon + 512);
  });

  it('is refused when it would be too far ahead to sleep for', () => {
    const { item, move } = applyMoves({ tat: noon + 60_000 }, slotMoves(limits, 'bulk', noon, undefined));

    expect([move, slotGranted(limits, item, move)]).toEqual([undefined, undefined]);
    expect(item.tat).toBe(noon + 60_000);
  });

  it('is refused to a newcomer while others stand in line, and granted to the one whose turn it is', () => {
    const line: Item = { tat: noon + 100, tailBulk: noon + 90_000, shiftBulk: 5_000 };

    const newcomer = applyMoves(line, slotMoves(limits, 'bulk', noon, undefined));
    const later = applyMoves(line, slotMoves(limits, 'bulk', noon, noon + 40_000 - 5_000));
    const first = applyMoves(line, slotMoves(limits, 'bulk', noon, noon + 500 - 5_000));

    expect([newcomer.move, later.move, first.move]).toEqual([undefined, undefined, 'own']);
  });

  it('is in reach of a newcomer when those in a line of the other priority have no nearer one', () => {
    const line: Item = { tat: noon + 5_001, tailBulk: noon + 90_000 };

    const inLine = applyMoves(line, slotMoves(limits, 'bulk', noon, noon));
    const newcomer = applyMoves(line, slotMoves(limits, 'interactive', noon, undefined));

    expect([inLine.move, newcomer.move]).toEqual([undefined, 'own']);
  });

  it('is void when late, in a cool-down or while the key is refused', () => {
    expect(slotStillGood({}, noon, noon + 700, false)).toBe(true);
    expect(slotStillGood({}, noon, noon + 701, false)).toBe(false);
    expect(slotStillGood({ cool: noon + 1 }, noon, noon, false)).toBe(false);
    expect(slotStillGood({ broken: noon - 1 }, noon, noon, false)).toBe(false);
    expect(slotStillGood({ broken: noon - 1 }, noon, noon, true)).toBe(true);
  });

  it('applied twice by a retry wastes one slot and answers the second', () => {
    const moves = slotMoves(limits, 'bulk', noon, undefined);
    const once = applyMoves({}, moves);
    const twice = applyMoves(once.item, moves);

    expect(slotGranted(limits, once.item, once.move)).toBe(noon);
    expect(slotGranted(limits, twice.item, twice.move)).toBe(noon + 256);
  });
});

describe('slots', () => {
  it('never lets two slots share a moment nor a minute see more than the limit, whoever asks, in any order', () => {
    const ask = fc.record({
      afterMs: fc.integer({ min: 0, max: 900 }),
      skewMs: fc.integer({ min: -400, max: 400 }),
      priority: fc.constantFrom<Priority>('interactive', 'bulk'),
      joins: fc.boolean(),
      twice: fc.boolean(),
      rejected: fc.integer({ min: 0, max: 200 }).map((n) => n === 0),
    });
    fc.assert(
      fc.property(
        fc.array(ask, { minLength: 50, maxLength: 400 }),
        fc.integer({ min: 1, max: 300 }),
        (asks, perMinute) => {
          const some = { ...limits, perMinute };
          const slots: number[] = [];
          let item: Item = {};
          let now = noon;
          for (const { afterMs, skewMs, priority, joins, twice, rejected } of asks) {
            now += afterMs;
            const clock = now + skewMs;
            const apply = (moves: readonly Move[]) => {
              const applied = applyMoves(item, moves);
              item = applied.item;
              return applied;
            };
            if (rejected) apply(coolDownMoves(some, clock, { sentAt: clock, tooFast: true }));
            let place: number | undefined;
            if (joins && apply(joinMoves(some, priority, clock)).move) place = placeTaken(some, priority, item);
            const moves = slotMoves(some, priority, clock, place);
            if (twice) apply(moves);
            const { move } = apply(moves);
            const slot = slotGranted(some, item, move);
            if (slot !== undefined) slots.push(slot);
          }
          const interval = baseIntervalMs(some);
          for (let i = 1; i < slots.length; i++) expect(slots[i]! - slots[i - 1]!).toBeGreaterThanOrEqual(interval);
          for (let i = perMinute; i < slots.length; i++) {
            expect(slots[i]! - slots[i - perMinute]!).toBeGreaterThan(60_000);
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('the last in a line', () => {
  it('are not put off by what the other priority is lent', () => {
    // Interactive has had its share, and only these last few seconds of bulk are left.
    const few: Item = { tat: noon + 100, tailBulk: noon + 5_000, tailInteractive: noon + 600_000, lead: 5_000 };
    const { item, move } = applyMoves(few, slotMoves(limits, 'interactive', noon, 0));

    expect([move, item.tailBulk, item.shiftBulk]).toEqual(['lent', noon + 5_000, undefined]);
  });
});

describe('two priorities that both have a line', () => {
  it('each get their share, whichever asks more often', () => {
    for (const bulkAsks of [1, 10]) {
      let item: Item = { tailInteractive: noon + 9_000_000, tailBulk: noon + 9_000_000 };
      const granted = { interactive: 0, bulk: 0 };
      for (let now = noon; now < noon + 600_000; now += 50) {
        const asks: Priority[] = ['interactive', ...Array.from({ length: bulkAsks }, (): Priority => 'bulk')];
        for (const priority of asks) {
          const { item: next, move } = applyMoves(item, slotMoves(limits, priority, now, 0));
          item = { ...next, shiftInteractive: 0, shiftBulk: 0 };
          if (slotGranted(limits, next, move) !== undefined) granted[priority]++;
        }
      }
      const all = granted.interactive + granted.bulk;
      expect(all).toBeGreaterThan(2_300);
      expect(granted.interactive / all).toBeCloseTo(0.25, 1);
    }
  });
});
