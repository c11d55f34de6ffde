import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inCredits, readCredits, readLimits } from '../../lambdas/fiber/account.ts';
import { FiberAccount } from '../../lambdas/fiber/fiber-account.ts';
import { StandInFiber, seededRandom } from '../../local/fiber/index.ts';
import { atRawVendor, noon, type OnWire, respond } from '../support/raw-vendor.ts';

const startPath = '/v1/contact-details/exhaustive/start';
const pollPath = '/v1/contact-details/exhaustive/poll';
const limit = (path: string, max: unknown, beside: object = {}) => ({
  method: 'POST',
  path,
  max,
  windowSeconds: 60,
  isCustom: false,
  ...beside,
});

describe('the account, at the stand-in', () => {
  let fiber: StandInFiber;
  let account: FiberAccount;
  beforeAll(async () => {
    const apiKey = ['key-8c1f', 'sk_test_1'];
    fiber = await StandInFiber.listen({ apiKey, random: seededRandom(1), credits: 500, limit: { polls: 100 } });
    account = new FiberAccount({ baseUrl: fiber.url, now: () => noon });
  });
  afterAll(() => fiber.close());

  it('has its limits', async () => {
    expect(await account.limits('key-8c1f')).toEqual({
      kind: 'read',
      isSandbox: false,
      value: {
        start: { max: 120, windowSeconds: 60, isCustom: false },
        poll: { max: 100, windowSeconds: 60, isCustom: false },
      },
    });
  });

  it('has its credits, and what reveals cost', async () => {
    const answer = await account.credits('key-8c1f');
    expect(answer).toMatchObject({ kind: 'read', value: { available: 500, used: 0, max: 500, unit: 'credits' } });
    const { prices } = (answer as { value: { prices: Record<string, number> } }).value;
    expect(Object.values(prices)).toEqual([12, 9, 5, 5, 4]);
  });

  it('says whether its key is one of the sandbox', async () => {
    expect(await account.limits('sk_test_1')).toMatchObject({ kind: 'read', isSandbox: true });
    expect(await account.credits('sk_test_1')).toMatchObject({ kind: 'read', isSandbox: true });
  });

  it('is nobody with a wrong key', async () => {
    expect(await account.limits('wrong-key')).toEqual({ kind: 'key-refused', httpStatus: 401 });
    expect(await account.credits('wrong-key')).toEqual({ kind: 'key-refused', httpStatus: 401 });
  });

  it('is asked for with nothing that cannot stand in a header', async () => {
    for (const key of ['', 'key\r\nx-other: 1', 'ключ', 'a key']) {
      expect(await account.limits(key)).toEqual({ kind: 'key-refused' });
    }
  });
});

describe('the request for an account', () => {
  const ask = (onWire: OnWire) =>
    atRawVendor(onWire, (baseUrl) =>
      new FiberAccount({ baseUrl, now: () => noon, totalTimeoutMs: 500 }).credits('key-8c1f'),
    );

  it('has the key in a header and in no address', async () => {
    const { request } = await ask(respond({ output: { available: 1 } }));
    expect(request).toMatch(/^GET \/v1\/get-org-credits HTTP\/1\.1\r\n/);
    expect(request).toMatch(/\r\nx-api-key: key-8c1f\r\n/);
    expect(request.split('key-8c1f')).toHaveLength(2);
  });

  it.each<[string, OnWire, object]>([
    ['a wrong key', respond({ message: 'no' }, {}, '401 Unauthorized'), { kind: 'key-refused', httpStatus: 401 }],
    ['a key without rights', respond({ message: 'no' }, {}, '403 Forbidden'), { kind: 'key-refused', httpStatus: 403 }],
    [
      'too many',
      respond({ message: 'no' }, { 'retry-after': '3' }, '429 Too Many'),
      { kind: 'rate-limited', retryAfterMs: 3_000 },
    ],
    [
      'a sandbox',
      respond({ message: 'no' }, { 'x-fiber-sandbox': 'true' }, '501 Not Implemented'),
      { kind: 'sandbox' },
    ],
    [
      'a challenge',
      respond('<html>', { 'cf-mitigated': 'challenge' }, '403 Forbidden'),
      { kind: 'unusable', problem: 'edge', httpStatus: 403 },
    ],
    [
      'no such path',
      respond({ message: 'no' }, {}, '404 Not Found'),
      { kind: 'unusable', problem: 'unexpected-status', httpStatus: 404 },
    ],
    [
      'a fault',
      respond({ message: 'no' }, {}, '500 Oh'),
      { kind: 'unusable', problem: 'server-error', httpStatus: 500 },
    ],
    [
      'a redirect',
      respond('', { location: '/x' }, '302 Found'),
      { kind: 'unusable', problem: 'unexpected-status', httpStatus: 302 },
    ],
    ['a page', respond('<html>'), { kind: 'unusable', problem: 'not-json', httpStatus: 200 }],
    ['something else', respond({ output: {} }), { kind: 'unusable', problem: 'not-an-answer', httpStatus: 200 }],
    ['lists in lists', respond('['.repeat(500_000)), { kind: 'unusable', problem: 'too-large', httpStatus: 200 }],
    ['nothing', '', { kind: 'unusable', problem: 'cut-off' }],
    ['silence', { bytes: '', after: () => {} }, { kind: 'unusable', problem: 'timed-out' }],
  ])('that brings %s says so', async (_what, onWire, answer) => {
    expect((await ask(onWire)).answer).toEqual(answer);
  });
});

describe('limits', () => {
  const both = [limit('/v1/other', 5), limit(startPath, 120), limit(pollPath, '240')];

  it.each<[string, unknown]>([
    ['where the contract has them', { output: { rateLimits: both } }],
    ['in an output that is the list', { output: both }],
    ['without an output', { rateLimits: both }],
    ['alone', both],
  ])('are read %s', (_where, json) => {
    expect(readLimits(json)).toEqual({
      start: { max: 120, windowSeconds: 60, isCustom: false },
      poll: { max: 240, windowSeconds: 60, isCustom: false },
    });
  });

  it('are those that were agreed on, and else the tightest', () => {
    const custom = limit(startPath, 600, { isCustom: true });
    expect(readLimits([limit(startPath, 120), custom])).toMatchObject({ start: { max: 600, isCustom: true } });
    const tight = limit(startPath, 1_000, { windowSeconds: 3_600 });
    expect(readLimits([limit(startPath, 120), tight])).toMatchObject({ start: { max: 1_000, windowSeconds: 3_600 } });
  });

  it('that cannot be read are not stated', () => {
    const odd = [
      null,
      'x',
      limit(startPath, 'many'),
      limit(startPath, 1, { windowSeconds: 0 }),
      limit(startPath, 1, { method: 'GET' }),
      limit(`${startPath}/all`, 1),
    ];
    expect(readLimits({ output: { rateLimits: odd } })).toEqual({});
    expect(readLimits({ output: {} })).toBeUndefined();
  });
});

describe('credits', () => {
  const stated = { max: 1_000, used: 20, available: 980, usagePeriodResetsOn: '2026-12-01' };

  it.each<[string, object]>([
    ['where the contract has them', { output: stated }],
    ['in a list', { output: [stated] }],
    ['in a list behind something else', { output: [null, {}, stated] }],
    ['as text', { output: { ...stated, max: '1000', used: '20', available: ' 980 ' } }],
    ['without an output', stated],
  ])('are read %s', (_where, json) => {
    const { usagePeriodResetsOn: resetsOn, ...amounts } = stated;
    expect(readCredits(json)).toEqual({ ...amounts, resetsOn, prices: {}, unit: 'unknown' });
  });

  it.each<[string, unknown, string, Record<string, number>]>([
    ['credits', { exhaustiveAll: 12, search: 1_000 }, 'credits', { exhaustiveAll: 12, search: 1_000 }],
    ['hundredths', { exhaustiveAll: 1_200, search: 10 }, 'hundredths', { exhaustiveAll: 1_200, search: 10 }],
    ['one kind', { exhaustivePhone: '400' }, 'hundredths', { exhaustivePhone: 400 }],
    ['objects', { exhaustive: { all: 12, phone: 4 } }, 'credits', { 'exhaustive.all': 12, 'exhaustive.phone': 4 }],
    ['a list', [{ operation: 'exhaustive-all', credits: 1_200 }, null], 'hundredths', { 'exhaustive-all': 1_200 }],
    ['other operations', { search: 100 }, 'unknown', { search: 100 }],
    ['nothing', null, 'unknown', {}],
  ])('count in what a price list of %s shows', (_what, creditsPerOperation, unit, prices) => {
    expect(readCredits({ output: { ...stated, creditsPerOperation } })).toMatchObject({ unit, prices });
  });

  it('are whole ones again, where it is known what they count in', () => {
    expect([inCredits(1_250, 'hundredths'), inCredits(12, 'credits'), inCredits(12, 'unknown')]).toEqual([
      12.5,
      12,
      undefined,
    ]);
  });

  it('and limits have a reading or none for every JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (json, creditsPerOperation) => {
        readLimits(json);
        readCredits({ output: { available: 1, creditsPerOperation } });
        expect(readCredits({ output: json }) ?? { prices: {} }).toHaveProperty('prices');
      }),
    );
  });
});
