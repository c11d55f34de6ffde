import { expect, it } from 'vitest';
import { RevealRelayClient } from '../../../lib/client/index.ts';
import { type Scripted, scriptedApi, sleptClock } from '../../support/scripted-api.ts';

const progress = { polls: 1 };
const reveal = (status: string) => ({ revealId: 'a', status, generation: 1, priority: 'bulk', progress });
const stillRunning = (retryAfter?: number): Scripted => [
  202,
  reveal('running'),
  retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) },
];
const runs: Scripted = [200, reveal('running')];
const done: Scripted = [200, reveal('completed')];
const gone: Scripted = (_, response) => void response.destroy();
const busy: Scripted = [503, { message: 'Service Unavailable' }];

async function waiting(...answers: Scripted[]) {
  const api = await scriptedApi(...answers);
  const clock = sleptClock();
  const relay = new RevealRelayClient({ url: api.url, ...clock });
  return { api, clock, relay, [Symbol.asyncDispose]: () => api[Symbol.asyncDispose]() };
}

it('asks to be answered when the reveal has ended, and asks again when the relay says', async () => {
  await using it = await waiting(stillRunning(7), stillRunning(12), done);
  const seen: number[] = [];
  const ended = await it.relay.waitFor('a', { onProgress: ({ progress }) => seen.push(progress.polls) });
  expect(ended.status).toBe('completed');
  expect(it.api.asked).toEqual(Array(3).fill('GET /reveals/a?wait=25'));
  expect(it.clock.naps).toEqual([7_000, 12_000]);
  expect(seen).toEqual([1, 1]);
});

it('returns a reveal that has ended without a result: that is no error of the waiting', async () => {
  await using it = await waiting([200, reveal('failed')]);
  expect(await it.relay.waitFor('a', { include: 'lowQualityEmails' })).toMatchObject({ status: 'failed' });
  expect(it.api.asked).toEqual(['GET /reveals/a?include=lowQualityEmails&wait=25']);
});

it('asks a relay that answers at once every few seconds, less often as time goes by', async () => {
  await using it = await waiting(runs, runs, runs, runs, runs, done);
  await it.relay.waitFor('a');
  expect(it.clock.naps).toEqual([1_000, 1_500, 2_250, 3_375, 5_000]);
});

it.each([400, 422])(
  'goes on with a relay that does not know `wait`, which answers %i, and remembers',
  async (status) => {
    await using it = await waiting([status, { type: '/problems/invalid-query' }], runs, done);
    await it.relay.waitFor('a');
    await it.relay.waitFor('b');
    expect(it.api.asked).toEqual(['GET /reveals/a?wait=25', 'GET /reveals/a', 'GET /reveals/a', 'GET /reveals/b']);
  },
);

it('throws a refusal that is not about `wait`', async () => {
  await using it = await waiting([422, { type: '/problems/invalid-query', title: 'Correct it' }]);
  await expect(it.relay.waitFor('a')).rejects.toMatchObject({ status: 422, title: 'Correct it' });
  await using nobody = await waiting([404, { type: '/problems/no-such-reveal', title: 'Start it' }]);
  await expect(nobody.relay.waitFor('a')).rejects.toMatchObject({ status: 404 });
  expect(nobody.api.asked).toHaveLength(1);
});

it('survives an API that is away for a while, again and again', async () => {
  await using it = await waiting(gone, busy, [429, {}, { 'retry-after': '20' }], runs, busy, gone, done);
  expect(await it.relay.waitFor('a')).toMatchObject({ status: 'completed' });
  expect(it.clock.naps).toEqual([1_000, 1_500, 20_000, 3_375, 5_000, 5_000]);
});

it('gives up on an API that stays away, with what it said last', async () => {
  await using it = await waiting(busy);
  await expect(it.relay.waitFor('a', { outageMs: 10_000 })).rejects.toMatchObject({ status: 503 });
  const slept = it.clock.naps.reduce((sum, nap) => sum + nap, 0);
  expect(slept).toBeGreaterThan(10_000);
  await using nobody = await waiting(gone);
  await expect(nobody.relay.waitFor('a', { outageMs: 0 })).rejects.toMatchObject({ name: 'RevealRelayUnreachable' });
});

it('gives up in time, and is never told to sleep beyond that', async () => {
  await using it = await waiting(stillRunning(60));
  await expect(it.relay.waitFor('a', { timeoutMs: 70_000 })).rejects.toMatchObject({
    name: 'RevealWaitTimedOut',
    revealId: 'a',
    timeoutMs: 70_000,
  });
  expect(it.clock.naps).toEqual([60_000, 10_000]);
  expect(it.api.asked).toEqual(['GET /reveals/a?wait=25', 'GET /reveals/a?wait=10', 'GET /reveals/a']);
});

it('sleeps at least a fifth of a second and at most a minute, whatever it is told', async () => {
  await using it = await waiting(stillRunning(0), stillRunning(900), done);
  await it.relay.waitFor('a');
  expect(it.clock.naps).toEqual([200, 60_000]);
});

it('stops with the reason of the signal, in a question and between two', async () => {
  const inQuestion = new AbortController();
  await using hanging = await waiting(() => inQuestion.abort(new Error('enough')));
  await expect(hanging.relay.waitFor('a', { signal: inQuestion.signal })).rejects.toThrow('enough');
  const between = new AbortController();
  await using it = await waiting(runs);
  const stop = () => between.abort(new Error('enough'));
  await expect(it.relay.waitFor('a', { signal: between.signal, onProgress: stop })).rejects.toThrow('enough');
  expect(it.api.asked).toHaveLength(1);
});
