import { expect, it } from 'vitest';
import { expectSurvival } from './expect-survival.ts';
import { playLives } from './lives.ts';

it('loses no reveal and no event when the local relay is killed at any moment', { timeout: 120_000 }, async () => {
  const lives = await playLives({ kills: 3, reveals: 9, seed: 1 });
  expectSurvival(lives);
  expect(lives.survivors).toHaveLength(9);
});
