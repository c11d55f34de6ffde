import { it } from 'vitest';
import { playBatch } from './play-batch.ts';

it('reveals everything in a batch under the poll budget, without one rejection', async () => {
  await playBatch(20);
});
