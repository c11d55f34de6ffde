import { createServer } from 'node:http';
import { expect, it } from 'vitest';
import { RevealRelayClient, type RevealRelayClientProps, RevealRelayError } from '../../../lib/client/index.ts';
import { listenOnLoopback, stopListening } from '../../../local/services/loopback.ts';
import { type Scripted, scriptedApi, sleptClock } from '../../support/scripted-api.ts';

const running = { revealId: 'a', status: 'running', generation: 1, priority: 'bulk', progress: { polls: 0 } };
const busy: Scripted = [503, { type: '/problems/try-again', title: 'Again', status: 503 }, { 'retry-after': '5' }];
const gatewayBusy: Scripted = [503, { message: 'Service Unavailable' }];
const fine: Scripted = [200, running];

/** A client of a server that answers like this, and whose pauses take no time. */
async function withApi(answers: Scripted[], props: Partial<RevealRelayClientProps> = {}) {
  const api = await scriptedApi(...answers);
  const clock = sleptClock();
  const relay = new RevealRelayClient({ url: api.url, ...clock, ...props });
  return { api, clock, relay, [Symbol.asyncDispose]: () => api[Symbol.asyncDispose]() };
}

it('sends a question again when the API has no time, after the time that it names', async () => {
  await using it = await withApi([busy, gatewayBusy, fine]);
  expect(await it.relay.get('a')).toEqual(running);
  expect(it.api.asked).toEqual(['GET /reveals/a', 'GET /reveals/a', 'GET /reveals/a']);
  expect(it.clock.naps).toEqual([5_000, 800]);
});

it('gives up after three times, with the last answer', async () => {
  await using it = await withApi([gatewayBusy]);
  await expect(it.relay.get('a')).rejects.toMatchObject({ name: 'RevealRelayProblem', status: 503 });
  expect(it.api.asked).toHaveLength(3);
});

it('does not wait for longer than half a minute because the API says so', async () => {
  await using it = await withApi([[429, {}, { 'retry-after': '3600' }]]);
  await expect(it.relay.get('a')).rejects.toMatchObject({ status: 429, retryAfter: 3_600 });
  expect(it.clock.naps).toEqual([]);
});

it('sends a start again whose answer was lost, under the same key', async () => {
  await using it = await withApi([(_, response) => response.destroy(), [202, running]]);
  const started = await it.relay.start({ taskId: 'a' }, { idempotencyKey: 'k-1' });
  expect(started).toEqual({ started: true, reveal: running });
  expect(it.api.bodies).toEqual(['{"taskId":"a"}', '{"taskId":"a"}']);
  expect(it.api.headers.map((headers) => headers['idempotency-key'])).toEqual(['k-1', 'k-1']);
});

it.each([
  ['nobody answers', (_: unknown, response: { destroy(): void }) => response.destroy()],
  ['API Gateway has waited in vain', gatewayBusy],
] as [string, Scripted][])('does not resume twice when %s', async (_what, answer) => {
  await using it = await withApi([answer, [202, running]]);
  await expect(it.relay.resume('a')).rejects.toBeInstanceOf(RevealRelayError);
  expect(it.api.asked).toEqual(['POST /reveals/a/resume']);
});

it('resumes again where the relay says that nothing was done', async () => {
  await using it = await withApi([busy, [202, running]]);
  expect(await it.relay.resume('a', { taskId: 'b' })).toMatchObject({ started: true });
  expect(it.api.bodies).toEqual(['{"taskId":"b"}', '{"taskId":"b"}']);
});

it('says so when something else answers, and repeats none of it', async () => {
  await using page = await withApi([[200, '<html>secret</html>', { 'content-type': 'text/html' }]]);
  const error = await page.relay.get('a').catch((thrown: Error) => thrown);
  expect(error).toMatchObject({ name: 'RevealRelayUnexpectedAnswer', status: 200 });
  expect(String(error)).not.toContain('secret');
  await using list = await withApi([[200, []]]);
  await expect(list.relay.get('a')).rejects.toMatchObject({ name: 'RevealRelayUnexpectedAnswer' });
});

it('follows no redirect: the token stays here', async () => {
  await using elsewhere = await withApi([fine]);
  await using it = await withApi([[307, {}, { location: `${elsewhere.api.url}/reveals/a` }]], { token: 'abc' });
  await expect(it.relay.get('a')).rejects.toMatchObject({ name: 'RevealRelayUnexpectedAnswer', status: 307 });
  expect(elsewhere.api.asked).toEqual([]);
});

it('gives up on an answer that does not come, or does not end', async () => {
  for (const answer of [() => {}, (_, response) => void response.write('{')] as Scripted[]) {
    await using it = await withApi([answer], { requestTimeoutMs: 20, attempts: 1 });
    await expect(it.relay.get('a')).rejects.toMatchObject({ name: 'RevealRelayUnreachable' });
  }
});

it('says where nobody answers', async () => {
  const server = createServer();
  const url = await listenOnLoopback(server);
  await stopListening(server);
  const { naps, ...clock } = sleptClock();
  const relay = new RevealRelayClient({ url, ...clock });
  await expect(relay.starts()).rejects.toThrow(`Nobody answers at ${url}`);
  expect(naps).toEqual([400, 800]);
});

it('stops with the reason of the signal', async () => {
  const stopped = new AbortController();
  await using it = await withApi([() => stopped.abort(new Error('enough'))]);
  await expect(it.relay.get('a', { signal: stopped.signal })).rejects.toThrow('enough');
  expect(it.api.asked).toHaveLength(1);
});

it('asks for a token before each request, and sends nothing without one', async () => {
  let count = 0;
  await using it = await withApi([fine], { token: async () => `t-${++count}` });
  await it.relay.get('a');
  await it.relay.get('a/b');
  expect(it.api.headers.map(({ authorization }) => authorization)).toEqual(['Bearer t-1', 'Bearer t-2']);
  expect(it.api.asked.at(-1)).toBe('GET /reveals/a%2Fb');
  await using other = await withApi([fine], { token: () => Promise.reject(new Error('expired')) });
  await expect(other.relay.get('a')).rejects.toMatchObject({
    name: 'RevealRelayAccessError',
    message: 'There is no token (expired)',
  });
  expect(other.api.asked).toEqual([]);
});

it('signs for the region of the API, at the time of its clock', async () => {
  const sent: [string, Record<string, string>][] = [];
  const fetch = async (url: Parameters<typeof globalThis.fetch>[0], init?: RequestInit) => {
    sent.push([String(url), init?.headers as Record<string, string>]);
    return Response.json(running);
  };
  const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'any', sessionToken: 'short-lived' };
  const signed = { credentials: async () => credentials, fetch, ...sleptClock() };
  await new RevealRelayClient({ url: 'https://ab.execute-api.eu-west-1.amazonaws.com/', ...signed }).get('a');
  await new RevealRelayClient({ url: 'https://relay.example.com/v1', region: 'us-east-2', ...signed }).get('a');
  expect(sent.map(([url]) => url)).toEqual([
    'https://ab.execute-api.eu-west-1.amazonaws.com/reveals/a',
    'https://relay.example.com/v1/reveals/a',
  ]);
  const scopes = ['eu-west-1', 'us-east-2'].map((region) =>
    expect.stringContaining(`AKIDEXAMPLE/20261123/${region}/execute-api/aws4_request`),
  );
  expect(sent.map(([, headers]) => headers.authorization)).toEqual(scopes);
  expect(sent[0]?.[1]).toMatchObject({ 'x-amz-security-token': 'short-lived' });
});

const key = { accessKeyId: 'a', secretAccessKey: 'b' };
it.each([
  [{ url: 'somewhere' }, 'url is no address'],
  [{ url: 'https://a.example/?x=1' }, 'url is no address'],
  [{ url: 'https://a.example', credentials: key, token: 't' }, 'credentials or token, not both'],
  [{ url: 'http://a.example', token: 't' }, 'unencrypted'],
  [{ url: 'https://a.execute-api.eu-west-1.amazonaws.com' }, 'give credentials, or token'],
  [{ url: 'https://a.example', credentials: key }, 'give region as well'],
] as [RevealRelayClientProps, string][])('refuses to be made like that (%#)', (props, message) => {
  expect(() => new RevealRelayClient(props)).toThrow(message);
});

it.each(['', '.', '..'])('asks for no reveal of the id "%s", which would be another route', async (id) => {
  await using it = await withApi([fine]);
  await expect(it.relay.cancel(id)).rejects.toThrow('is no id');
  await expect(it.relay.waitFor(id)).rejects.toThrow('is no id');
  expect(it.api.asked).toEqual([]);
});

it('sends nothing to a path that would be part of the name of the host', async () => {
  await using it = await withApi([fine]);
  await expect(it.relay.send({ method: 'GET', path: '.example/reveals' })).rejects.toThrow('begin with a slash');
});
