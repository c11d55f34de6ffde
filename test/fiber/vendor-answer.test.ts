import { describe, expect, it } from 'vitest';
import { countFound, type PollAnswer, readAnswer } from '../../lambdas/fiber/vendor-answer.ts';

const bytesOf = (body: unknown) => Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
const read = (body: unknown, contentType?: string) =>
  readAnswer({ bytes: bytesOf(body), ...(contentType !== undefined && { contentType }) });

/** @throws unless the answer is a finished one */
function readDone(body: unknown) {
  const answer = read(body);
  if (answer.kind !== 'done') throw new Error(JSON.stringify(answer));
  return answer;
}

const profile = {
  emails: [{ email: 'ada@example.com', type: 'work', status: 'valid' }],
  phoneNumbers: [{ number: '+15550100', type: 'mobile' }],
  status: 'completed',
  exhaustive: true,
  lowQualityEmails: [{ email: 'a.l@example.org', type: 'personal', status: 'risky' }],
};
const finished = {
  output: { profile, done: true },
  chargeInfo: { method: 'charged-for-async-process', creditsCharged: 12, message: 'charged' },
  warnings: [{ field: 'x', message: 'unknown' }],
  advice: ['keep it'],
};
const finishedWith = (changes: object) => ({
  ...finished,
  output: { profile: { ...profile, ...changes }, done: true },
});

describe('a finished answer', () => {
  it('is read with high-quality and low-quality e-mails apart', () => {
    expect(readDone(finished)).toMatchObject({
      outcome: 'completed',
      vendorStatus: 'completed',
      result: {
        emails: [{ email: 'ada@example.com', type: 'work', status: 'valid' }],
        lowQualityEmails: [{ email: 'a.l@example.org', type: 'personal', status: 'risky' }],
        phoneNumbers: [{ number: '+15550100', type: 'mobile' }],
      },
      unreadable: 0,
      lossy: false,
      lossyBecause: [],
      charge: { method: 'charged-for-async-process', creditsCharged: 12, message: 'charged' },
    });
  });

  it('is kept as it came', () => {
    const bytes = bytesOf(`  ${JSON.stringify(finished)}\n`);
    const answer = readAnswer({ bytes, contentType: 'application/json; charset=utf-8' });
    expect(answer).toHaveProperty('answer', { bytes, contentType: 'application/json; charset=utf-8' });
  });

  it.each(['started', 'live-enriching', 'grabbing-contact-info', 'a-status-of-tomorrow'])(
    'is none while it says %s, whatever it holds already',
    (status) => {
      const output = { profile: { ...profile, status }, done: false };
      expect(read({ ...finished, output })).toEqual({ kind: 'running', vendorStatus: status });
    },
  );

  it('of an unknown status is finished if it says so, and the status stays', () => {
    expect(readDone(finishedWith({ status: 'perfected' }))).toMatchObject({
      outcome: 'completed',
      vendorStatus: 'perfected',
    });
    expect(readDone(finishedWith({ status: 7 })).vendorStatus).toBe('unknown');
    expect(readDone(finishedWith({ status: `${'x'.repeat(63)}😀` })).vendorStatus.isWellFormed()).toBe(true);
  });

  it.each([
    ['text', 'not json', 'not-json'],
    ['a page', '<html>hello</html>', 'not-json'],
    ['half an answer', JSON.stringify(finished).slice(0, 100), 'not-json'],
    ['two answers', JSON.stringify(finished).repeat(2), 'not-json'],
    ['an empty body', '', 'not-json'],
    ['NaN', JSON.stringify({ ...finished, confidence: 'X' }).replace('"X"', 'NaN'), 'not-json'],
    ['another shape', { hello: 1 }, 'not-an-answer'],
    ['no profile', { output: { done: true } }, 'not-an-answer'],
    ['a done that is no boolean', { output: { done: 'true', profile: {} } }, 'not-an-answer'],
    ['an error', { success: false, error: 'internal' }, 'not-an-answer'],
    ['null', null, 'not-an-answer'],
  ])('is none if it is %s, which is kept all the same', (_name, body, problem) => {
    expect(read(body)).toEqual({ kind: 'unusable', problem, answer: { bytes: bytesOf(body ?? 'null') } });
  });
});

describe('an answer of more parts than a handler has memory for', () => {
  const withExtra = (extra: string) => JSON.stringify({ ...finished, extra: 'X' }).replace('"X"', extra);

  it.each([
    ['nested', `${'['.repeat(500_000)}${']'.repeat(500_000)}`],
    ['beside each other', `[${Array(500_000).fill('{}').join()}]`],
  ])('is too large, %s, and kept', (_how, extra) => {
    const body = withExtra(extra);
    expect(read(body)).toEqual({ kind: 'unusable', problem: 'too-large', answer: { bytes: bytesOf(body) } });
  });

  it('is not one that only speaks of them, or is just long', () => {
    expect(readDone(withExtra(`"${'[{:'.repeat(500_000)}"`))).toMatchObject({ lossy: false });
    expect(readDone(withExtra(`[${Array(500_000).fill('1').join()}]`))).toMatchObject({ lossy: false });
    expect(read(`"${'['.repeat(500_000)}`)).toMatchObject({ problem: 'not-json' });
  });
});

describe('a failure', () => {
  const failed = (error: unknown, done = true) =>
    read({ ...finished, output: { profile: { ...profile, status: 'failed', error }, done } });

  it('is finished, whether or not it says done, if it says what failed', () => {
    for (const done of [true, false]) {
      expect(failed('no such person', done)).toMatchObject({
        kind: 'done',
        outcome: 'failed',
        failure: 'no such person',
      });
    }
    expect(failed(null, false)).toEqual({ kind: 'running', vendorStatus: 'failed' });
  });

  it.each([
    ['a text', ' no such person ', 'no such person'],
    ['an object with a message', { code: 7, message: 'no such person' }, 'no such person'],
    ['a text without end', 'x'.repeat(5_000), 'x'.repeat(1_000)],
    ['nothing that is text', { code: 7 }, undefined],
    ['an empty text', ' ', undefined],
  ])('has the words of %s', (_what, error, words) => {
    expect((failed(error) as Extract<PollAnswer, { kind: 'done' }>).failure).toBe(words);
  });

  it('has no words where the reveal completed', () => {
    expect(readDone(finishedWith({ error: 'one source was down' }))).not.toHaveProperty('failure');
  });
});

describe('a bad entry', () => {
  const good = { email: 'ada@example.com', type: 'work' };

  it.each<[string, unknown]>([
    ['null', null],
    ['a text', 'oops'],
    ['a number', 5],
    ['a list', [good]],
    ['an object without an address', { type: 'work' }],
    ['one whose address is null', { email: null }],
    ['one whose address is empty', { email: ' ' }],
    ['one whose address is an object', { email: good }],
    ['one whose address is a number, which no e-mail address is', { email: 5 }],
  ])('that is %s is set aside and counted, and hides no good one', (_what, bad) => {
    const { result, unreadable } = readDone(finishedWith({ emails: [bad, good, bad] }));
    expect([result.emails, unreadable]).toEqual([[good], 2]);
    expect(result.phoneNumbers).toHaveLength(1);
  });

  it('counts in every list', () => {
    const lists = { emails: [null], lowQualityEmails: [{ email: null }], phoneNumbers: [{ number: {} }, good] };
    expect(readDone(finishedWith(lists)).unreadable).toBe(4);
  });

  it.each([null, undefined])('is not what a list is that is %s', (list) => {
    expect(readDone(finishedWith({ emails: list, lowQualityEmails: list }))).toMatchObject({
      result: { emails: [], lowQualityEmails: [] },
      unreadable: 0,
      lossy: false,
    });
  });

  it('is a list that is none, unless it is the only entry', () => {
    expect(readDone(finishedWith({ emails: 'none', phoneNumbers: { number: '+15550100' } }))).toMatchObject({
      result: { emails: [], phoneNumbers: [{ number: '+15550100' }] },
      unreadable: 1,
    });
  });
});

describe('a number where a text belongs', () => {
  it('is the text of a phone number', () => {
    const phoneNumbers = [{ number: 12025550101, type: 'mobile' }, { number: '+12025550102' }];
    expect(readDone(finishedWith({ phoneNumbers }))).toMatchObject({
      result: { phoneNumbers: [{ number: '12025550101', type: 'mobile' }, { number: '+12025550102' }] },
      unreadable: 0,
      lossy: false,
    });
  });

  it.each(['1202555010112025550101', '-12025550101', '1202.5', '1e400', '0'])(
    'is none that anybody knows if it is %s',
    (number) => {
      const body = JSON.stringify(finishedWith({ phoneNumbers: [{ number: 'X' }] })).replace('"X"', number);
      expect(readDone(body)).toMatchObject({ result: { phoneNumbers: [] }, unreadable: 1 });
    },
  );

  it('is the word for a type, where anything else is left out', () => {
    const emails = [
      { email: 'a@example.org', type: 3, status: null },
      { email: 'b@example.org', type: { id: 3 }, status: true, rank: 1 },
    ];
    expect(readDone(finishedWith({ emails }))).toMatchObject({ lossyBecause: ['fields-left-out'] });
    expect(readDone(finishedWith({ emails })).result.emails).toEqual([
      { email: 'a@example.org', type: '3', status: null },
      { email: 'b@example.org', rank: 1 },
    ]);
  });
});

describe('fields and values that nobody has seen before', () => {
  it('stay in their entry', () => {
    const email = { email: 'ada@example.com', type: 'satellite', status: 'quantum', since: 2031, seen: [{ by: null }] };
    expect(readDone(finishedWith({ emails: [email] }))).toMatchObject({ result: { emails: [email] }, lossy: false });
  });

  it('stay even if their name is __proto__', () => {
    const body = JSON.stringify(finishedWith({ emails: [{ email: 'a@example.org', P: { note: 'kept' } }] }));
    const answer = readDone(body.replace('"P"', '"__proto__"'));
    const [email = { email: '' }] = answer.result.emails;
    expect(Object.entries(email)).toEqual([
      ['email', 'a@example.org'],
      ['__proto__', { note: 'kept' }],
    ]);
    expect(answer.lossy).toBe(false);
  });

  it.each([
    ['nested too deep', `${'['.repeat(30)}${']'.repeat(30)}`],
    ['nested deeper than any writer goes', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
    ['a number that was rounded', '2916334247900527531'],
    ['a number beyond a double', '1e400'],
    ['half a character', '"\\ud800"'],
    ['an object with a field that has no name', '{"":1}'],
  ])('leave the list, and take nothing else with them, if they are %s', (_what, value) => {
    const body = JSON.stringify(finishedWith({ emails: [{ email: 'a@example.org', extra: 'X', rank: 1 }] }));
    const answer = readDone(body.replace('"X"', value));
    expect(answer.result.emails).toEqual([{ email: 'a@example.org', rank: 1 }]);
    expect(answer).toMatchObject({ unreadable: 0, lossy: true });
    expect(answer.lossyBecause).toContain('fields-left-out');
  });
});

describe('a reading that is not exact', () => {
  const withValue = (value: string) => JSON.stringify({ ...finished, extra: 'X' }).replace('"X"', value);

  it.each([
    ['a whole number beyond 2^53', '1610521604143693813', ['inexact-numbers']],
    ['a decimal with more digits than a double holds', '0.12345678901234567891', ['inexact-numbers']],
    ['a number larger than a double', '1e400', ['inexact-numbers']],
    ['a number smaller than a double', '1e-400', ['inexact-numbers']],
    ['a name twice', '{"a":1,"b":{"c":1,"\\u0063":2}}', ['duplicate-names']],
    ['half a surrogate pair', '"\\ud83d!"', ['malformed-text']],
  ])('says that it is for %s', (_what, value, lossyBecause) => {
    expect(readDone(withValue(value))).toMatchObject({ lossy: true, lossyBecause });
  });

  it.each(['9007199254740991', '-0', '0.1', '1.50', '1e2', '12E-1', '0.000', '5e-324', '1.7976931348623157e308'])(
    'is not what %s makes it',
    (value) => {
      expect(readDone(withValue(value))).toMatchObject({ lossy: false, lossyBecause: [] });
    },
  );

  it.each(['"\\ud83d\\ude00"', '"1e400 {\\"a\\":1,\\"a\\":2}"', '[{"a":1},{"a":2}]', '"\\\\ud83d"'])(
    'is not what %s makes it either',
    (value) => {
      expect(readDone(withValue(value))).toMatchObject({ lossy: false });
    },
  );

  it('has the entries of a list that is there twice: a last one that is empty would hide them', () => {
    const body = JSON.stringify(finished).replace('"phoneNumbers"', '"emails":[],"phoneNumbers"');
    expect(readDone(body)).toMatchObject({
      result: { emails: profile.emails },
      lossyBecause: ['duplicate-names'],
    });
  });
});

describe('the charge', () => {
  const charged = (chargeInfo: unknown) => readDone({ ...finished, chargeInfo });

  it.each([
    { method: 'charged-now', creditsCharged: 5 },
    { method: 'charging-later', message: 'later' },
    { method: 'credits-refunded', creditsRefunded: 4, message: 'back', lowCreditAlert: null },
    { method: 'barter', goats: 2 },
  ])('is kept as it came: $method', (charge) => {
    expect(charged(charge)).toMatchObject({ charge, lossy: false });
  });

  it('is a number where it came as one in text', () => {
    const alert = { getMoreCreditsUrl: 'https://example.org', message: 'low', availableCredits: '7' };
    expect(
      charged({ method: 'x', creditsCharged: '12', creditsRefunded: ' 3.50 ', lowCreditAlert: alert }).charge,
    ).toEqual({
      method: 'x',
      creditsCharged: 12,
      creditsRefunded: 3.5,
      lowCreditAlert: { ...alert, availableCredits: 7 },
    });
  });

  it.each(['1,200', '12 credits', '', 'NaN', '0x10', '1e3'])('stays as it is where it is %j', (creditsCharged) => {
    expect(charged({ method: 'charged-now', creditsCharged }).charge).toEqual({
      method: 'charged-now',
      creditsCharged,
    });
  });

  it.each([['free'], [12], [['a']]])('is none if it is %j, which the answer has', (chargeInfo) => {
    expect(charged(chargeInfo)).not.toHaveProperty('charge');
  });

  it('is what is known of it if it is longer than a charge', () => {
    const alert = { availableCredits: 7, message: 'x'.repeat(9_000) };
    expect(charged({ method: 'charged-now', creditsCharged: 5, lowCreditAlert: alert })).toMatchObject({
      charge: { method: 'charged-now', creditsCharged: 5, lowCreditAlert: { availableCredits: 7 } },
      lossyBecause: ['fields-left-out'],
    });
  });
});

describe('countFound', () => {
  it('counts each list', () => {
    expect(countFound(readDone(finished).result)).toEqual({ emails: 1, lowQualityEmails: 1, phoneNumbers: 1 });
  });
});
