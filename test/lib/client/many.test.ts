import { expect, it } from 'vitest';
import { RevealRelayClient } from '../../../lib/client/index.ts';
import { scriptedApi, sleptClock } from '../../support/scripted-api.ts';

const problem = { type: '/problems/costs-credits', title: 'It would cost credits.', status: 409 };
const half = {
  list: 'leads',
  done: 100,
  left: 50,
  statuses: { running: 99, failed: 1 },
  erased: 0,
  refused: [{ revealId: 'a', problem }],
  cursor: 'next',
};
const whole = {
  list: 'leads',
  done: 150,
  left: 0,
  statuses: { running: 148, failed: 2 },
  erased: 0,
  refused: [{ revealId: 'b', problem }],
};
const busy = [503, { message: 'Service Unavailable' }] as const;

it('goes through a list to its end, says how far it is, and has all that were refused', async () => {
  await using api = await scriptedApi([200, half], [200, whole]);
  const relay = new RevealRelayClient({ url: api.url, ...sleptClock() });
  const seen: unknown[] = [];
  const done = await relay.resumeList('leads', { startTasks: true }, { onProgress: (soFar) => seen.push(soFar) });
  expect(done).toEqual({ ...whole, refused: [...half.refused, ...whole.refused] });
  expect(seen).toEqual([half]);
  expect(api.asked).toEqual(['POST /lists/leads/resume', 'POST /lists/leads/resume']);
  expect(api.bodies).toEqual(['{"startTasks":true}', '{"startTasks":true,"cursor":"next"}']);
});

it('goes on where an earlier call had come to, with the same filter', async () => {
  await using api = await scriptedApi([200, whole]);
  const relay = new RevealRelayClient({ url: api.url, ...sleptClock() });
  await relay.eraseReveals({ status: 'failed' }, { cursor: 'next' });
  expect(api.bodies).toEqual(['{"status":"failed","cursor":"next"}']);
});

it('counts on until there is no cursor', async () => {
  const count = { list: 'leads', members: 1_500, statuses: {} };
  await using api = await scriptedApi([200, { ...count, done: 1_000, cursor: 'c' }], [200, { ...count, done: 1_500 }]);
  const relay = new RevealRelayClient({ url: api.url, ...sleptClock() });
  expect(await relay.getList('leads')).toEqual({ ...count, done: 1_500 });
  expect(api.asked).toEqual(['GET /lists/leads', 'GET /lists/leads?cursor=c']);
});

it('sends again what changes nothing the second time, and no resume', async () => {
  await using api = await scriptedApi([...busy], [200, whole], [...busy]);
  const relay = new RevealRelayClient({ url: api.url, ...sleptClock() });
  expect(await relay.cancelList('leads')).toEqual(whole);
  await expect(relay.resumeList('leads')).rejects.toMatchObject({ status: 503 });
  await expect(relay.resumeReveals({ status: 'failed' })).rejects.toMatchObject({ status: 503 });
  expect(api.asked).toEqual([
    'POST /lists/leads/cancel',
    'POST /lists/leads/cancel',
    'POST /lists/leads/resume',
    'POST /reveals/resume',
  ]);
});
