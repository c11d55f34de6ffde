import { describe, expect, expectTypeOf, it } from 'vitest';
import type * as vendorAnswer from '../lambdas/fiber/vendor-answer.ts';
import type * as vendor from '../lambdas/fiber/vendor-schema.ts';
import * as published from '../lambdas/record.ts';
import type { RevealRecord } from '../lambdas/reveal/record.ts';
import { packAnswer, type StoredAnswer } from '../lambdas/reveal/stored-answer.ts';
import { startTestRelay } from './support/relay.ts';

/** Whether each of two types will do for the other. The compiler says it: `npm run check`. */
type Same<One, Other> = [One] extends [Other] ? ([Other] extends [One] ? true : false) : false;

/** The fields of the published record that the relay's own has otherwise, or not at all. */
type Fields = Omit<published.RevealRecord, 'part'>;
type Different = {
  [Name in keyof Fields]-?: Name extends keyof RevealRecord
    ? Same<Fields[Name], RevealRecord[Name]> extends true
      ? never
      : Name
    : Name;
}[keyof Fields];

describe('the types of the package', () => {
  it('are those that the relay reads the vendor with', () => {
    expectTypeOf<Same<published.Email, vendor.Email>>().toEqualTypeOf<true>();
    expectTypeOf<Same<published.PhoneNumber, vendor.PhoneNumber>>().toEqualTypeOf<true>();
    expectTypeOf<Same<published.KnownCharge, vendor.KnownCharge>>().toEqualTypeOf<true>();
    expectTypeOf<Same<published.Charge, vendor.Charge>>().toEqualTypeOf<true>();
    expectTypeOf<Same<published.RevealResult, vendorAnswer.RevealResult>>().toEqualTypeOf<true>();
  });

  it('are those that the relay stores', () => {
    expectTypeOf<Different>().toEqualTypeOf<never>();
    expectTypeOf<Same<published.StoredAnswer, StoredAnswer>>().toEqualTypeOf<true>();
    expectTypeOf<RevealRecord & { part: 'reveal' }>().toExtend<published.RevealRecord>();
  });
});

describe('a record of the table', () => {
  it('is where the key says, and holds the answer of the vendor', async () => {
    await using test = await startTestRelay();
    await test.play('quick-1');
    const record = await test.relay.record('quick-1');
    expect(record).toMatchObject(published.recordKey('quick-1'));
    const answer = published.vendorAnswerIn(record as unknown as published.RevealRecord);
    expect(JSON.parse(new TextDecoder().decode(answer)).output.done).toBe(true);
  });

  it('holds no answer that lies in further items, or was erased', () => {
    const { answer } = packAnswer({ bytes: Buffer.from('{}') }, 1);
    expect(published.vendorAnswerIn({ answer })).toBeUndefined();
    expect(published.vendorAnswerIn({})).toBeUndefined();
  });
});
