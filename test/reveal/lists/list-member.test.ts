import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  isListName,
  memberAt,
  memberPosition,
  membershipExpiry,
  positionBehind,
} from '../../../lambdas/reveal/lists/list-member.ts';

describe('the name of a list', () => {
  it.each(['leads', 'leads-2026.11_27', '7', 'x'.repeat(64)])('may be %s', (name) => {
    expect(isListName(name)).toBe(true);
  });

  it.each(['', '-leads', '.', 'ada@example.com', 'a/b', 'a#b', 'a b', 'ä', 'x'.repeat(65)])('may not be %j', (name) => {
    expect(isListName(name)).toBe(false);
  });
});

describe('a position in a list', () => {
  const positions = fc.integer({ min: 0, max: 999_999_999 });

  it('sorts as text as it does as a number, and says whose it is', () => {
    fc.assert(
      fc.property(positions, positions, (a, b) => {
        const [one, other] = [memberPosition(a, 'task-a'), memberPosition(b, 'task-b')];
        if (a !== b) expect(one < other).toBe(a < b);
        expect([memberAt(one), memberAt(other)]).toEqual(['task-a', 'task-b']);
      }),
    );
  });

  it('that nobody has given is behind all that somebody has, and behind what came before', () => {
    const now = Date.parse('2026-11-27T12:00:00Z');
    expect(memberPosition(positionBehind(now), 'a') > memberPosition(999_999_999, 'b')).toBe(true);
    expect(memberPosition(positionBehind(now + 1), 'a') > memberPosition(positionBehind(now, 999), 'b')).toBe(true);
    expect(positionBehind(Date.parse('2200-01-01'))).toBeLessThan(Number.MAX_SAFE_INTEGER);
  });

  it.each(['', 'task', '12#task', '#task'])('is not %j', (text) => {
    expect(memberAt(text)).toBeUndefined();
  });
});

it('a membership outlives the record of a reveal that is asked for now, and asking again on the same day does not change it', () => {
  const day = 86_400_000;
  const now = Date.parse('2026-11-27T08:00:00Z');
  const seconds = membershipExpiry(now, 30);
  expect(seconds * 1_000).toBeGreaterThanOrEqual(now + 33 * day);
  expect(seconds * 1_000).toBeLessThan(now + 34 * day);
  expect(membershipExpiry(now + 3_600_000, 30)).toBe(seconds);
});
