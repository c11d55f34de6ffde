import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readAnswer } from '../../lambdas/fiber/vendor-answer.ts';
import { runs } from '../support/more.ts';

/** Fields that nobody has seen before, with names and values of any kind. */
const unknown = fc.dictionary(
  fc.string({ unit: 'grapheme' }).filter((name) => !['email', 'number', 'type', 'status', ''].includes(name)),
  fc.jsonValue({ maxDepth: 3, stringUnit: 'grapheme' }),
  { maxKeys: 3, noNullPrototype: true },
);
const address = fc
  .string({ minLength: 1, unit: 'grapheme' })
  .filter((text) => text.trim() !== '' && text.isWellFormed());
const goodEmail = fc.tuple(unknown, address).map(([fields, email]) => ({ ...fields, email }));
const goodPhone = fc.tuple(unknown, address).map(([fields, number]) => ({ ...fields, number }));
const bad = fc.oneof(
  fc.constant(null),
  fc.string(),
  fc.double({ noNaN: true }),
  fc.boolean(),
  fc.constant({ email: null }),
);
const listOf = <Entry>(good: fc.Arbitrary<Entry>) =>
  fc.array(
    fc.oneof(
      good.map((entry) => ({ good: entry })),
      bad.map((entry) => ({ bad: entry })),
    ),
    { maxLength: 8 },
  );

const goodIn = (list: object[]) => list.flatMap((entry) => ('good' in entry ? [entry.good] : []));
const allIn = (list: object[]) => list.map((entry) => ('good' in entry ? entry.good : (entry as { bad: unknown }).bad));

it('lists every readable entry of an answer and counts every other, and keeps the answer byte for byte', () => {
  fc.assert(
    fc.property(
      listOf(goodEmail),
      listOf(goodEmail),
      listOf(goodPhone),
      unknown,
      fc.constantFrom(undefined, 0, 1, 4),
      (emails, low, phones, beside, space) => {
        const profile = {
          ...beside,
          status: 'completed',
          emails: allIn(emails),
          lowQualityEmails: allIn(low),
          phoneNumbers: allIn(phones),
        };
        const bytes = Buffer.from(
          JSON.stringify({ ...beside, output: { ...beside, done: true, profile } }, null, space),
        );
        const answer = readAnswer({ bytes });
        if (answer.kind !== 'done') throw new Error(answer.kind);
        const { result, unreadable, lossyBecause } = answer;
        const lists = [emails, low, phones];
        expect(unreadable).toBe(lists.flat().length - lists.flatMap(goodIn).length);
        expect([result.emails, result.lowQualityEmails, result.phoneNumbers].map((list) => list.length)).toEqual(
          lists.map((list) => goodIn(list).length),
        );
        // As the vendor wrote them, where no field of one had to be left out.
        if (!lossyBecause.includes('fields-left-out')) {
          const written = JSON.parse(JSON.stringify(lists.map(goodIn)));
          expect([result.emails, result.lowQualityEmails, result.phoneNumbers]).toEqual(written);
        }
        expect(Buffer.compare(Buffer.from(answer.answer.bytes), bytes)).toBe(0);
      },
    ),
    runs(200, 5_000),
  );
});

it('says that a text was read exactly only where writing what was read says the same', () => {
  const number = fc
    .tuple(
      fc.bigInt(-(10n ** 20n), 10n ** 20n),
      fc.option(fc.bigInt(0n, 10n ** 18n)),
      fc.option(fc.integer({ min: -400, max: 400 })),
    )
    .map(
      ([whole, fraction, exponent]) =>
        `${whole}${fraction === null ? '' : `.${fraction}`}${exponent === null ? '' : `e${exponent}`}`,
    );
  fc.assert(
    fc.property(number, (text) => {
      const answer = readAnswer({ bytes: Buffer.from(`{"output":{"done":true,"profile":{"n":${text}}}}`) });
      const isLossy = answer.kind === 'done' && answer.lossy;
      const isSame = Number.isFinite(Number(text)) && sameDecimal(text, Number(text).toString());
      if (!/[.e]/.test(text)) expect(isLossy).toBe(!Number.isSafeInteger(Number(text)));
      else expect(isLossy).toBe(!isSame);
    }),
  );
});

/** By whole numbers alone: both times the same power of ten. */
function sameDecimal(one: string, other: string): boolean {
  const scaled = (text: string) => {
    const [mantissa = '', exponent = '0'] = text.split('e');
    const [whole = '', fraction = ''] = mantissa.split('.');
    return BigInt(whole + fraction) * 10n ** BigInt(900 + Number(exponent) - fraction.length);
  };
  return scaled(one) === scaled(other);
}
