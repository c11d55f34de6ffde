import { describe, expect, it } from 'vitest';
import { defaultPollLimits as limits } from '../../../lambdas/polling/budget/limits.ts';
import { joinMoves, placeTaken, wakeForTurn } from '../../../lambdas/polling/budget/lines.ts';
import { applyMoves, type Item } from '../../../lambdas/polling/budget/moves.ts';
import { slotMoves } from '../../../lambdas/polling/budget/slots.ts';

const noon = 1_800_000_000_000;

describe('a line', () => {
  it('is first come first served, one interval apart', () => {
    let item: Item = {};
    const places = [1, 2, 3].map(() => {
      item = applyMoves(item, joinMoves(limits, 'bulk', noon + 8_000)).item;
      return placeTaken(limits, 'bulk', item);
    });

    expect(places).toEqual([noon + 8_000, noon + 8_256, noon + 8_512]);
  });

  it('moves back by one interval for a poll of the other priority, and everybody in it keeps the order', () => {
    const before: Item = { tat: noon + 1, tailBulk: noon + 90_000 };
    const place = noon + 60_000;

    const { item } = applyMoves(before, slotMoves(limits, 'interactive', noon, undefined));

    expect(wakeForTurn(limits, 'bulk', before, place, noon)).toBe(noon + 59_000);
    expect(wakeForTurn(limits, 'bulk', item, place, noon)).toBe(noon + 59_256);
    expect(item.tailBulk).toBe(noon + 90_256);
  });

  it('is expected to move at its share while the other priority has one too, or when that one is through', () => {
    const both: Item = { tailInteractive: noon + 900_000, tailBulk: noon + 900_000 };
    const short: Item = { tailInteractive: noon + 900_000, tailBulk: noon + 20_000 };

    expect(wakeForTurn(limits, 'interactive', both, noon + 20_000, noon)).toBe(noon + 79_000);
    expect(wakeForTurn(limits, 'interactive', short, noon + 20_000, noon)).toBe(noon + 39_000);
  });
});
