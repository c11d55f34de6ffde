import { randomBytes } from 'node:crypto';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { PaidStarts } from '../../../lambdas/aws/reveals/paid-starts.ts';
import { RevealsTable } from '../../../lambdas/aws/reveals/reveals-table.ts';
import { sdkClientOptions } from '../../../lambdas/aws/sdk.ts';
import { type RawAnswer, readAnswer } from '../../../lambdas/fiber/vendor-answer.ts';
import { finishedWith } from '../../../lambdas/reveal/life/answer.ts';
import { newRecord, type RecordChanges, type RevealRecord } from '../../../lambdas/reveal/record.ts';
import { dynamoDB } from '../../../lambdas/runtime/clients.ts';
import { startTestTables } from '../../support/tables.ts';

let tables: Awaited<ReturnType<typeof startTestTables>>;
let reveals: RevealsTable;
/** Puts everything into parts. */
let partsOnly: RevealsTable;
beforeAll(async () => {
  tables = await startTestTables();
  reveals = new RevealsTable(tables.reveals, dynamoDB(sdkClientOptions));
  partsOnly = new RevealsTable(tables.reveals, dynamoDB(sdkClientOptions), 0);
});
afterAll(() => tables.close());
afterEach(() => vi.restoreAllMocks());

let claimed = 0;
async function claim(): Promise<RevealRecord> {
  claimed += 1;
  const of = { generation: 1, executionArn: 'arn', claimedBy: 'test', nowMs: 0 };
  const record = newRecord({ taskId: `kept-${claimed}` }, of);
  await reveals.claim(record, undefined);
  return record;
}

const answerWith = (profile: object): RawAnswer => ({
  bytes: Buffer.from(JSON.stringify({ output: { done: true, profile: { status: 'completed', ...profile } } })),
  contentType: 'application/json',
});

function keep(record: RevealRecord, answer: RawAnswer, table = reveals): Promise<boolean> {
  const read = readAnswer(answer);
  if (read.kind !== 'done') throw new Error('the answer is finished');
  return table.keepAnswer(record, answer, finishedWith(record, read, { nowMs: Date.now(), retentionDays: 30 }));
}

const commands = (spy: { mock: { calls: unknown[][] } }) =>
  spy.mock.calls.map(([command]) => (command as object).constructor.name);
const sending = () => vi.spyOn(DynamoDBDocumentClient.prototype, 'send');

describe('keeping an answer', () => {
  it.each([100, 10_000, 99_000])('of %i bytes takes the one write that the result takes anyway', async (length) => {
    const record = await claim();
    const spy = sending();
    // Half of it noise, as little as gzip can make of it.
    await keep(
      record,
      answerWith({ noise: randomBytes(length / 2).toString('hex'), emails: [{ email: 'a@example.org' }] }),
    );
    expect(commands(spy)).toEqual(['UpdateCommand']);
    expect(await reveals.get(record.revealId)).toMatchObject({ result: { emails: [{ email: 'a@example.org' }] } });
  });

  it('that is too large for the record takes a write for each part more', async () => {
    const record = await claim();
    const spy = sending();
    await keep(record, answerWith({ noise: randomBytes(500_000).toString('hex') }));
    expect(commands(spy)).toEqual(['PutCommand', 'PutCommand', 'UpdateCommand']);
  });

  it('leaves the lists to the answer where one item cannot hold both', async () => {
    const record = await claim();
    const emails = Array.from({ length: 12_000 }, (_, n) => ({ email: `person-${n}@example.org`, rank: n }));
    await keep(record, answerWith({ emails }));
    const kept = (await reveals.get(record.revealId)) as RevealRecord;
    expect(kept).toMatchObject({ found: { emails: emails.length }, answer: { bytes: expect.any(Object) } });
    expect(kept).not.toHaveProperty('result');
    expect(await reveals.resultOf(kept)).toMatchObject({ emails });
  });

  it.each<[string, unknown]>([
    ['a name that it has none for', { '': 1 }],
    ['a number beyond its range', 1e300],
    ['a whole number that is not exact', 2 ** 60],
    ['half a character', '\ud800'],
    ['more levels than it takes', JSON.parse('['.repeat(40) + ']'.repeat(40))],
    ['a field that an object of the SDK would lose', JSON.parse('{ "__proto__": { "a": 1 } }')],
  ])('leaves them to it where DynamoDB would not take an entry or give it back: %s', async (_what, odd) => {
    const record = await claim();
    const answer = answerWith({ emails: [{ email: 'a@example.org', odd }] });
    await keep(record, answer);
    const kept = (await reveals.get(record.revealId)) as RevealRecord;
    expect(kept).toMatchObject({ status: 'completed', found: { emails: 1 } });
    expect(await reveals.resultOf(kept)).toMatchObject({ emails: [{ email: 'a@example.org' }] });
    const original = (await reveals.answerOf(kept)) as RawAnswer;
    expect(Buffer.from(original.bytes).equals(answer.bytes)).toBe(true);
  });

  it('keeps it alone where DynamoDB refuses the rest for a reason that nobody thought of', async () => {
    const record = await claim();
    const send = DynamoDBDocumentClient.prototype.send as (this: unknown, command: unknown) => Promise<unknown>;
    const refused = Object.assign(new Error('somebody@example.org is not valid'), { name: 'ValidationException' });
    vi.spyOn(DynamoDBDocumentClient.prototype as { send: typeof send }, 'send').mockImplementation(async function (
      this: unknown,
      command,
    ) {
      if (JSON.stringify(command).includes('"emails":[{')) throw refused;
      return send.call(this, command);
    });
    expect(await keep(record, answerWith({ emails: [{ email: 'a@example.org' }] }))).toBe(true);
    const kept = (await reveals.get(record.revealId)) as RevealRecord;
    expect(kept).toMatchObject({ status: 'completed', found: { emails: 1 } });
    expect(await reveals.resultOf(kept)).toMatchObject({ emails: [{ email: 'a@example.org' }] });
  });

  it('never mixes the parts of two writers that were told different things', async () => {
    const record = await claim();
    const answers = ['first', 'second'].map((name) => answerWith({ name, emails: [{ email: `${name}@example.org` }] }));
    const kept = await Promise.all(answers.map((answer) => keep(record, answer, partsOnly)));
    expect(kept.toSorted()).toEqual([false, true]);
    const winner = (await reveals.get(record.revealId)) as RevealRecord;
    const original = (await reveals.answerOf(winner)) as RawAnswer;
    expect(Buffer.from(original.bytes)).toEqual(answers[kept.indexOf(true)]?.bytes);
  });

  it('takes the parts of the answer away that it replaces', async () => {
    const record = await claim();
    await keep(record, answerWith({ name: 'first' }), partsOnly);
    const first = (await reveals.get(record.revealId)) as RevealRecord;
    await keep(first, answerWith({ name: 'second' }), partsOnly);
    expect(await reveals.answerOf(first)).toBe('gone');
    const second = (await reveals.get(record.revealId)) as RevealRecord;
    expect(await reveals.answerOf(second)).toEqual(expect.objectContaining({ contentType: 'application/json' }));
  });
});

describe('ending a reveal', () => {
  const intent = (nonce: string) => ({ startIntent: { nonce, at: '2026-11-27T09:00:00.000Z' } });
  const ending = { status: 'cancelled', reason: 'cancelled-by-caller' } as const;
  const unfinished = async (changes: RecordChanges = {}) => {
    const record = await claim();
    await reveals.whileRunning(record, { polls: 1, ...changes });
    return (await reveals.get(record.revealId)) as RevealRecord;
  };

  it('happens once', async () => {
    const record = await unfinished();
    expect(await reveals.settle(record, ending)).toBe(true);
    expect(await reveals.settle(record, { ...ending, status: 'errored' })).toBe(false);
    expect((await reveals.get(record.revealId))?.status).toBe('cancelled');
  });

  it.each<[string, RecordChanges, RecordChanges]>([
    ['announced', {}, intent('a')],
    ['answered or taken back', intent('a'), { startIntent: null }],
    ['announced by another', intent('a'), intent('b')],
  ])('waits for another look at it where a start was %s meanwhile', async (_what, before, meanwhile) => {
    const record = await unfinished(before);
    await reveals.whileRunning(record, meanwhile);
    expect(await reveals.settle(record, ending)).toBe(false);
    expect((await reveals.get(record.revealId))?.status).toBe('running');
  });

  it('with a start that is as it was read goes through', async () => {
    expect(await reveals.settle(await unfinished(intent('a')), ending)).toBe(true);
  });
});

describe('the other name of a reveal', () => {
  const starts = () => new PaidStarts(tables.reveals, dynamoDB(sdkClientOptions));

  it('leads to it, and to nothing once it has gone', async () => {
    const record = await claim();
    const task = `alias-of-${record.revealId}`;
    await starts().alias(task, record.revealId, undefined);
    expect((await reveals.get(task))?.revealId).toBe(record.revealId);
    await starts().alias('alias-of-nobody', 'nobody', undefined);
    expect(await reveals.get('alias-of-nobody')).toBeUndefined();
  });

  it('gives way to a claim that knows that nothing is behind it, and to no other', async () => {
    const of = { generation: 1, executionArn: 'arn', claimedBy: 'test', nowMs: 0 };
    const record = newRecord({ taskId: 'alias-of-gone' }, of);
    await starts().alias(record.revealId, 'gone', undefined);
    expect(await reveals.claim(record, undefined)).toBe(false);
    expect(await reveals.claim(record, undefined, true)).toBe(true);
    expect(await reveals.claim(record, undefined, true)).toBe(false);
  });
});

describe('an earlier generation', () => {
  it('is kept beside the record, and goes with an erasure', async () => {
    const record = await claim();
    await reveals.keepEarlier({ ...record, status: 'completed', reference: 'crm/7' });
    expect(await reveals.earlier(record, 1)).toMatchObject({ status: 'completed', reference: 'crm/7' });
    expect((await reveals.get(record.revealId))?.status).toBe('running');
    expect(await reveals.earlier(record, 2)).toBeUndefined();

    await reveals.whileRunning(record, { status: 'cancelled' });
    await reveals.erase(record, { erasedAt: '2026-11-27T09:00:00.000Z' });
    expect(await reveals.earlier(record, 1)).toBeUndefined();
  });
});
