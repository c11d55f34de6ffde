import { expect, it } from 'vitest';
import { chargeInfo, lowCreditAlert, outOfCreditsAlert } from '../../../../local/fiber/account/charges.ts';

const facts = { creditsCharged: 12, creditsRefunded: 5 };

it.each([
  ['charged-now', { creditsCharged: 12 }],
  ['charging-later', { message: expect.stringContaining('12 credits') }],
  ['charged-for-async-process', { creditsCharged: 12, message: expect.any(String) }],
  ['free', { message: expect.any(String) }],
  ['credits-refunded', { creditsRefunded: 5, message: expect.stringContaining('5 credits') }],
] as const)('says of a charge that is %s what the contract has for it, and no more', (method, rest) => {
  expect(chargeInfo(method, facts)).toEqual({ method, ...rest });
});

it('leaves an alert out, or gives it, null included', () => {
  expect(chargeInfo('free', facts)).not.toHaveProperty('lowCreditAlert');
  expect(chargeInfo('free', { ...facts, lowCreditAlert: null })).toHaveProperty('lowCreditAlert', null);
});

it('warns below a hundred credits', () => {
  expect(lowCreditAlert(100)).toBeUndefined();
  expect(lowCreditAlert(99)).toMatchObject({ availableCredits: 99 });
  expect(outOfCreditsAlert(0)).toMatchObject({ availableCredits: 0, message: expect.any(String) });
});
