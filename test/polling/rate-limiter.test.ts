import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyMoves, type Item, type Move, num } from '../../lambdas/polling/moves.ts';
import {
  baseGapMs,
  coolDownMoves,
  defaultPollLimits,
  easeMoves,
  joinMoves,
  type Lane,
  placeTaken,
  slotGranted,
  slotMoves,
  slotStillGood,
  wakeForTurn,
  wantsEase,
} from '../../lambdas/polling/rate-limiter.ts';

const limits = defaultPollLimits;
const noon = 1_800_000_000_000;

describe('a slot', () => {
  it('is now when nobody polls', () => {
    const { item, move } = applyMoves({}, slotMoves(limits, 'bulk', noon, undefined));

    expect([move, slotGranted(limits, item, move)]).toEqual(['idle', noon]);
    expect(item.tat).toBe(noon + 256);
  });

  it('comes one gap after the one before', () => {
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

describe('the gap', () => {
  it('follows the limit and our share of it', () => {
    expect(baseGapMs({ ...limits, pollsPerMinute: 240 })).toBe(256);
    expect(baseGapMs({ ...limits, pollsPerMinute: 240, share: 0.5 })).toBe(512);
    expect(baseGapMs({ ...limits, pollsPerMinute: 1 })).toBe(61_400);
  });

  it('never lets two slots share a moment nor a minute see more than the limit, whoever asks, in any order', () => {
    const ask = fc.record({
      afterMs: fc.integer({ min: 0, max: 900 }),
      skewMs: fc.integer({ min: -400, max: 400 }),
      lane: fc.constantFrom<Lane>('interactive', 'bulk'),
      joins: fc.boolean(),
      twice: fc.boolean(),
      rejected: fc.integer({ min: 0, max: 200 }).map((n) => n === 0),
    });
    fc.assert(
      fc.property(
        fc.array(ask, { minLength: 50, maxLength: 400 }),
        fc.integer({ min: 1, max: 300 }),
        (asks, pollsPerMinute) => {
          const some = { ...limits, pollsPerMinute };
          const slots: number[] = [];
          let item: Item = {};
          let now = noon;
          for (const { afterMs, skewMs, lane, joins, twice, rejected } of asks) {
            now += afterMs;
            const clock = now + skewMs;
            const apply = (moves: readonly Move[]) => {
              const applied = applyMoves(item, moves);
              item = applied.item;
              return applied;
            };
            if (rejected) apply(coolDownMoves(some, clock, clock));
            let place: number | undefined;
            if (joins && apply(joinMoves(some, lane, clock)).move) place = placeTaken(some, lane, item);
            const moves = slotMoves(some, lane, clock, place);
            if (twice) apply(moves);
            const { move } = apply(moves);
            const slot = slotGranted(some, item, move);
            if (slot !== undefined) slots.push(slot);
          }
          const gap = baseGapMs(some);
          for (let i = 1; i < slots.length; i++) expect(slots[i]! - slots[i - 1]!).toBeGreaterThanOrEqual(gap);
          for (let i = pollsPerMinute; i < slots.length; i++) {
            expect(slots[i]! - slots[i - pollsPerMinute]!).toBeGreaterThan(60_000);
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('a line', () => {
  it('is first come first served, one gap apart', () => {
    let item: Item = {};
    const places = [1, 2, 3].map(() => {
      item = applyMoves(item, joinMoves(limits, 'bulk', noon + 8_000)).item;
      return placeTaken(limits, 'bulk', item);
    });

    expect(places).toEqual([noon + 8_000, noon + 8_256, noon + 8_512]);
  });

  it('moves back by one gap for a poll of the other lane, and everybody in it keeps the order', () => {
    const before: Item = { tat: noon + 1, tailBulk: noon + 90_000 };
    const place = noon + 60_000;

    const { item } = applyMoves(before, slotMoves(limits, 'interactive', noon, undefined));

    expect(wakeForTurn(limits, 'bulk', before, place, noon)).toBe(noon + 59_000);
    expect(wakeForTurn(limits, 'bulk', item, place, noon)).toBe(noon + 59_256);
    expect(item.tailBulk).toBe(noon + 90_256);
  });

  it('is expected to move at its share while the other lane has one too, or when that one is through', () => {
    const both: Item = { tailInteractive: noon + 900_000, tailBulk: noon + 900_000 };
    const short: Item = { tailInteractive: noon + 900_000, tailBulk: noon + 20_000 };

    expect(wakeForTurn(limits, 'interactive', both, noon + 20_000, noon)).toBe(noon + 79_000);
    expect(wakeForTurn(limits, 'interactive', short, noon + 20_000, noon)).toBe(noon + 39_000);
  });
});

describe('the last in a line', () => {
  it('are not put off by what the other lane is lent', () => {
    // Interactive has had its share, and only these last few seconds of bulk are left.
    const few: Item = { tat: noon + 100, tailBulk: noon + 5_000, tailInteractive: noon + 600_000, lead: 5_000 };
    const { item, move } = applyMoves(few, slotMoves(limits, 'interactive', noon, 0));

    expect([move, item.tailBulk, item.shiftBulk]).toEqual(['lent', noon + 5_000, undefined]);
  });
});

describe('two lanes that both have a line', () => {
  it('each get their share, whichever asks more often', () => {
    for (const bulkAsks of [1, 10]) {
      let item: Item = { tailInteractive: noon + 9_000_000, tailBulk: noon + 9_000_000 };
      const granted = { interactive: 0, bulk: 0 };
      for (let now = noon; now < noon + 600_000; now += 50) {
        const asks: Lane[] = ['interactive', ...Array.from({ length: bulkAsks }, (): Lane => 'bulk')];
        for (const lane of asks) {
          const { item: next, move } = applyMoves(item, slotMoves(limits, lane, now, 0));
          item = { ...next, shiftInteractive: 0, shiftBulk: 0 };
          if (slotGranted(limits, next, move) !== undefined) granted[lane]++;
        }
      }
      const all = granted.interactive + granted.bulk;
      expect(all).toBeGreaterThan(2_300);
      expect(granted.interactive / all).toBeCloseTo(0.25, 1);
    }
  });
});

describe('a rejection all the same', () => {
  it('pauses everybody as long as the vendor asks and stretches the gap by a tenth', () => {
    const { item, move } = applyMoves({ tat: noon }, coolDownMoves(limits, noon, noon - 100, 30_000));

    expect([move, item.tat, item.cool, item.gap]).toEqual(['cut', noon + 30_000, noon + 30_000, 282]);
  });

  it('counts once per episode, however many polls were rejected in it', () => {
    let item: Item = { tat: noon };
    for (let i = 0; i < 50; i++)
      item = applyMoves(item, coolDownMoves(limits, noon + i * 10, noon - 100 + i, 30_000)).item;

    expect(item.gap).toBe(282);
  });

  it('is old news when the poll left before the cool-down ended, however late its answer comes', () => {
    const first = applyMoves({ tat: noon }, coolDownMoves(limits, noon, noon - 100, 30_000)).item;
    const late = applyMoves(first, coolDownMoves(limits, noon + 31_000, noon + 29_000, 30_000)).item;

    expect(late.gap).toBe(282);
  });

  it('is a new episode when a poll is rejected that left after the cool-down', () => {
    const first = applyMoves({ tat: noon }, coolDownMoves(limits, noon, noon - 100, 30_000)).item;
    const second = applyMoves(first, coolDownMoves(limits, noon + 40_000, noon + 39_900, 30_000)).item;

    expect([second.gap, second.cool]).toEqual([308, noon + 70_000]);
  });

  it('is forgiven by a hundredth of the gap a minute', () => {
    let item: Item = { gap: 282, easeAt: noon };
    const gaps = [0, 1, 30, 61, 122].map((seconds) => {
      const now = noon + seconds * 1_000;
      if (wantsEase(limits, item, now)) item = applyMoves(item, easeMoves(limits, now)).item;
      return num(item, 'gap');
    });

    expect(gaps).toEqual([279, 279, 279, 276, 273]);
  });

  it('a lowered limit holds at once, whatever gap is stored', () => {
    const slow = { ...limits, pollsPerMinute: 60 };
    const stored: Item = { gap: 300, easeAt: noon + 60_000 };

    expect(applyMoves(stored, slotMoves(slow, 'bulk', noon, undefined)).move).toBeUndefined();
    expect(applyMoves(stored, easeMoves(slow, noon)).item.gap).toBe(1_024);
  });
});
