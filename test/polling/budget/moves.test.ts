import { describe, expect, it } from 'vitest';
import { bookMoves, roomNear, squeezeMoves } from '../../../lambdas/polling/bookings.ts';
import { closeMoves, openMoves, probeMoves } from '../../../lambdas/polling/budget/breaker.ts';
import { coolDownMoves, easeMoves } from '../../../lambdas/polling/budget/cool-down.ts';
import { defaultPollLimits as limits } from '../../../lambdas/polling/budget/limits.ts';
import { joinMoves } from '../../../lambdas/polling/budget/lines.ts';
import { add, applyMoves, type Move, num } from '../../../lambdas/polling/budget/moves.ts';
import { slotMoves } from '../../../lambdas/polling/budget/slots.ts';
import { forgetMoves, observeMoves } from '../../../lambdas/polling/durations.ts';

describe('moves', () => {
  const below: Move = { name: 'below', when: [{ attr: 'a', is: '<', than: 5 }], set: [add('a', 3)] };
  const above: Move = { name: 'above', when: [{ attr: 'a', is: '>=', than: 5 }], set: [{ attr: 'a', to: 0 }] };

  it('the first whose clauses hold is applied, and only that', () => {
    expect(applyMoves({ a: 4 }, [below, above])).toEqual({ item: { a: 7 }, move: 'below' });
    expect(applyMoves({ a: 7 }, [below, above])).toEqual({ item: { a: 0 }, move: 'above' });
  });

  it('leave the item as it is when none holds', () => {
    expect(applyMoves({ a: 7 }, [below])).toEqual({ item: { a: 7 }, move: undefined });
  });

  it('read a missing attribute as its default', () => {
    const move: Move = {
      name: 'm',
      when: [{ attr: 'gap', or: 9, is: '=', than: 9 }],
      set: [{ attr: 'x', to: [{ attr: 'gap', or: 9 }, 1] }],
    };

    expect(applyMoves({}, [move]).item).toEqual({ x: 10 });
  });

  it('read every term before anything is written', () => {
    const swap: Move = {
      name: 'swap',
      when: [],
      set: [
        { attr: 'a', to: { attr: 'b' } },
        { attr: 'b', to: { attr: 'a' } },
      ],
    };

    expect(applyMoves({ a: 1, b: 2 }, [swap]).item).toEqual({ a: 2, b: 1 });
  });

  it('of the budget set something, and no attribute twice, which DynamoDB would refuse', () => {
    const all = [
      ...slotMoves(limits, 'bulk', 1, undefined),
      ...slotMoves(limits, 'interactive', 1, 1),
      ...joinMoves(limits, 'bulk', 1),
      ...coolDownMoves(limits, 1, { sentAt: 1, tooFast: true }),
      ...easeMoves(limits, 1),
      ...openMoves(1, 1, '402'),
      ...probeMoves(limits, 1),
      ...closeMoves(1, 1),
      ...bookMoves(limits, 'bulk', {}, roomNear(limits, 'bulk', {}, 1, 1)),
      ...squeezeMoves('bulk', roomNear(limits, 'bulk', {}, 1, 1)),
      ...observeMoves({}, 0, 9_000),
      ...forgetMoves({ total: 5_000, d1: 5_000 }),
    ];
    for (const { name, set } of all) {
      const attributes = set.map(({ attr }) => attr);
      expect(attributes.length, name).toBeGreaterThan(0);
      expect(new Set(attributes).size, name).toBe(attributes.length);
    }
    expect(num({ text: 'x' }, 'text', 7)).toBe(7);
  });
});
