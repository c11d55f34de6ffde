import { describe, expect, it } from 'vitest';
import { storedBytes } from '../../lambdas/reveal/stored-bytes.ts';

const nested = (levels: number): unknown => JSON.parse('['.repeat(levels) + ']'.repeat(levels));

describe('storedBytes', () => {
  it('counts as DynamoDB does: names, values, and bookkeeping', () => {
    expect(storedBytes('é')).toBe(2);
    expect(storedBytes({ ab: 'c' })).toBe(3 + 2 + 1 + 1);
    expect(storedBytes(['c', null])).toBe(3 + 2 + 2);
  });

  it.each<[string, unknown]>([
    ['a whole number that is not exact', 2 ** 60],
    ['a number beyond the range of DynamoDB', 1e-200],
    ['half a character', '\ud800'],
    ['an empty name', { '': 1 }],
    ['a name that an object of the SDK would lose', JSON.parse('{"__proto__":1}')],
    ['more levels than it takes', nested(40)],
  ])('has no figure for %s, wherever it is', (_what, value) => {
    expect(storedBytes(value)).toBeUndefined();
    expect(storedBytes({ deeper: [value] })).toBeUndefined();
  });
});
