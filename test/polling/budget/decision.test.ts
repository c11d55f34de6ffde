import { describe, expect, it } from 'vitest';
import { type Decision, decide, decideNow, noting } from '../../../lambdas/polling/budget/decision.ts';
import { add, applyMoves, type Item, type Move, num } from '../../../lambdas/polling/budget/moves.ts';

const increment: Move = { name: 'add', when: [{ attr: 'a', is: '<', than: 2 }], set: [add('a', 1)] };

/** Adds one until the item refuses. */
function* fill(): Decision<number> {
  for (;;) {
    const { item, move } = yield [increment];
    if (move === undefined) return num(item, 'a');
  }
}

/** An item in memory, and how often something was applied to it. */
function inMemory(item: Item = {}) {
  const memory = {
    item,
    writes: 0,
    apply: (moves: readonly Move[]) => {
      const applied = applyMoves(memory.item, moves);
      memory.item = applied.item;
      memory.writes += 1;
      return applied;
    },
  };
  return memory;
}

describe('a decision', () => {
  it('gets back what came of the moves that it yields, until it answers', () => {
    const memory = inMemory();

    expect([decideNow(fill(), memory.apply), memory.writes]).toEqual([2, 3]);
  });

  it('comes to the same where each write takes its time', async () => {
    const memory = inMemory();

    expect(await decide(fill(), async (moves) => memory.apply(moves))).toBe(2);
    expect(memory.item).toEqual({ a: 2 });
  });

  it('can carry a note with each of its writes, which the moves that are refused do not leave', () => {
    const memory = inMemory({ a: 2 });
    decideNow(noting(fill(), { attr: 'seen', to: 7 }), memory.apply);
    expect(memory.item).toEqual({ a: 2 });

    const empty = inMemory();
    expect(decideNow(noting(fill(), { attr: 'seen', to: 7 }), empty.apply)).toBe(2);
    expect(empty.item).toEqual({ a: 2, seen: 7 });
  });
});
