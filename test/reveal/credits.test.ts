import { describe, expect, it } from 'vitest';
import { creditsOf, creditsPaid } from '../../lambdas/reveal/credits.ts';

describe('what a reveal cost', () => {
  it.each([
    [{ method: 'charged-now', creditsCharged: 12 }, { creditsCharged: 12 }, 12],
    [{ method: 'credits-refunded', creditsRefunded: 4, message: 'back' }, { creditsRefunded: 4 }, -4],
    [{ method: 'new', creditsCharged: 12, creditsRefunded: 4 }, { creditsCharged: 12, creditsRefunded: 4 }, 8],
    [
      { method: 'new', creditsCharged: '12', creditsRefunded: ' 4.5 ' },
      { creditsCharged: 12, creditsRefunded: 4.5 },
      7.5,
    ],
    [{ method: 'free', message: 'nothing', creditsCharged: 0 }, { creditsCharged: 0 }, 0],
    [{ method: 'charging-later', message: 'later' }, {}, undefined],
    [{ creditsCharged: '1,200' }, {}, undefined],
    [{ creditsCharged: 'a dozen', creditsRefunded: null }, {}, undefined],
    [undefined, {}, undefined],
  ])('is read out of %j', (charge, figures, paid) => {
    expect(creditsOf({ charge })).toEqual(figures);
    expect(creditsPaid(creditsOf({ charge }))).toBe(paid);
  });

  it('is what the record says, if it says more than the charge', () => {
    expect(creditsOf({ creditsCharged: 12, creditsRefunded: 4, charge: { creditsCharged: 9 } })).toEqual({
      creditsCharged: 12,
      creditsRefunded: 4,
    });
  });
});
