import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cursorAt, listPosition, positionAt } from '../../../lambdas/reveal/lists/list-cursor.ts';

describe('a cursor', () => {
  const reveal = { createdAt: '2026-11-23T12:00:00.000Z', revealId: 'task_1' };

  it('leads back to the position it was made from', () => {
    const position = listPosition(reveal);
    expect(positionAt(cursorAt(position))).toEqual({ position, revealId: 'task_1' });
  });

  it('is refused unless it is one of ours', () => {
    const made = ['', 'x', '2026-11-23T12:00:00.000Z#', '#task_1', 'yesterday#task_1', `${listPosition(reveal)}#more`];
    for (const position of made) expect(positionAt(cursorAt(position))).toBeUndefined();
    expect(positionAt(`${cursorAt(listPosition(reveal))}=`)).toBeUndefined();
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => positionAt(text) === undefined));
  });
});
