import { expect, it } from 'vitest';
import { parseDistribution } from '../../../bench/fleet/distributions.ts';

it('reads durations of your own', () => {
  const ours = parseDistribution({
    name: 'ours',
    quantiles: [
      [0, 20],
      [0.5, 90],
      [1, 400],
    ],
  });

  expect([0, 0.25, 0.5, 0.75, 1].map(ours.quantile)).toEqual([20, 55, 90, 245, 400]);
  expect(ours.cdf(245)).toBeCloseTo(0.75, 6);
  expect(() =>
    parseDistribution({
      name: 'bad',
      quantiles: [
        [0, 20],
        [0.5, 10],
      ],
    }),
  ).toThrow('must rise');
});
