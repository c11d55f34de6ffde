import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type RevealWebhook, webhookReceiver } from '../../examples/webhook-receiver/receiver.ts';
import { postTo } from '../../lambdas/webhooks/receiver-http.ts';
import { signed } from '../../lambdas/webhooks/signature.ts';
import { listenOnLoopback, stopListening } from '../../local/services/loopback.ts';

const secret = `whsec_${Buffer.alloc(36, 1).toString('base64')}`;
const other = `whsec_${Buffer.alloc(36, 2).toString('base64')}`;
const event = { type: 'Contact Reveal Completed', timestamp: '2026-11-27T12:00:00Z', data: { eventId: 'one' } };

const taken: RevealWebhook[] = [];
let fails = false;
const server = webhookReceiver(secret, async (webhook) => {
  if (fails) throw new Error('The disk is full');
  taken.push(webhook);
});
let url: string;
beforeAll(async () => {
  url = await listenOnLoopback(server);
});
afterAll(() => stopListening(server));
beforeEach(() => {
  taken.length = 0;
  fails = false;
});

/** Sends as the relay does. */
async function send(of: RevealWebhook, secrets = [secret], atMs = Date.now(), sent = JSON.stringify(of)) {
  const headers = signed(of.data.eventId, JSON.stringify(of), secrets, atMs);
  const answer = await postTo({ url, allowAddresses: ['127.0.0.1'] }, headers, sent);
  return answer.kind === 'answered' ? answer.status : answer.problem;
}

it('takes what the relay has signed, and each event once', async () => {
  expect([await send(event), await send(event)]).toEqual([204, 204]);
  expect(taken).toEqual([event]);
});

it('takes what is signed by its secret and another one', async () => {
  const second = { ...event, data: { eventId: 'two' } };
  expect(await send(second, [other, secret])).toBe(204);
  expect(taken).toEqual([second]);
});

it('takes nothing that is signed by another secret, changed on the way, or old', async () => {
  const third = { ...event, data: { eventId: 'three' } };
  expect(await send(third, [other])).toBe(401);
  expect(await send(third, [secret], Date.now(), JSON.stringify({ ...third, type: 'Low Credits' }))).toBe(401);
  expect(await send(third, [secret], Date.now() - 600_000)).toBe(401);
  expect(taken).toEqual([]);
});

it('asks for it again if it cannot keep it', async () => {
  const fourth = { ...event, data: { eventId: 'four' } };
  fails = true;
  expect(await send(fourth)).toBe(503);
  fails = false;
  expect(await send(fourth)).toBe(204);
  expect(taken).toEqual([fourth]);
});
