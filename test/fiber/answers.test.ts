import type { Socket } from 'node:net';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { FiberClientOptions } from '../../lambdas/fiber/fiber-client.ts';
import { askRaw, finished, type OnWire, respond, written } from '../support/raw-vendor.ts';

const body = JSON.stringify(finished());
const bytes = Buffer.from(body);
const emails = finished().output.profile.emails;
const mark = (...codes: number[]) => Buffer.from(codes);

const ask = async (onWire: OnWire, options: Partial<FiberClientOptions> = {}) => (await askRaw(onWire, options)).answer;
/** @throws unless the vendor's answer is a finished one */
async function askDone(onWire: OnWire) {
  const answer = await ask(onWire);
  if (answer.kind !== 'done') throw new Error(JSON.stringify(answer));
  return answer;
}

describe('an answer whose bytes are not what was asked for', () => {
  it.each<[string, Buffer]>([
    ['a UTF-8 mark before it', Buffer.concat([mark(0xef, 0xbb, 0xbf), bytes])],
    ['UTF-16 with its mark', Buffer.concat([mark(0xff, 0xfe), Buffer.from(body, 'utf16le')])],
    ['UTF-16 the other way round', Buffer.concat([mark(0xfe, 0xff), Buffer.from(body, 'utf16le').swap16()])],
    ['UTF-16 without a mark', Buffer.from(body, 'utf16le')],
    ['white space around it', Buffer.from(`\r\n ${body}\n`)],
  ])('is read with %s', async (_what, raw) => {
    const answer = await askDone(respond(raw));
    expect(answer).toMatchObject({ outcome: 'completed', result: { emails }, lossy: false });
    expect(answer.answer).toEqual({ bytes: raw, contentType: 'application/json' });
  });

  it.each([
    ['gzip', gzipSync(bytes)],
    ['x-gzip', gzipSync(bytes)],
    ['GZIP', gzipSync(bytes)],
    ['deflate', deflateSync(bytes)],
    ['deflate', deflateRawSync(bytes)],
    ['br', brotliCompressSync(bytes)],
    ['identity', bytes],
    ['deflate, gzip', gzipSync(deflateSync(bytes))],
    // Somebody on the way has undone it and kept the header.
    ['gzip', bytes],
  ])('is taken out of its coding: %s', async (coding, coded) => {
    const { answer, result } = await askDone(respond(coded, { 'content-encoding': coding }));
    expect(result.emails).toEqual(emails);
    expect(Buffer.from(answer.bytes)).toEqual(bytes);
  });

  it.each([
    ['half a gzip', 'gzip', gzipSync(bytes).subarray(0, 40), 'bad-response'],
    ['a coding that nobody knows', 'compress', bytes, 'bad-response'],
    ['a field of every object for a coding', 'constructor', bytes, 'bad-response'],
    ['no brotli', 'br', bytes, 'bad-response'],
    ['a bomb', 'gzip', gzipSync(Buffer.alloc(20_000_000, 'a')), 'too-large'],
    ['a bomb in a bomb', 'br, gzip', gzipSync(brotliCompressSync(Buffer.alloc(20_000_000, 'a'))), 'too-large'],
  ])('is none in a coding that is %s', async (_what, coding, coded, problem) => {
    const answer = await ask(respond(coded, { 'content-encoding': coding }));
    expect(answer).toEqual({ kind: 'unusable', problem, httpStatus: 200 });
  });
});

describe('the charset of an answer', () => {
  const names = { fullName: 'Jörg Müller', emails: [{ email: 'jörg@example.org', type: 'work' }] };
  const latin1 = Buffer.from(JSON.stringify(finished(names)), 'latin1');

  it.each(['ISO-8859-1', '"iso-8859-1"', 'Latin1; odd=yes', 'windows-1252'])(
    'is %s if its header says so',
    async (charset) => {
      const answer = await askDone(respond(latin1, { 'content-type': `application/json; charset=${charset}` }));
      expect(answer).toMatchObject({ result: { emails: names.emails }, lossy: false });
    },
  );

  it.each([undefined, 'text/plain', 'application/json; charset=utf8', 'application/json; charset=klingon'])(
    'is UTF-8 with the header %s',
    async (contentType) => {
      const answer = await askDone(respond(finished(names), { 'content-type': contentType }));
      expect(answer).toMatchObject({ result: { emails: names.emails }, lossy: false });
    },
  );

  it('says so where the bytes are none in it, and sets the address aside that nobody can read', async () => {
    const text = JSON.stringify(
      finished({
        emails: [
          { email: 'j@rg@example.org' },
          { email: 'b@example.org', note: 'J@rg' },
          { email: 'c@example.org', note: '\ufffd' },
        ],
      }),
    );
    const raw = Buffer.from(text);
    for (let at = raw.indexOf('@rg'); at >= 0; at = raw.indexOf('@rg')) raw[at] = 0xf6;
    const answer = await askDone(respond(raw, { 'content-type': 'application/json; charset=utf-8' }));
    expect(answer).toMatchObject({
      // The replacement character that the vendor sent itself is as good as any.
      result: { emails: [{ email: 'b@example.org' }, { email: 'c@example.org', note: '\ufffd' }] },
      unreadable: 1,
      lossy: true,
      lossyBecause: ['malformed-text', 'fields-left-out'],
    });
    expect(answer.result.emails[0]).not.toHaveProperty('note');
    expect(Buffer.from(answer.answer.bytes)).toEqual(raw);
  });
});

describe('an answer that says more than a double or a plain object holds', () => {
  it('is not JSON with NaN in it', async () => {
    const answer = await ask(respond(written(finished({}, { confidence: 'X' }), 'NaN')));
    expect(answer).toMatchObject({
      kind: 'unusable',
      problem: 'not-json',
      httpStatus: 200,
      answer: { bytes: expect.anything() },
    });
  });

  it.each([
    ['1e400', 'inexact-numbers'],
    ['1610521604143693813', 'inexact-numbers'],
    ['{"a":1,"a":2}', 'duplicate-names'],
  ])('completes with %s, and says that it was not read exactly', async (x, because) => {
    const text = written(finished({ personId: 'X' }, { score: 'X' }), x);
    const answer = await askDone(respond(text));
    expect(answer).toMatchObject({ outcome: 'completed', result: { emails }, lossy: true, lossyBecause: [because] });
    expect(Buffer.from(answer.answer.bytes).toString()).toBe(text);
  });

  it.each([20_000, 100_000, 300_000])('completes with %i levels of lists', async (depth) => {
    const text = written(finished({ extra: 'X' }), `${'['.repeat(depth)}${']'.repeat(depth)}`);
    const answer = await askDone(respond(text));
    expect(answer).toMatchObject({ outcome: 'completed', result: { emails }, lossy: false });
    expect(answer.answer.bytes.length).toBe(Buffer.byteLength(text));
  });

  it('keeps an id that is rounded out of the list, and in the answer', async () => {
    const text = written(finished({ emails: [{ email: 'a@example.org', sourceId: 'X' }] }), '2916334247900527531');
    const { result, answer } = await askDone(respond(text));
    expect(result.emails).toEqual([{ email: 'a@example.org' }]);
    expect(Buffer.from(answer.bytes).toString()).toContain('2916334247900527531');
  });

  it('keeps a field named __proto__', async () => {
    const text = JSON.stringify(finished({ emails: [{ email: 'a@example.org', P: 'kept?' }] })).replace(
      '"P"',
      '"__proto__"',
    );
    expect(JSON.stringify((await askDone(respond(text))).result.emails)).toContain('"__proto__":"kept?"');
  });

  it('lists what was found where an empty list of the same name follows', async () => {
    const text = JSON.stringify(finished()).replace('"phoneNumbers"', '"emails":[],"phoneNumbers"');
    expect(await askDone(respond(text))).toMatchObject({ result: { emails }, lossy: true });
  });
});

describe('entries of an answer', () => {
  it('that are bad hide none that are good', async () => {
    const lists = {
      emails: [{ email: 'a@example.org' }, null, { email: 'b@example.org' }],
      lowQualityEmails: [{ email: 'low@example.org' }, { email: null }],
      phoneNumbers: [{ number: '+12025550101' }, { number: 12025550102 }],
    };
    expect(await askDone(respond(finished(lists)))).toMatchObject({
      result: {
        emails: [{ email: 'a@example.org' }, { email: 'b@example.org' }],
        lowQualityEmails: [{ email: 'low@example.org' }],
        phoneNumbers: [{ number: '+12025550101' }, { number: '12025550102' }],
      },
      unreadable: 2,
    });
  });

  it('are all there where there are 12,000', async () => {
    const many = Array.from({ length: 12_000 }, (_, rank) => ({ email: `p${rank}@example.org`, type: 'work', rank }));
    expect((await askDone(respond(finished({ emails: many })))).result.emails).toEqual(many);
  });

  it('come with credits that are numbers, where they came as text', async () => {
    const lowCreditAlert = { getMoreCreditsUrl: 'https://example.org', message: 'low', availableCredits: '7' };
    const charged = finished({}, { chargeInfo: { method: 'charged-now', creditsCharged: '12', lowCreditAlert } });
    expect((await askDone(respond(charged))).charge).toMatchObject({
      creditsCharged: 12,
      lowCreditAlert: { availableCredits: 7 },
    });
  });
});

describe('the status of an answer', () => {
  const running = { output: { done: false, profile: { emails: [], phoneNumbers: [], status: 'started' } } };

  it('of a 202 is what its body says', async () => {
    expect(await ask(respond(running, {}, '202 Accepted'))).toEqual({ kind: 'running', vendorStatus: 'started' });
    expect(await ask(respond(finished(), {}, '202 Accepted'))).toMatchObject({ kind: 'done', outcome: 'completed' });
  });

  it('is nothing that concerns the key where a network in front of the vendor wants to see a browser', async () => {
    const headers = { 'content-type': 'text/html; charset=UTF-8', server: 'cloudflare', 'cf-mitigated': 'challenge' };
    const answer = await ask(respond('<!DOCTYPE html><title>Just a moment...</title>', headers, '403 Forbidden'));
    expect(answer).toEqual({ kind: 'unusable', problem: 'edge', httpStatus: 403 });
  });

  it('says how long to wait, by the clock of who says it', async () => {
    const headers = { date: 'Mon, 23 Nov 2026 11:55:00 GMT', 'retry-after': 'Mon, 23 Nov 2026 11:56:00 GMT' };
    const tooMany = await ask(respond({ message: 'slow down' }, headers, '429 Too Many Requests'));
    expect(tooMany).toEqual({ kind: 'rate-limited', retryAfterMs: 60_000 });
    const down = await ask(respond({ message: 'maintenance' }, { 'retry-after': '120.5' }, '503 Service Unavailable'));
    expect(down).toMatchObject({ problem: 'server-error', retryAfterMs: 121_000 });
  });

  it.each<[string, Buffer | string, string, string]>([
    ['204', 'HTTP/1.1 204 No Content\r\n\r\n', 'not-json', 'unusable'],
    ['an empty 200', respond(''), 'not-json', 'unusable'],
    ['a redirect', respond('', { location: '/elsewhere' }, '307 Temporary Redirect'), 'unexpected-status', 'unusable'],
    ['a page to sign in', respond('<html>Sign in</html>', { 'content-type': 'text/html' }), 'not-json', 'unusable'],
    ['520', respond('web server down', {}, '520 Unknown'), 'edge', 'unusable'],
    ['an error in a 200', respond({ success: false, error: 'internal' }), 'not-an-answer', 'unusable'],
    ['a null output', respond({ output: null, chargeInfo: null, advice: [] }), 'not-an-answer', 'unusable'],
  ])('of %s is no result', async (_what, onWire, problem, kind) => {
    expect(await ask(onWire)).toMatchObject({ kind, problem });
  });
});

describe('a connection', () => {
  it.each<[string, (socket: Socket) => void]>([
    ['stays open', () => {}],
    ['is reset', (socket) => socket.resetAndDestroy()],
    ['is closed', (socket) => socket.end()],
    ['goes on with what is not HTTP', (socket) => socket.end('\0\0 and so on')],
  ])('that %s after the last byte of an answer takes nothing from it', async (_what, after) => {
    expect(await askDone({ bytes: respond(finished()), after })).toMatchObject({ result: { emails } });
  });

  it('may bring more than the answer in the same breath', async () => {
    const onWire = Buffer.concat([respond(finished(), { connection: 'close' }), Buffer.from('HTTP/1.1 junk\r\n\r\n')]);
    expect(await askDone(onWire)).toMatchObject({ result: { emails } });
  });

  it('may say how it goes before it answers, and in pieces with notes and a trailer', async () => {
    const chunk = `${bytes.length.toString(16)};ext=1\r\n${body}\r\n0\r\nx-trailer: 1\r\n\r\n`;
    const head = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n';
    const early = 'HTTP/1.1 103 Early Hints\r\nlink: </x>; rel=preload\r\n\r\n';
    expect(await askDone(early + head + chunk)).toMatchObject({ result: { emails } });
  });

  it('may have no length: then its end is the end of the answer', async () => {
    expect(await askDone(respond(finished(), { 'content-length': undefined }))).toMatchObject({ result: { emails } });
  });

  it.each([20_000, 60_000])('may have %i bytes of headers', async (length) => {
    expect(await askDone(respond(finished(), { 'content-security-policy': 'x'.repeat(length) }))).toMatchObject({
      result: { emails },
    });
  });

  it('may be IPv6 alone', async () => {
    expect((await askRaw(respond(finished()), { host: '::1' })).answer).toMatchObject({ kind: 'done' });
  });

  const cut = respond(finished()).subarray(0, 150);
  const chunked = { 'transfer-encoding': 'chunked' };
  const isQuick = { totalTimeoutMs: 50 };
  it.each<[string, OnWire, Partial<FiberClientOptions>]>([
    ['cut-off', cut, {}],
    ['cut-off', { bytes: cut, after: (socket) => socket.resetAndDestroy() }, {}],
    ['cut-off', '', {}],
    ['cut-off', respond('5\r\n{"out', { ...chunked, 'content-length': undefined }), {}],
    ['bad-response', respond(finished(), chunked), {}],
    ['bad-response', respond(finished(), { 'content-length': '12, 13' }), {}],
    ['bad-response', respond(`zz\r\n${body}`, { ...chunked, 'content-length': undefined }), {}],
    ['bad-response', 'SSH-2.0-OpenSSH_9.6\r\n', {}],
    ['bad-response', respond(finished(), { 'x-endless': 'x'.repeat(300_000) }), {}],
    ['too-large', respond(finished({ raw: 'x'.repeat(5 * 1024 * 1024) })), {}],
    ['timed-out', { bytes: cut, after: () => {} }, isQuick],
    ['timed-out', { bytes: '', after: () => {} }, isQuick],
  ])('that brings no answer says in one word why: %s', async (problem, onWire, options) => {
    expect(await ask(onWire, options)).toEqual({ kind: 'unusable', problem });
  });
});
