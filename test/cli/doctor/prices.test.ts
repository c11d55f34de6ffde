import { expect, it } from 'vitest';
import { priceFindings } from '../../../cli/doctor/money.ts';
import { readCredits } from '../../../lambdas/fiber/account.ts';

const findings = (creditsPerOperation: object) => {
  const credits = readCredits({ output: { available: 1, creditsPerOperation } });
  return priceFindings(credits ?? { prices: {}, unit: 'unknown' });
};

it.each([
  [{ exhaustiveContactRevealAll: 15 }, 'the account pays 15 credits for everything, the relay sets 12 aside.'],
  [{ exhaustive: { all: 1_500, phone: 400 } }, 'the account pays 15 credits for everything, the relay sets 12 aside.'],
  [{ EXHAUSTIVE_WORK_EMAIL: 6 }, 'the account pays 6 credits for work-emails, the relay sets 5 aside.'],
  [{ exhaustiveWorkAndPersonalEmails: 10 }, 'credits for work-emails and personal-emails, the relay sets 9 aside.'],
])('says that the relay sets too little aside for %j', (prices, text) => {
  expect(findings(prices)).toEqual([
    {
      subject: 'prices',
      kind: 'change',
      text: expect.stringMatching(new RegExp(`^Update the relay, or lower maxCreditsPerDay by as much: .*${text}$`)),
    },
  ]);
});

it('notes that it sets too much aside', () => {
  expect(findings({ exhaustivePhoneNumbers: 3 })).toEqual([
    { subject: 'prices', kind: 'note', text: expect.stringContaining('the account pays 3 credits for phone-numbers') },
  ]);
});

it.each([{}, { search: 1 }, { exhaustivePhoneAndWork: 7 }, { exhaustiveStart: 12 }])(
  'draws no conclusions from %j',
  (prices) => {
    expect(findings(prices)).toEqual([
      { subject: 'prices', kind: 'note', text: expect.stringContaining('list prices') },
    ]);
  },
);
