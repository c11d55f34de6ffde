import { describe, expect, it } from 'vitest';
import type { FindKind } from '../../lambdas/contract.ts';
import { creditsToReserve, listPrice, mostCredits } from '../../lambdas/fiber/prices.ts';

describe('the price of a start', () => {
  it.each<[FindKind[], number]>([
    [['work-emails', 'personal-emails', 'phone-numbers'], 12],
    [['work-emails', 'personal-emails'], 9],
    [['work-emails'], 5],
    [['personal-emails'], 5],
    [['phone-numbers'], 4],
  ])('for %j is the listed %i credits', (find, credits) => {
    expect(listPrice(find)).toBe(credits);
    expect(creditsToReserve(find)).toBe(credits);
  });

  it('does not depend on order, nor on a kind that is named twice', () => {
    expect(listPrice(['phone-numbers', 'personal-emails', 'work-emails'])).toBe(12);
    expect(listPrice(['personal-emails', 'work-emails', 'work-emails'])).toBe(9);
    expect(listPrice(['phone-numbers', 'phone-numbers'])).toBe(4);
  });

  it.each<[FindKind[]]>([[['work-emails', 'phone-numbers']], [['personal-emails', 'phone-numbers']]])(
    'of %j is listed nowhere, so as much is reserved as everything costs',
    (find) => {
      expect(listPrice(find)).toBeUndefined();
      expect(creditsToReserve(find)).toBe(mostCredits);
      expect(mostCredits).toBe(12);
    },
  );
});
