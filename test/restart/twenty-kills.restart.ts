/** `npm run test:restart`: takes minutes, and so is not part of `npm test`. `SEED=7 npm run test:restart` draws other moments. */

import { expect, it } from 'vitest';
import { expectSurvival } from './expect-survival.ts';
import { playLives } from './lives.ts';

it('ends 50 reveals once each, through 20 kills at random moments', { timeout: 600_000 }, async () => {
  const seed = Number(process.env.SEED ?? 1);
  const lives = await playLives({ kills: 20, reveals: 50, seed });
  const copies = lives.survivors.reduce((sum, { events }) => sum + events.length - 1, 0);
  process.stdout.write(
    `seed ${seed}: ${lives.accepted} of 50 requests accepted before the last life, ${lives.killedWhileStarting} kills before it listened, ${copies} events published again\n`,
  );
  expectSurvival(lives);
  expect(lives.survivors).toHaveLength(50);
});
