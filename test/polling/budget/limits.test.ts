import { expect, it } from 'vitest';
import { relayDefaults } from '../../../lambdas/contract.ts';
import { defaultPollLimits, otherThan, shareOf } from '../../../lambdas/polling/budget/limits.ts';

it('the two priorities share all of the budget', () => {
  expect(otherThan('bulk')).toBe('interactive');
  expect(otherThan('interactive')).toBe('bulk');
  expect(shareOf(defaultPollLimits, 'interactive') + shareOf(defaultPollLimits, 'bulk')).toBe(1);
});

it('the limits are those that the construct sets where nobody says otherwise', () => {
  expect(defaultPollLimits).toEqual({
    perMinute: relayDefaults.pollsPerMinute,
    share: relayDefaults.keyShare,
    interactiveShare: relayDefaults.interactiveShare,
  });
});
