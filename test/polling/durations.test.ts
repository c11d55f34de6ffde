import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyMoves, type Item, num } from '../../lambdas/polling/budget/moves.ts';
import { belief, binEnds, forgetMoves, observeMoves } from '../../lambdas/polling/durations.ts';

describe('what has been learned', () => {
  it('is the prior before anything was observed, and adds up to one', () => {
    const { mass } = belief({});

    expect(mass.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 9);
    expect(shareBy(mass, 100)).toBeCloseTo(0.55, 2);
  });

  it('finds two sharp modes from nothing but "between these two polls"', () => {
    let item: Item = {};
    for (let i = 0; i < 3_000; i++) {
      const duration = i % 2 === 0 ? 45 : 170;
      const every = 25 + ((i * 7) % 31);
      const to = Math.ceil(duration / every) * every;
      item = applyMoves(item, observeMoves(item, to - every, to)).item;
      item = applyMoves(item, forgetMoves(item)).item;
    }
    const { mass } = belief(item);

    expect(shareBy(mass, 56) - shareBy(mass, 32)).toBeGreaterThan(0.33);
    expect(shareBy(mass, 184) - shareBy(mass, 156)).toBeGreaterThan(0.33);
  });

  it('keeps a bounded memory', () => {
    let item: Item = {};
    for (let i = 0; i < 5_000; i++) {
      item = applyMoves(item, observeMoves(item, 60, 90)).item;
      item = applyMoves(item, forgetMoves(item)).item;
    }

    expect(num(item, 'total')).toBeLessThanOrEqual(2_000);
    expect(Object.keys(item).length).toBeLessThan(110);
  });

  it('leaves halving to somebody else when another observation came in between', () => {
    const item: Item = { total: 2_000, d10: 2_000 };
    const forget = forgetMoves(item);

    expect(applyMoves(item, forget).item).toMatchObject({ total: 1_000, d10: 1_000 });
    expect(applyMoves({ ...item, total: 2_001 }, forget).move).toBeUndefined();
  });

  it('takes any interval in its stride', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 20_000, noNaN: true }),
        fc.double({ min: 0, max: 20_000, noNaN: true }),
        (a, b) => {
          const { item } = applyMoves({}, observeMoves({}, Math.min(a, b), Math.max(a, b)));
          const counted = Object.entries(item).reduce(
            (sum, [name, value]) => (name === 'total' ? sum : sum + Number(value)),
            0,
          );
          expect(counted).toBeGreaterThan(0.9);
          expect(counted).toBeLessThan(1.1);
        },
      ),
    );
  });
});

function shareBy(mass: readonly number[], seconds: number): number {
  return mass.reduce((sum, value, bin) => (binEnds[bin]! <= seconds ? sum + value : sum), 0);
}
