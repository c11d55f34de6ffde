import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { decoded } from '../../lambdas/fiber/http/content-coding.ts';
import { classify } from '../../lambdas/fiber/http/vendor-response.ts';
import { type PollAnswer, readAnswer } from '../../lambdas/fiber/vendor-answer.ts';
import { seededRandom } from '../../local/fiber/index.ts';
import { runs } from '../support/more.ts';
import { finished } from '../support/raw-vendor.ts';

const random = seededRandom(13);
const below = (limit: number) => Math.floor(random() * limit);
const oneOf = <Item>(items: readonly Item[]): Item => items[below(items.length)] as Item;

const seeds = [
  finished(),
  finished({ emails: [null, { email: 'b@example.org', type: null, more: [{ deep: [1, 2.5] }] }], fullName: 'Jörg 😀' }),
  finished({ status: 'failed', error: 'no such person', phoneNumbers: [{ number: 12025550101 }] }),
  finished({}, { chargeInfo: { method: 'free', message: '', lowCreditAlert: { availableCredits: '7' } } }),
  { output: { done: false, profile: { status: 'started', emails: [], phoneNumbers: [] } } },
].map((answer) => Buffer.from(JSON.stringify(answer)));

const numbers = ['1e400', '-0', '1610521604143693813', '0.1234567890123456789', 'NaN', '01', '1e-400', '"12"', 'null'];
const types = [
  undefined,
  'application/json; charset=utf-8',
  'text/html; charset=latin1',
  'x; charset=utf-16',
  ';charset=no',
];

const inside = (bytes: Buffer, put: Buffer, at = below(bytes.length + 1), instead = 0) =>
  Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(at + instead)]);

const mutations: ((bytes: Buffer) => Buffer)[] = [
  (bytes) => {
    const flipped = Buffer.from(bytes);
    for (let flips = 1 + below(4); flips > 0; flips -= 1) flipped[below(flipped.length)] = below(256);
    return flipped;
  },
  (bytes) => bytes.subarray(0, below(bytes.length + 1)),
  (bytes) => inside(bytes, Buffer.alloc(0), below(bytes.length), below(20)),
  (bytes) => {
    const from = below(bytes.length);
    return inside(bytes, bytes.subarray(from, from + below(60)));
  },
  (bytes) => Buffer.from(bytes.toString().replace(/\d+/, () => oneOf(numbers))),
  (bytes) => Buffer.from(bytes.toString().replaceAll(/"[^"]*"/g, (text) => (random() < 0.05 ? oneOf(numbers) : text))),
  (bytes) => Buffer.from(bytes.toString().replace(/"(emails|status|done|email)"/, '"$1":[],"$1"')),
  (bytes) => Buffer.from(bytes.toString().replace('"status"', '"__proto__":{"done":true},"status"')),
  (bytes) => {
    const levels = random() < 0.01 ? 100_000 : below(40);
    const [open, close] = oneOf([
      ['[', ']'],
      ['{"a":', '}'],
    ] as const);
    const nested = `"extra":${open.repeat(levels)}1${close.repeat(levels)},`;
    return Buffer.from(bytes.toString().replace(oneOf(['"done"', '"email"', '"method"']), (name) => nested + name));
  },
];

/** What the bytes of an answer, and its status, can come to. */
const words = new Set<string>([
  'bad-response',
  'too-large',
  'edge',
  'server-error',
  'unexpected-status',
  'not-json',
  'not-an-answer',
]);

function isKnown(answer: PollAnswer): boolean {
  switch (answer.kind) {
    case 'done': {
      const { emails, lowQualityEmails, phoneNumbers } = answer.result;
      return (
        [...emails, ...lowQualityEmails].every(({ email }) => typeof email === 'string' && email.isWellFormed()) &&
        phoneNumbers.every(({ number }) => typeof number === 'string' && number.isWellFormed()) &&
        // Whoever writes this down does not stumble over it.
        JSON.stringify([emails, lowQualityEmails, phoneNumbers, answer.charge ?? null]).isWellFormed() &&
        answer.lossy === answer.lossyBecause.length > 0
      );
    }
    case 'unusable':
      return words.has(answer.problem);
    default:
      return true;
  }
}

it('ends mutated answers in a result or in one of the known words, and never throws', () => {
  const kinds = new Map<string, number>();
  for (let run = 0; run < runs(4_000, 200_000).numRuns; run += 1) {
    let bytes: Buffer = oneOf(seeds);
    for (let times = 1 + below(3); times > 0; times -= 1) if (bytes.length > 0) bytes = oneOf(mutations)(bytes);
    const contentType = oneOf(types);
    const raw = { bytes, ...(contentType !== undefined && { contentType }) };
    const answer = readAnswer(raw);
    if (!isKnown(answer)) throw new Error(`${bytes} is read as ${JSON.stringify(answer)}`);
    if ('answer' in answer && answer.answer !== raw) throw new Error('not kept as it came');
    const kind = answer.kind === 'unusable' ? answer.problem : answer.kind;
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  // Of each there are enough to say that it was tried.
  for (const kind of ['done', 'running', 'not-json', 'not-an-answer']) expect(kinds.get(kind)).toBeGreaterThan(20);
});

it('ends mutated codings and headers in one of the known words as well', () => {
  const headers = ['-5', '120.5', 'Sun Nov  6 08:49:37 1994', 'Sun, 06 Nov 1994', '9'.repeat(400), '\0'];
  for (let run = 0; run < 1_000; run += 1) {
    const bytes = oneOf(mutations.slice(0, 4))(gzipSync(oneOf(seeds)));
    const body = decoded(bytes, oneOf(['gzip', 'deflate', 'br', 'gzip, gzip', ',', '__proto__']), 1_000_000);
    if (typeof body === 'string') {
      expect(words).toContain(body);
      continue;
    }
    const response = { headers: { 'retry-after': oneOf(headers), date: oneOf(headers) }, answer: { bytes: body } };
    expect(isKnown(classify({ ...response, httpStatus: oneOf([200, 403, 429, 503]) }, 0))).toBe(true);
  }
});
