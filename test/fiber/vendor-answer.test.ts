import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classify, countFound } from '../../lambdas/fiber/vendor-answer.ts';
import { asKnownCharge } from '../../lambdas/fiber/vendor-schema.ts';

const nowMs = Date.parse('2026-11-23T12:00:00Z');
const answerTo = (body: unknown, httpStatus = 200) =>
  classify({ httpStatus, body: typeof body === 'string' ? body : JSON.stringify(body) }, nowMs);

const finished = {
  output: {
    profile: {
      emails: [{ email: 'ada@example.com', type: 'work', status: 'valid' }],
      phoneNumbers: [{ number: '+15550100', type: 'mobile' }],
      status: 'completed',
      exhaustive: true,
      lowQualityEmails: [{ email: 'a.l@example.org', type: 'personal', status: 'risky' }],
    },
    done: true,
  },
  chargeInfo: { method: 'charged-for-async-process', creditsCharged: 12, message: 'charged' },
  warnings: [{ field: 'x', message: 'unknown' }],
  advice: ['keep it'],
};

describe('classify', () => {
  it('reads a finished answer, with high-quality and low-quality e-mails apart', () => {
    expect(answerTo(finished)).toEqual({
      kind: 'done',
      outcome: 'completed',
      vendorStatus: 'completed',
      result: {
        emails: [{ email: 'ada@example.com', type: 'work', status: 'valid' }],
        lowQualityEmails: [{ email: 'a.l@example.org', type: 'personal', status: 'risky' }],
        phoneNumbers: [{ number: '+15550100', type: 'mobile' }],
        profile: { status: 'completed', exhaustive: true },
        answer: { warnings: [{ field: 'x', message: 'unknown' }], advice: ['keep it'] },
      },
      charge: { method: 'charged-for-async-process', creditsCharged: 12, message: 'charged' },
    });
  });

  it.each(['started', 'live-enriching', 'grabbing-contact-info', 'a-status-of-tomorrow'])(
    'takes %s with partial results as running',
    (status) => {
      const profile = { ...finished.output.profile, status };
      expect(answerTo({ ...finished, output: { profile, done: false } })).toEqual({
        kind: 'running',
        vendorStatus: status,
      });
    },
  );

  it('takes a failure with an error as finished, whether or not it says done', () => {
    const profile = { emails: [], phoneNumbers: [], status: 'failed', error: 'no such person' };
    for (const done of [true, false]) {
      expect(answerTo({ ...finished, output: { profile, done } })).toMatchObject({ kind: 'done', outcome: 'failed' });
    }
  });

  it('keeps fields and enum values it has never seen', () => {
    const email = { email: 'ada@example.com', type: 'satellite', status: 'quantum', since: 2031 };
    const answer = answerTo({
      output: {
        profile: {
          ...finished.output.profile,
          emails: [email],
          status: 'perfected',
          foundOtherTypes: { workEmails: 2 },
        },
        done: true,
        confidence: 0.9,
      },
      chargeInfo: { method: 'barter', goats: 2 },
      advice: [],
      galaxy: 'new',
    });
    expect(answer).toMatchObject({
      kind: 'done',
      outcome: 'completed',
      vendorStatus: 'perfected',
      result: {
        emails: [email],
        profile: { foundOtherTypes: { workEmails: 2 } },
        answer: { galaxy: 'new', output: { confidence: 0.9 } },
      },
      charge: { method: 'barter', goats: 2 },
    });
  });

  it('keeps a list it cannot read where it was, and the finished result with it', () => {
    const profile = {
      status: 'completed',
      emails: { oops: true },
      phoneNumbers: ['+15550100'],
      lowQualityEmails: null,
    };
    expect(answerTo({ output: { profile, done: true }, chargeInfo: 'free' })).toMatchObject({
      kind: 'done',
      result: { emails: [], lowQualityEmails: [], phoneNumbers: [], profile, answer: { chargeInfo: 'free' } },
    });
  });

  it.each([
    ['text', 'not json', 'not-json'],
    ['a page', '<html>hello</html>', 'not-json'],
    ['half an answer', JSON.stringify(finished).slice(0, 100), 'not-json'],
    ['an empty body', '', 'not-json'],
    ['another shape', { hello: 1 }, 'not-an-answer'],
    ['no profile', { output: { done: true } }, 'not-an-answer'],
    ['a done that is no boolean', { output: { done: 'true', profile: {} } }, 'not-an-answer'],
    ['null', null, 'not-an-answer'],
  ])('takes %s as an answer that says nothing', (_name, body, problem) => {
    expect(answerTo(body)).toEqual({ kind: 'unusable', problem, httpStatus: 200 });
  });

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
  ])('knows what a %i means', (httpStatus, answer) => {
    expect(answerTo({ message: 'no' }, httpStatus)).toEqual(answer);
  });

  it.each([
    ['30', { retryAfterMs: 30_000 }],
    [' 0 ', { retryAfterMs: 0 }],
    ['Mon, 23 Nov 2026 12:00:45 GMT', { retryAfterMs: 45_000 }],
    ['Mon, 23 Nov 2026 11:00:00 GMT', {}],
    ['99999999', {}],
    ['soon', {}],
    ['-5', {}],
  ])('reads Retry-After: %s', (retryAfter, expected) => {
    expect(classify({ httpStatus: 429, body: '', retryAfter }, nowMs)).toEqual({ kind: 'rate-limited', ...expected });
  });

  it('has an answer for every status and body', () => {
    fc.assert(
      fc.property(fc.integer(), fc.oneof(fc.string(), fc.json()), (httpStatus, body) => {
        expect(classify({ httpStatus, body }, nowMs).kind).toMatch(/^(done|running|rate-limited|refused|unusable)$/);
      }),
    );
  });
});

describe('countFound', () => {
  it('counts each list', () => {
    const answer = answerTo(finished);
    expect(answer.kind === 'done' && countFound(answer.result)).toEqual({
      emails: 1,
      lowQualityEmails: 1,
      phoneNumbers: 1,
    });
  });
});

describe('asKnownCharge', () => {
  const alert = { getMoreCreditsUrl: 'https://example.com', message: 'few left', availableCredits: 3 };

  it.each([
    { method: 'charged-now', creditsCharged: 5 },
    { method: 'charging-later', message: 'later' },
    { method: 'charged-for-async-process', creditsCharged: 12, message: 'done' },
    { method: 'free', message: 'none' },
    { method: 'credits-refunded', creditsRefunded: 4, message: 'back' },
  ])('knows $method, with and without a low-credit alert', (charge) => {
    expect(asKnownCharge(charge)).toEqual(charge);
    expect(asKnownCharge({ ...charge, lowCreditAlert: null })).toEqual({ ...charge, lowCreditAlert: null });
    expect(asKnownCharge({ ...charge, lowCreditAlert: alert })).toEqual({ ...charge, lowCreditAlert: alert });
  });

  it('does not pretend to know another one', () => {
    expect(asKnownCharge({ method: 'barter', goats: 2 })).toBeUndefined();
  });
});
