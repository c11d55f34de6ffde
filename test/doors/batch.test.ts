import { expect, it } from 'vitest';
import { startTestRelay } from '../support/relay.ts';
import { callApi } from './mixed-starts.ts';
import { playBatch } from './play-batch.ts';

it('reveals everything in a batch under the poll budget, without one rejection', async () => {
  await playBatch(20);
});

it('starts everything in a batch before it is due, though all waits are skipped meanwhile', async () => {
  await using test = await startTestRelay({ httpPort: 0 });
  const reveals = Array.from({ length: 60 }, (_, n) => ({ taskId: `never-${n}` }));
  const batch = callApi(test, 'POST', '/reveals/batch', { reveals });
  const { status, body } = (await test.relay.deployment.fastForward?.during(batch)) ?? {};
  expect({ status, started: body?.started, refused: body?.refused }).toEqual({ status: 207, started: 60, refused: 0 });
});
