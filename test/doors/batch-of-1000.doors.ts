/** `npm run test:batch`: the whole size, which takes longer than belongs into `npm test`. */

import { expect, it } from 'vitest';
import { playBatch } from './play-batch.ts';

it('reveals a batch of 1,000 under the poll budget, without one rejection', { timeout: 600_000 }, async () => {
  const { acceptedSeconds, revealedMinutes } = await playBatch(1_000);
  process.stdout.write(
    `1,000 reveals: accepted in ${acceptedSeconds.toFixed(1)} s, all revealed within ${revealedMinutes.toFixed(1)} minutes of relay time\n`,
  );
  expect(revealedMinutes).toBeLessThan(60);
});
