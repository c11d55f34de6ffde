import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { classify } from '../../../lambdas/fiber/http/vendor-response.ts';

const nowMs = Date.parse('2026-11-23T12:00:00Z');
const answerTo = (httpStatus: number, body: string, headers: Record<string, string> = {}) =>
  classify(
    {
      httpStatus,
      headers,
      answer: { bytes: Buffer.from(body), ...(headers['content-type'] && { contentType: headers['content-type'] }) },
    },
    nowMs,
  );
const json = '{"message":"no"}';
const pending = '{"output":{"done":false,"profile":{"status":"started"}}}';

describe('the status of an answer', () => {
  it.each([
    [400, { kind: 'refused', reason: 'request-refused', httpStatus: 400 }],
    [401, { kind: 'refused', reason: 'key-refused', httpStatus: 401 }],
    [402, { kind: 'refused', reason: 'out-of-credits', httpStatus: 402 }],
    [403, { kind: 'refused', reason: 'key-refused', httpStatus: 403 }],
    [404, { kind: 'refused', reason: 'task-not-found', httpStatus: 404 }],
    [422, { kind: 'refused', reason: 'request-refused', httpStatus: 422 }],
    [429, { kind: 'rate-limited' }],
    [500, { kind: 'unusable', problem: 'server-error', httpStatus: 500 }],
    [503, { kind: 'unusable', problem: 'server-error', httpStatus: 503 }],
    [302, { kind: 'unusable', problem: 'unexpected-status', httpStatus: 302 }],
  ])('of %i says what its number says', (httpStatus, answer) => {
    expect(answerTo(httpStatus, json)).toEqual(answer);
  });

  it.each([200, 201, 202, 203, 206])('of %i says what the body says', (httpStatus) => {
    expect(answerTo(httpStatus, pending)).toEqual({ kind: 'running', vendorStatus: 'started' });
    expect(answerTo(httpStatus, json)).toMatchObject({ kind: 'unusable', problem: 'not-an-answer', httpStatus });
  });

  it('says something for every number and body', () => {
    fc.assert(
      fc.property(fc.integer(), fc.oneof(fc.string(), fc.json()), (httpStatus, body) => {
        expect(answerTo(httpStatus, body).kind).toMatch(/^(done|running|rate-limited|refused|unusable)$/);
      }),
    );
  });
});

describe('an error of the network in front of the vendor', () => {
  const page = '<!DOCTYPE html><title>Just a moment...</title>';

  it.each<[string, number, string, Record<string, string>]>([
    ['a challenge', 403, page, { 'content-type': 'text/html; charset=UTF-8', 'cf-mitigated': 'challenge' }],
    ['a challenge that is JSON', 403, json, { 'cf-mitigated': 'challenge' }],
    ['a page', 403, page, {}],
    ['a page in place of the key check', 401, page, {}],
    ['a page in place of the task', 404, page, { 'content-type': 'text/html' }],
    ['a word of Cloudflare', 403, 'error code: 1020', { server: 'cloudflare' }],
    ['a status that only Cloudflare has', 522, '', {}],
    ['its bad gateway', 502, '<html>', { server: 'CloudFront' }],
  ])('says nothing of the key or the task: %s', (_what, httpStatus, body, headers) => {
    expect(answerTo(httpStatus, body, headers)).toEqual({ kind: 'unusable', problem: 'edge', httpStatus });
  });

  it('is what holds more lists than a handler has memory for, and is not read to find out', () => {
    const nested = '['.repeat(500_000) + ']'.repeat(500_000);
    const parse = vi.spyOn(JSON, 'parse');
    expect(answerTo(403, nested, { server: 'cloudflare' })).toMatchObject({ kind: 'unusable', problem: 'edge' });
    expect(parse).not.toHaveBeenCalled();
    parse.mockRestore();
  });

  it('is not what the vendor says through it', () => {
    const headers = { server: 'cloudflare', 'content-type': 'application/json' };
    expect(answerTo(403, json, headers)).toMatchObject({ kind: 'refused', reason: 'key-refused' });
    expect(answerTo(500, json, headers)).toMatchObject({ problem: 'server-error' });
    expect(answerTo(429, page, { 'retry-after': '7' })).toEqual({ kind: 'rate-limited', retryAfterMs: 7_000 });
  });
});

describe('Retry-After', () => {
  const zone = process.env.TZ;
  afterEach(() => {
    if (zone === undefined) delete process.env.TZ;
    else process.env.TZ = zone;
  });

  it.each([
    ['30', { retryAfterMs: 30_000 }],
    [' 0 ', { retryAfterMs: 0 }],
    ['120.5', { retryAfterMs: 121_000 }],
    ['5400', { retryAfterMs: 3_600_000 }],
    ['99999999999999999999', { retryAfterMs: 3_600_000 }],
    ['Mon, 23 Nov 2026 12:00:45 GMT', { retryAfterMs: 45_000 }],
    ['Mon, 23 Nov 2026 18:00:00 GMT', { retryAfterMs: 3_600_000 }],
    ['Mon, 23 Nov 2026 11:00:00 GMT', {}],
    ['2026-11-23T13:00:45+01:00', { retryAfterMs: 45_000 }],
    ['soon', {}],
    ['-5', {}],
    ['', {}],
    ['Mon, 23 Foo 2026 12:00:45 GMT', {}],
  ])('of %j is read', (header, expected) => {
    expect(answerTo(429, json, { 'retry-after': header })).toEqual({ kind: 'rate-limited', ...expected });
  });

  it.each(['UTC', 'America/Los_Angeles', 'Asia/Kolkata'])('is UTC in all its forms on a machine in %s', (tz) => {
    process.env.TZ = tz;
    for (const header of [
      'Mon, 23 Nov 2026 12:00:45 GMT',
      'Monday, 23-Nov-26 12:00:45 GMT',
      'Mon Nov 23 12:00:45 2026',
    ]) {
      expect(answerTo(429, json, { 'retry-after': header })).toEqual({ kind: 'rate-limited', retryAfterMs: 45_000 });
    }
  });

  it('takes two digits of a year for the century that is near', () => {
    const headers = { date: 'Sunday, 06-Nov-94 08:49:37 GMT', 'retry-after': 'Sun Nov  6 08:50:37 1994' };
    expect(answerTo(429, json, headers)).toEqual({ kind: 'rate-limited', retryAfterMs: 60_000 });
  });

  it('counts from the date of the answer, if that has one', () => {
    const headers = { date: 'Mon, 23 Nov 2026 11:55:00 GMT', 'retry-after': 'Mon, 23 Nov 2026 11:56:00 GMT' };
    expect(answerTo(429, json, headers)).toEqual({ kind: 'rate-limited', retryAfterMs: 60_000 });
    expect(answerTo(429, json, { ...headers, date: 'today' })).toEqual({ kind: 'rate-limited' });
  });

  it('counts for a 503 as well, and for no other error', () => {
    const headers = { 'retry-after': '300' };
    expect(answerTo(503, json, headers)).toEqual({
      kind: 'unusable',
      problem: 'server-error',
      httpStatus: 503,
      retryAfterMs: 300_000,
    });
    expect(answerTo(500, json, headers)).not.toHaveProperty('retryAfterMs');
  });
});
