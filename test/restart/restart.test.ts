import { expect, it } from 'vitest';
import { expectSurvival } from './expect-survival.ts';
import { playLives } from './lives.ts';

it('loses no reveal and no event when the local relay is killed at any moment', async () => {
  // With this seed the first kill hits reveals under way, and the second one the relay that begins to go on with them.
  const lives = await playLives({ kills: 2, reveals: 6, seed: 24 });
  expectSurvival(lives);
  expect(lives.survivors).toHaveLength(6);
});
