import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type FindKind, findKinds } from '../../lambdas/contract.ts';
import { FiberClient, type FiberClientOptions } from '../../lambdas/fiber/fiber-client.ts';
import { FiberStarts, startDefaults } from '../../lambdas/fiber/fiber-starts.ts';
import { listPrice } from '../../lambdas/fiber/prices.ts';
import { StandInFiber, seededRandom } from '../../local/fiber/index.ts';
import { people } from '../reveal/person/profile-spellings.ts';
import { loopbackCertificate, trustLoopbackCertificate } from '../support/loopback-certificate.ts';
import { atRawVendor, noon, respond } from '../support/raw-vendor.ts';

const apiKey = 'key-8c1f';
const profile = 'https://www.linkedin.com/in/ada-example-1';
const startAt = (baseUrl: string, options: Partial<FiberClientOptions> = {}) =>
  new FiberStarts({ baseUrl, now: () => noon, ...options }).start(apiKey, profile, findKinds);

describe('a start, at the stand-in', () => {
  let fiber: StandInFiber;
  let starts: FiberStarts;
  let now = noon;
  beforeAll(async () => {
    fiber = await StandInFiber.listen({ apiKey, now: () => now, random: seededRandom(1), limit: { starts: 40 } });
    starts = new FiberStarts({ baseUrl: fiber.url, now: () => now });
  });
  afterEach(() => {
    now += 60_000;
    fiber.setCredits(100_000);
  });
  afterAll(() => fiber.close());

  it.each<[FindKind[]]>([
    [['work-emails', 'personal-emails', 'phone-numbers']],
    [['work-emails', 'personal-emails']],
    [['work-emails']],
    [['personal-emails']],
    [['phone-numbers']],
  ])('of %j is one task, for its listed price', async (find) => {
    const before = fiber.stats().accounts[0];
    const answer = await starts.start(apiKey, profile, find);
    if (answer.kind !== 'started') throw new Error(answer.kind);
    expect(answer.charge).toEqual({ method: 'charged-now', creditsCharged: listPrice(find) });
    const after = fiber.stats().accounts[0];
    expect(Number(before?.credits) - Number(after?.credits)).toBe(listPrice(find));
    expect(Number(after?.starts) - Number(before?.starts)).toBe(1);
    const poll = await new FiberClient({ baseUrl: fiber.url, now: () => now }).poll(apiKey, answer.taskId);
    expect(poll.kind).toBe('running');
  });

  it('takes what is sent for every identity', async () => {
    for (const { sent } of Object.values(people)) {
      expect(await starts.start(apiKey, sent, findKinds)).toMatchObject({ kind: 'started' });
    }
  });

  it('is refused where nobody is named', async () => {
    const answer = await starts.start(apiKey, 'https://www.example.org/', findKinds);
    expect(answer).toMatchObject({ kind: 'refused', httpStatus: 422 });
  });

  it('is blocked by a wrong key, and by too few credits, of which it says how many there are', async () => {
    const wrong = await starts.start('wrong-key', profile, findKinds);
    expect(wrong).toMatchObject({ kind: 'blocked', reason: 'key-refused', httpStatus: 401 });
    fiber.setCredits(11);
    const answer = await starts.start(apiKey, profile, findKinds);
    const alert = { availableCredits: 11, getMoreCreditsUrl: 'https://billing.example.com/credits' };
    expect(answer).toMatchObject({ kind: 'blocked', reason: 'out-of-credits', alert });
    expect(await starts.start(apiKey, profile, ['phone-numbers'])).toMatchObject({
      kind: 'started',
      charge: { lowCreditAlert: { availableCredits: 7 } },
    });
  });

  it('is limited by its rate, and told for how long', async () => {
    const all = await Promise.all(Array.from({ length: 41 }, () => starts.start(apiKey, profile, ['phone-numbers'])));
    expect(all.filter(({ kind }) => kind === 'started')).toHaveLength(40);
    expect(all.filter(({ kind }) => kind === 'rate-limited')).toEqual([{ kind: 'rate-limited', retryAfterMs: 60_000 }]);
  });
});

describe('a start that did not leave', () => {
  const servers: Server[] = [];
  const open = new Set<Socket>();
  async function listen(server: Server): Promise<number> {
    servers.push(server.on('connection', (socket) => open.add(socket.on('error', () => {}))));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return (server.address() as AddressInfo).port;
  }
  afterEach(async () => {
    for (const socket of open) socket.destroy();
    open.clear();
    await Promise.all(servers.splice(0).map((server) => new Promise((closed) => server.close(closed))));
  });

  it('says so where nobody listens', async () => {
    const port = await listen(createServer());
    await new Promise((closed) => servers.pop()?.close(closed));
    for (const scheme of ['http', 'https']) {
      const answer = await startAt(`${scheme}://127.0.0.1:${port}`);
      expect(answer).toEqual({ kind: 'not-sent', problem: 'no-connection' });
    }
  });

  it.each<[string, (socket: Socket) => void]>([
    ['is reset at the first word of TLS', (socket) => socket.once('data', () => socket.resetAndDestroy())],
    ['is closed at the first word of TLS', (socket) => socket.once('data', () => socket.end())],
    ['is reset before that', (socket) => socket.resetAndDestroy()],
    ['answers TLS with what is none', (socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')],
  ])('says so where the connection %s', async (_what, meet) => {
    const port = await listen(createServer(meet));
    expect(await startAt(`https://127.0.0.1:${port}`)).toEqual({ kind: 'not-sent', problem: 'no-connection' });
  });

  it('says so where TLS is not agreed on in the time to connect, or in all the time there is', async () => {
    const port = await listen(createServer(() => {}));
    const toConnect = await startAt(`https://127.0.0.1:${port}`, { connectTimeoutMs: 20 });
    expect(toConnect).toEqual({ kind: 'not-sent', problem: 'no-connection' });
    const inAll = await startAt(`https://127.0.0.1:${port}`, { totalTimeoutMs: 20 });
    expect(inAll).toEqual({ kind: 'not-sent', problem: 'timed-out' });
  });

  it('says so to a vendor whose certificate nobody knows, who learns nothing', async () => {
    const task = respond({ output: { taskId: 'task-1' } });
    const { answer, request } = await atRawVendor(task, (url) => startAt(url), { tls: loopbackCertificate });
    expect(answer).toEqual({ kind: 'not-sent', problem: 'no-connection' });
    expect(request).toBe('');
  });

  it('says so where a proxy lets nobody through, or has nobody behind it', async () => {
    let meet = (socket: Socket): unknown => socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    const proxy = createHttpServer().on('connect', (_request, socket) => meet(socket as Socket));
    const port = await listen(proxy);
    const proxyEnvironment = { HTTPS_PROXY: `http://127.0.0.1:${port}`, NODE_USE_ENV_PROXY: '1' };
    const refused = await startAt('https://vendor.invalid', { proxyEnvironment });
    expect(refused).toEqual({ kind: 'not-sent', problem: 'no-connection' });
    meet = (socket) => {
      socket.once('data', () => socket.resetAndDestroy());
      return socket.write('HTTP/1.1 200 OK\r\n\r\n');
    };
    const lost = await startAt('https://vendor.invalid', { proxyEnvironment });
    expect(lost).toEqual({ kind: 'not-sent', problem: 'no-connection' });
  });
});

describe('a start that has left, over TLS', () => {
  let distrust: () => void;
  beforeAll(() => {
    distrust = trustLoopbackCertificate();
  });
  afterAll(() => distrust());

  it('is answered', async () => {
    const task = respond({ output: { taskId: 'task-1' } });
    const { answer, connections } = await atRawVendor(task, (url) => startAt(url), { tls: loopbackCertificate });
    expect(answer).toMatchObject({ kind: 'started', taskId: 'task-1' });
    expect(connections).toBe(1);
  });

  it('is unknown from the moment that both sides have agreed on TLS, though not a byte was read of it', async () => {
    const server = createTlsServer(loopbackCertificate, (socket) => socket.destroy());
    // The connection below TLS, so that it can be reset.
    server.on('connection', (socket) => server.once('secureConnection', () => socket.resetAndDestroy()));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    expect(await startAt(`https://127.0.0.1:${port}`)).toEqual({ kind: 'unknown', problem: 'cut-off' });
    await new Promise((closed) => server.close(closed));
  });

  it('is unknown where the vendor says nothing', async () => {
    const silence = { bytes: '', after: () => {} };
    const { answer } = await atRawVendor(silence, (url) => startAt(url, { totalTimeoutMs: 500 }), {
      tls: loopbackCertificate,
    });
    expect(answer).toEqual({ kind: 'unknown', problem: 'timed-out' });
  });
});

describe('the client that starts', () => {
  it('waits half a minute, since giving up takes no start back', () => {
    expect(startDefaults.totalTimeoutMs).toBe(30_000);
  });

  it('shows neither key nor profile, in an answer or in itself', async () => {
    const starts = new FiberStarts({ baseUrl: 'http://127.0.0.1:1', now: () => noon });
    const shown = JSON.stringify([starts, await starts.start('key-to-hide', 'profile-to-hide', findKinds)]);
    expect(shown).not.toMatch(/to-hide/);
  });

  it('sends nothing to an address that the key may not be sent to', () => {
    expect(() => new FiberStarts({ baseUrl: 'http://api.fiber.ai', now: () => noon })).toThrow(
      'The address of the vendor',
    );
  });
});
