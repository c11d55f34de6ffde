import { expect } from 'vitest';
import { startTestRelay } from '../support/relay.ts';
import { allEnded, callApi } from './mixed-starts.ts';

/**
 * Sends one batch, lets every reveal of it end, and expects all of them revealed without one rejected poll.
 *
 * @returns what it took: real seconds until the answer, and minutes of relay time until the last one was settled
 */
export async function playBatch(count: number): Promise<{ acceptedSeconds: number; revealedMinutes: number }> {
  await using test = await startTestRelay({ httpPort: 0 });
  const reveals = Array.from({ length: count }, (_, n) => ({ taskId: `quick-${n}` }));
  // A relay that has just been deployed would answer its first request from a cold handler.
  await callApi(test, 'GET', '/reveals');
  const sentAt = performance.now();
  const { status, body } = await callApi(test, 'POST', '/reveals/batch', { reveals });
  const acceptedSeconds = (performance.now() - sentAt) / 1_000;
  expect({ status, ...body }).toMatchObject({ status: 207, started: count, attached: 0, refused: 0 });
  await allEnded(test);

  const records = await Promise.all(reveals.map(({ taskId }) => test.relay.record(taskId)));
  for (const record of records) expect(record).toMatchObject({ status: 'completed', publishedAt: expect.any(String) });
  expect(test.fiber.stats()).toMatchObject({ rejectedPolls: 0 });
  expect(test.relay.published.filter(({ source }) => source === 'reveal-relay')).toHaveLength(count);
  const times = records.map((record) => [record?.createdAt, record?.settledAt].map((time) => Date.parse(String(time))));
  const [from, to] = [Math.min(...times.map(([start]) => start ?? 0)), Math.max(...times.map(([, end]) => end ?? 0))];
  return { acceptedSeconds, revealedMinutes: (to - from) / 60_000 };
}
