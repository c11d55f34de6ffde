import { expect, it } from 'vitest';
import { mix, seededRandom } from '../../../../local/fiber/index.ts';

it('ordinary tasks take 113 s on average, some seconds, none more than 8 minutes', () => {
  const random = seededRandom(11);
  const seconds = Array.from({ length: 50_000 }, () => mix(random) / 1000).sort((a, b) => a - b);
  const quantile = (share: number) => Math.round(seconds[Math.floor(share * seconds.length)] ?? 0);
  const mean = seconds.reduce((sum, each) => sum + each, 0) / seconds.length;
  expect(mean).toBeGreaterThan(111.5);
  expect(mean).toBeLessThan(114.5);
  expect(quantile(0.05)).toBeGreaterThanOrEqual(7);
  expect(quantile(0.05)).toBeLessThanOrEqual(9);
  expect(quantile(0.5)).toBeGreaterThan(93);
  expect(quantile(0.5)).toBeLessThan(101);
  expect(seconds.at(-1)).toBeLessThanOrEqual(480);
});
