import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findKinds } from '../../lambdas/contract.ts';
import type { FiberClientOptions } from '../../lambdas/fiber/fiber-client.ts';
import { FiberStarts } from '../../lambdas/fiber/fiber-starts.ts';
import { classifyStart } from '../../lambdas/fiber/start-answer.ts';
import { atRawVendor, noon, type OnWire, respond } from '../support/raw-vendor.ts';

const profile = 'https://www.linkedin.com/in/ada-example-1';

const startAt = (onWire: OnWire, options: Partial<FiberClientOptions> = {}) =>
  atRawVendor(onWire, (baseUrl) =>
    new FiberStarts({ baseUrl, now: () => noon, ...options }).start('key-8c1f', profile, findKinds),
  );
const start = async (onWire: OnWire, options?: Partial<FiberClientOptions>) => (await startAt(onWire, options)).answer;

const charged = { method: 'charged-now', creditsCharged: 12 };
const started = (taskId: unknown, beside: object = {}) => ({
  output: { taskId },
  chargeInfo: charged,
  advice: [],
  ...beside,
});
const message = { message: 'No, and why.' };
const page = '<!DOCTYPE html><title>Just a moment...</title>';
const html = { 'content-type': 'text/html; charset=UTF-8' };
const bytesOf = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));

describe('a start that has begun a task', () => {
  it.each(['200 OK', '201 Created', '202 Accepted', '299 Odd'])('is known by its id in a %s', async (status) => {
    const body = started('task-1');
    const answer = { bytes: bytesOf(body), contentType: 'application/json' };
    expect(await start(respond(body, {}, status))).toEqual({
      kind: 'started',
      taskId: 'task-1',
      charge: charged,
      answer,
    });
  });

  it.each(['a/b?c#d%20', ' spaced ', 'строка-例-\u{1f680}', '"\\', 'null', '\u0000\n', '{}', 'x'.repeat(5_000)])(
    'keeps the id as it is: %j',
    async (taskId) => {
      expect(await start(respond(started(taskId)))).toMatchObject({ kind: 'started', taskId });
    },
  );

  it.each<[string, Buffer, object]>([
    ['a byte order mark', Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bytesOf(started('task-1'))]), {}],
    ['UTF-16', Buffer.from(JSON.stringify(started('task-1')), 'utf16le'), {}],
    ['gzip that nobody asked for', gzipSync(bytesOf(started('task-1'))), { 'content-encoding': 'gzip' }],
    ['a type of its own', bytesOf(started('task-1')), { 'content-type': 'text/html' }],
    ['an id that is there twice', bytesOf('{"output":{"taskId":"task-1","taskId":""}}'), {}],
    ['outputs that are there twice', bytesOf('{"output":{"taskId":"task-1"},"output":null}'), {}],
    ['fields that nobody knows', bytesOf(started('task-1', { output: { taskId: 'task-1', queue: [1] }, etc: {} })), {}],
  ])('is known in an answer with %s', async (_what, body, headers) => {
    expect(await start(respond(body, { ...headers }))).toMatchObject({ kind: 'started', taskId: 'task-1' });
  });

  it.each<[string, unknown, object | undefined]>([
    ['charged at once', charged, charged],
    ['charged later', { method: 'charging-later', message: 'm' }, { method: 'charging-later', message: 'm' }],
    ['in text', { method: 'charged-now', creditsCharged: '12' }, charged],
    ['by a new method', { method: 'to-be-seen', plan: 1 }, { method: 'to-be-seen', plan: 1 }],
    ['by nobody knows what', 'twelve', undefined],
    ['by nothing', null, undefined],
    [
      'with few credits left',
      {
        ...charged,
        lowCreditAlert: { availableCredits: '7', message: 'm', getMoreCreditsUrl: 'https://example.org/' },
      },
      { ...charged, lowCreditAlert: { availableCredits: 7, message: 'm', getMoreCreditsUrl: 'https://example.org/' } },
    ],
  ])('is kept with its charge, %s', async (_what, chargeInfo, charge) => {
    const answer = await start(respond(started('task-1', { chargeInfo })));
    expect(answer).toMatchObject({ kind: 'started', taskId: 'task-1' });
    expect((answer as { charge?: object }).charge).toEqual(charge);
  });
});

describe('a start that the vendor refuses in its own words', () => {
  it.each(['400 Bad Request', '404 Not Found', '422 Unprocessable Content'])(
    'is refused for good by %s',
    async (status) => {
      const answer = { bytes: bytesOf(message), contentType: 'application/json' };
      const httpStatus = Number(status.slice(0, 3));
      expect(await start(respond(message, {}, status))).toEqual({ kind: 'refused', httpStatus, answer });
    },
  );

  it.each([
    ['401 Unauthorized', 'key-refused'],
    ['402 Payment Required', 'out-of-credits'],
    ['403 Forbidden', 'key-refused'],
  ])('is blocked by %s, as the next one will be: %s', async (status, reason) => {
    const httpStatus = Number(status.slice(0, 3));
    expect(await start(respond(message, {}, status))).toMatchObject({ kind: 'blocked', reason, httpStatus });
  });

  it.each<[unknown, object | undefined]>([
    [
      { availableCredits: 3, message: 'm', getMoreCreditsUrl: 'https://example.org/more' },
      { availableCredits: 3, getMoreCreditsUrl: 'https://example.org/more' },
    ],
    [{ availableCredits: '3', getMoreCreditsUrl: 'javascript:alert(1)' }, { availableCredits: 3 }],
    [{ message: 'm' }, undefined],
    [null, undefined],
  ])('says with 402 what is left and where to get more: %j', async (outOfCreditsAlert, alert) => {
    const answer = await start(respond({ ...message, outOfCreditsAlert }, {}, '402 Payment Required'));
    expect((answer as { alert?: object }).alert).toEqual(alert);
  });

  it.each([
    [{}, {}],
    [{ 'retry-after': '7' }, { retryAfterMs: 7_000 }],
    [{ 'retry-after': 'Mon, 23 Nov 2026 12:01:00 GMT' }, { retryAfterMs: 60_000 }],
  ])('may be tried again after 429 %j', async (headers, wait) => {
    const answer = await start(respond(message, headers, '429 Too Many Requests'));
    expect(answer).toEqual({ kind: 'rate-limited', ...wait });
  });

  it('is one of a sandbox where 501 says so in a header, whatever its body says', async () => {
    for (const body of [message, page, '']) {
      const answer = await start(respond(body, { 'x-fiber-sandbox': 'true' }, '501 Not Implemented'));
      expect(answer).toEqual({ kind: 'sandbox', httpStatus: 501 });
    }
  });
});

describe('a start that was turned away by the network in front of the vendor', () => {
  it.each([
    ['403 Forbidden', page, html],
    ['403 Forbidden', message, {}],
    ['429 Too Many Requests', page, html],
    ['503 Service Unavailable', page, html],
  ])('may be tried again: %s', async (status, body, headers) => {
    const httpStatus = Number(status.slice(0, 3));
    const mitigated = { ...headers, 'cf-mitigated': 'challenge', 'retry-after': '9' };
    expect(await start(respond(body, mitigated, status))).toEqual({
      kind: 'turned-away',
      httpStatus,
      retryAfterMs: 9_000,
    });
  });

  it('is none where there is an id', async () => {
    const answer = await start(respond(started('task-1'), { 'cf-mitigated': 'challenge' }));
    expect(answer).toMatchObject({ kind: 'started', taskId: 'task-1' });
  });
});

describe('a start of which nobody knows what became', () => {
  const chunked = { 'transfer-encoding': 'chunked', 'content-length': undefined };

  it.each<[string, string, string | object, Record<string, string>, string]>([
    ['a page in place of a refusal', '400 Bad Request', page, html, 'unexpected-status'],
    ['a page in place of the key check', '401 Unauthorized', page, html, 'unexpected-status'],
    ['a page in place of the credits', '402 Payment Required', page, html, 'unexpected-status'],
    ['a page that does not say who made it', '403 Forbidden', page, html, 'unexpected-status'],
    ['a page in place of the path', '404 Not Found', page, html, 'unexpected-status'],
    [
      'a page in place of the limit',
      '429 Too Many Requests',
      page,
      { ...html, 'retry-after': '7' },
      'unexpected-status',
    ],
    ['a refusal of another shape', '422 Unprocessable Content', { error: 'no' }, {}, 'unexpected-status'],
    ['a refusal whose words are none', '400 Bad Request', { message: 7 }, {}, 'unexpected-status'],
    ['an empty refusal', '404 Not Found', '', {}, 'unexpected-status'],
    ['a refusal that is new', '409 Conflict', message, {}, 'unexpected-status'],
    ['another', '418 Teapot', message, {}, 'unexpected-status'],
    ['a fault', '500 Internal Server Error', message, {}, 'server-error'],
    ['a 501 that is no sandbox', '501 Not Implemented', message, {}, 'server-error'],
    ['a 501 of what is no sandbox', '501 Not Implemented', message, { 'x-fiber-sandbox': 'false' }, 'server-error'],
    ['a gateway that heard nothing', '502 Bad Gateway', page, html, 'server-error'],
    ['an overload', '503 Service Unavailable', message, { 'retry-after': '3' }, 'server-error'],
    ['a gateway that waited', '504 Gateway Timeout', message, {}, 'server-error'],
    ['the edge, that heard nothing', '520 Unknown', page, html, 'edge'],
    ['the edge, that waited', '524 A Timeout Occurred', 'error code: 524', { server: 'cloudflare' }, 'edge'],
    ['a redirect', '307 Temporary Redirect', '', { location: '/elsewhere' }, 'unexpected-status'],
    ['a redirect with an id', '302 Found', started('task-1'), { location: '/elsewhere' }, 'unexpected-status'],
    ['a page in place of an answer', '200 OK', page, html, 'not-json'],
    ['half of an answer that says it is whole', '200 OK', '{"output":{"taskId":"task-1"', {}, 'not-json'],
    ['an error in a 200', '200 OK', message, {}, 'not-an-answer'],
    ['an answer without an id', '200 OK', started(undefined), {}, 'not-an-answer'],
    ['an empty id', '200 OK', started(''), {}, 'not-an-answer'],
    ['an id that is null', '200 OK', started(null), {}, 'not-an-answer'],
    ['an id that is a number', '200 OK', started(12), {}, 'not-an-answer'],
    ['half of a character in the id', '200 OK', '{"output":{"taskId":"\\ud800"}}', {}, 'not-an-answer'],
    ['an output that is null', '200 OK', { output: null }, {}, 'not-an-answer'],
    ['a list', '200 OK', [started('task-1')], {}, 'not-an-answer'],
    ['null', '200 OK', 'null', {}, 'not-an-answer'],
    ['lists in lists', '200 OK', '['.repeat(500_000), {}, 'too-large'],
  ])('is kept with what came: %s', async (_what, status, body, headers, problem) => {
    const answer = { bytes: bytesOf(body), contentType: headers['content-type'] ?? 'application/json' };
    const httpStatus = Number(status.slice(0, 3));
    expect(await start(respond(body, headers, status))).toEqual({ kind: 'unknown', problem, httpStatus, answer });
  });

  it('is one that was answered with nothing at all', async () => {
    const answer = { bytes: Buffer.alloc(0) };
    const unknown = { kind: 'unknown', problem: 'not-json', httpStatus: 204, answer };
    expect(await start('HTTP/1.1 204 No Content\r\n\r\n')).toEqual(unknown);
  });

  const whole = respond(started('task-1'));
  const cut = whole.subarray(0, whole.length - 20);
  const reset = (socket: Socket) => socket.resetAndDestroy();
  /** Long enough for this machine to connect and to read what is there. */
  const isQuick = { totalTimeoutMs: 500 };
  const stays = () => {};
  it.each<[string, string, OnWire, Partial<FiberClientOptions>]>([
    ['closes before it answers', 'cut-off', '', {}],
    ['is reset before it answers', 'cut-off', { bytes: '', after: reset }, {}],
    ['never answers', 'timed-out', { bytes: '', after: stays }, isQuick],
    ['does not speak HTTP', 'bad-response', 'SSH-2.0-OpenSSH_9.6\r\n', {}],
    [
      'wants to speak something else',
      'cut-off',
      'HTTP/1.1 101 Switching\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n',
      {},
    ],
    ['never gets beyond its headers', 'timed-out', { bytes: 'HTTP/1.1 200 OK\r\nx-slow: ', after: stays }, isQuick],
    ['only says that it will go on', 'timed-out', { bytes: 'HTTP/1.1 103 Early Hints\r\n\r\n', after: stays }, isQuick],
  ])('is one whose connection %s', async (_what, problem, onWire, options) => {
    expect(await start(onWire, options)).toEqual({ kind: 'unknown', problem });
  });

  it.each<[string, string, OnWire, Partial<FiberClientOptions>]>([
    ['closes', 'cut-off', cut, {}],
    ['is reset', 'cut-off', { bytes: cut, after: reset }, {}],
    ['hangs', 'timed-out', { bytes: cut, after: stays }, isQuick],
  ])(
    'keeps the beginning of an answer whose connection %s in the middle: the id may be in it',
    async (_what, problem, onWire, options) => {
      const answer = await start(onWire, options);
      expect(answer).toMatchObject({
        kind: 'unknown',
        problem,
        httpStatus: 200,
        answer: { contentType: 'application/json' },
      });
      const kept = (answer as { answer: { bytes: Uint8Array } }).answer.bytes;
      expect(Buffer.from(kept).toString()).toContain('"taskId":"task-1"');
    },
  );

  it.each<[string, string, OnWire]>([
    ['hangs after the headers', 'timed-out', { bytes: 'HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n', after: stays }],
    ['breaks off in a chunk', 'cut-off', respond('5\r\n{"out', chunked)],
    ['is chunked wrongly', 'bad-response', respond('zz\r\n{"out', chunked)],
    [
      'is in half a gzip',
      'bad-response',
      respond(gzipSync(bytesOf(started('a'))).subarray(0, 40), { 'content-encoding': 'gzip' }),
    ],
    ['is a bomb', 'too-large', respond(gzipSync(Buffer.alloc(20_000_000, 'a')), { 'content-encoding': 'gzip' })],
    ['is larger than anything', 'too-large', respond(started('a', { raw: 'x'.repeat(5 * 1024 * 1024) }))],
  ])('is one whose answer %s', async (_what, problem, onWire) => {
    const answer = await start(onWire, problem === 'timed-out' ? isQuick : {});
    expect(answer).toMatchObject({ kind: 'unknown', problem, httpStatus: 200 });
    expect((answer as { answer?: { bytes: Uint8Array } }).answer?.bytes.length ?? 0).toBeLessThanOrEqual(64 * 1024);
  });
});

describe('the answer to a start', () => {
  it('asks for exactly what is wanted, once, on a connection of its own', async () => {
    const { request, connections } = await startAt(respond(started('task-1'), { connection: 'keep-alive' }));
    expect(request).toMatch(/^POST \/v1\/contact-details\/exhaustive\/start HTTP\/1\.1\r\n/);
    expect(request).toMatch(/\r\nconnection: close\r\n/i);
    expect(connections).toBe(1);
    expect(JSON.parse(request.slice(request.indexOf('\r\n\r\n')))).toEqual({
      apiKey: 'key-8c1f',
      linkedinUrl: profile,
      enrichmentType: { getWorkEmails: true, getPersonalEmails: true, getPhoneNumbers: true },
    });
  });

  it('is taken from what is whole, whatever comes after it on the connection', async () => {
    for (const after of [() => {}, (socket: Socket) => socket.resetAndDestroy()]) {
      expect(await start({ bytes: respond(started('task-1')), after })).toMatchObject({ kind: 'started' });
    }
  });

  it('is something for every status, header and body, and a start for nothing but a 2xx', () => {
    const headers = fc.record(
      { 'retry-after': fc.string(), 'cf-mitigated': fc.string(), 'x-fiber-sandbox': fc.constantFrom('true', 'no') },
      { requiredKeys: [] },
    );
    const body = fc.oneof(
      fc.string(),
      fc.json(),
      fc.json().map((id) => `{"output":{"taskId":${id}}}`),
    );
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999 }), headers, body, (httpStatus, headers, body) => {
        const { kind } = classifyStart({ httpStatus, headers, answer: { bytes: Buffer.from(body) } }, noon);
        if (kind === 'started') expect(Math.floor(httpStatus / 100)).toBe(2);
        else expect(kind).toMatch(/^(refused|rate-limited|blocked|turned-away|sandbox|unknown)$/);
      }),
    );
  });
});
