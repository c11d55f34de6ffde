import { it } from 'vitest';
import { playBatch } from './play-batch.ts';

it('reveals everything in a batch under the poll budget, without one rejection', { timeout: 60_000 }, async () => {
  await playBatch(50);
});
