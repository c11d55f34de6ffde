import { describe, expect, it } from 'vitest';
import { type FindKind, findKinds } from '../../../lambdas/contract.ts';
import { admitPerson } from '../../../lambdas/reveal/life/admission.ts';
import { keptBeside, lackingIn, resultsUpTo } from '../../../lambdas/reveal/life/earlier.ts';
import { newRecord, type RecordChanges, type RevealRecord } from '../../../lambdas/reveal/record.ts';

const day = 86_400_000;
const at = (days: number) => new Date(days * day).toISOString();
const claim = { generation: 2, executionArn: 'arn', claimedBy: 'me', nowMs: 0 };
const person = { revealId: 'person-1', linkedinUrl: 'https://www.linkedin.com/in/ada', maxAgeDays: 30 };
/** The second generation, beside an earlier one that has looked for work e-mails on day 1. */
const record = (find: FindKind[], changes: RecordChanges) => {
  const earlier = [{ generation: 1, find: ['work-emails'], settledAt: at(1) }];
  return { ...newRecord({ ...person, find }, claim), publishedAt: at(3), earlier, ...changes } as RevealRecord;
};
const phones = (changes: RecordChanges = {}) =>
  record(['phone-numbers'], { status: 'completed', settledAt: at(3), ...changes });

describe('a result of an earlier generation', () => {
  it('lies beside a later one that was asked for something else, and is replaced by one that was asked for the same', () => {
    expect(keptBeside(phones())).toHaveLength(1);
    expect(keptBeside(record(['work-emails'], { status: 'completed' }))).toEqual([]);
    expect(keptBeside(record(['work-emails'], { status: 'failed' }))).toHaveLength(1);
    expect(resultsUpTo(phones()).map(({ generation }) => generation)).toEqual([2, 1]);
  });

  it('counts for as long as it is young enough', () => {
    const results = resultsUpTo(phones());
    const lacking = (maxAgeDays: number) => lackingIn(results, findKinds, { maxAgeDays, nowMs: 10 * day });
    expect(lacking(9)).toEqual(['personal-emails']);
    expect(lacking(8)).toEqual(['work-emails', 'personal-emails']);
    expect(lacking(6)).toEqual([...findKinds]);
  });
});

describe('asking for a person with results of several generations', () => {
  const admitted = (find: FindKind[], options: { maxAgeDays?: number; ifMissing?: 'start' } = {}) =>
    admitPerson(phones(), { find, maxAgeDays: 30, ...options }, 10 * day);

  it('starts nothing that any of them has', () => {
    expect(admitted(['work-emails', 'phone-numbers'], { ifMissing: 'start' })).toMatchObject({ kind: 'attach' });
  });

  it('starts what none of them has, and keeps all of them', () => {
    expect(admitted([...findKinds], { ifMissing: 'start' })).toMatchObject({
      kind: 'claim',
      generation: 3,
      inherits: { find: ['personal-emails'], earlier: [{ generation: 2 }, { generation: 1 }] },
    });
  });

  it('starts nothing unless it is told to', () => {
    expect(admitted([...findKinds])).toMatchObject({ kind: 'attach' });
  });
});
