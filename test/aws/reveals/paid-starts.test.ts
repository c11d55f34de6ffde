import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PaidStarts } from '../../../lambdas/aws/reveals/paid-starts.ts';
import { RevealsTable } from '../../../lambdas/aws/reveals/reveals-table.ts';
import { sdkClientOptions } from '../../../lambdas/aws/sdk.ts';
import { changed, newRecord, type RecordChanges } from '../../../lambdas/reveal/record.ts';
import { dynamoDB } from '../../../lambdas/runtime/clients.ts';
import { startTestTables } from '../../support/tables.ts';

let tables: Awaited<ReturnType<typeof startTestTables>>;
let starts: PaidStarts;
let reveals: RevealsTable;
let people = 0;
beforeAll(async () => {
  tables = await startTestTables();
  const documents = dynamoDB(sdkClientOptions);
  starts = new PaidStarts(tables.reveals, documents);
  reveals = new RevealsTable(tables.reveals, documents);
});
afterAll(() => tables.close());

/** The record of a person's reveal whose task is not started. */
async function wanted(changes: RecordChanges = {}) {
  people += 1;
  const claim = { generation: 1, executionArn: 'arn:ours', claimedBy: 'test', nowMs: 1_000 };
  const { taskId: _, ...record } = newRecord({ taskId: `person-${people}` }, claim);
  const person = changed({ ...record, linkedinUrl: 'https://www.linkedin.com/in/ada-example-1' }, changes);
  await reveals.claim(person, undefined);
  return person;
}
const intent = (nonce: string) => ({ nonce, at: '2026-11-27T09:00:00.000Z' });
const taskOf = (nonce: string) => ({ taskId: `task ü/${nonce}`, nonce, startedAt: '2026-11-27T09:00:01.000Z' });

describe('the announcement of a paid call', () => {
  it('is made once, however many set out at once', async () => {
    const person = await wanted();

    const made = await Promise.all(['a', 'b', 'c', 'd'].map((nonce) => starts.intend(person, intent(nonce))));

    expect(made.filter(Boolean)).toHaveLength(1);
  });

  it('knows itself when its answer was lost', async () => {
    const person = await wanted();

    expect(await starts.intend(person, intent('a'))).toBe(true);
    expect(await starts.intend(person, intent('a'))).toBe(true);
  });

  it.each<[string, RecordChanges]>([
    ['has ended', { status: 'cancelled' }],
    ['has its task', { taskId: 'task-1' }],
    ['has been erased', { erasedAt: '2026-11-27T09:00:00.000Z' }],
    ['belongs to another execution', { executionArn: 'arn:other' }],
    ['is another generation by now', { generation: 2 }],
  ])('is not made for a reveal that %s', async (_what, changes) => {
    const person = await wanted(changes);

    expect(await starts.intend({ ...person, generation: 1, executionArn: 'arn:ours' }, intent('a'))).toBe(false);
  });

  it('never makes a record', async () => {
    const nobody = { revealId: 'nobody', generation: 1, executionArn: 'arn:ours' };

    expect(await starts.intend(nobody, intent('a'))).toBe(false);
    expect(await reveals.get('nobody')).toBeUndefined();
  });

  it('is taken back by the one who made it alone', async () => {
    const person = await wanted();
    await starts.intend(person, intent('a'));

    expect(await starts.withdraw(person.revealId, 'b')).toBe(false);
    expect((await reveals.get(person.revealId))?.startIntent).toEqual(intent('a'));
    expect(await starts.withdraw(person.revealId, 'a')).toBe(true);
    expect(await starts.intend(person, intent('b'))).toBe(true);
  });
});

describe('a task that the vendor has named', () => {
  it('is kept as it was named, and ends the announcement', async () => {
    const person = await wanted();
    await starts.intend(person, intent('a'));

    const charge = { method: 'charged-now', creditsCharged: 12 };
    const record = await starts.started(person.revealId, { ...taskOf('a'), charge }, 2_000);

    expect(record).toMatchObject({ taskId: 'task ü/a', startCharge: charge, startCreditsCharged: 12 });
    expect(record?.startIntent).toBeUndefined();
    expect(await starts.started(person.revealId, taskOf('a'), 2_000)).toMatchObject({ taskId: 'task ü/a' });
  });

  it.each<[string, RecordChanges, RecordChanges]>([
    [
      'been cancelled',
      { status: 'cancelled', reason: 'start-unknown' },
      { status: 'cancelled', reason: 'cancelled-by-caller' },
    ],
    ['been erased', { status: 'cancelled', erasedAt: '2026-11-27T09:00:00.500Z' }, { status: 'cancelled' }],
    [
      'been given up on',
      { status: 'errored', reason: 'start-unknown' },
      { status: 'errored', lookAgainAt: '1970-01-01T00:00:02.000Z', open: 'open' },
    ],
  ])('is kept of a reveal that has %s meanwhile', async (_what, changes, expected) => {
    const person = await wanted();
    await starts.intend(person, intent('a'));
    await reveals.whileRunning(person, changes);

    await starts.started(person.revealId, taskOf('a'), 2_000);

    expect(await reveals.get(person.revealId)).toMatchObject({ taskId: 'task ü/a', ...expected });
  });

  it('is nobody else’s', async () => {
    const person = await wanted();
    await starts.intend(person, intent('a'));

    expect(await starts.started(person.revealId, taskOf('b'), 2_000)).toBeUndefined();
    expect((await reveals.get(person.revealId))?.taskId).toBeUndefined();
  });
});

describe('a call of which nobody knows what came of it', () => {
  it('leaves its announcement, so that nobody makes another', async () => {
    const person = await wanted();
    await starts.intend(person, intent('a'));

    const answer = { bytes: Buffer.from('<html>'), contentType: 'text/html' };
    expect(await starts.unknown(person.revealId, 'a', 'not-json', answer)).toBe(true);

    expect(await reveals.get(person.revealId)).toMatchObject({ startProblem: 'not-json', startIntent: intent('a') });
    expect(await starts.intend(person, intent('b'))).toBe(false);
  });
});

describe('what comes after an erasure', () => {
  const words = { bytes: Buffer.from('{"message":"no ada-example-1"}'), contentType: 'application/json' };
  const charge = { method: 'charged-now', creditsCharged: 12, message: 'for ada-example-1' };
  const whatIsThere = async (revealId: string) =>
    JSON.stringify(await reveals.get(revealId), (_name, value) =>
      value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value,
    );

  it.each<[string, (revealId: string) => Promise<unknown>, object]>([
    [
      'an answer that nobody could read',
      (id) => starts.unknown(id, 'a', 'not-json', words),
      { startProblem: 'not-json' },
    ],
    ['a refusal', (id) => starts.withdraw(id, 'a', { problem: 'refused', answer: words }), { startProblem: 'refused' }],
    [
      'a task',
      (id) => starts.started(id, { ...taskOf('a'), charge }, 2_000),
      { taskId: 'task ü/a', startCharge: { method: 'charged-now', creditsCharged: 12 }, startCreditsCharged: 12 },
    ],
  ])('leaves figures of %s, and none of the vendor’s words', async (_what, comes, expected) => {
    const person = await wanted();
    await starts.intend(person, intent('a'));
    await reveals.whileRunning(person, {
      status: 'cancelled',
      linkedinUrl: null,
      erasedAt: '2026-11-27T09:00:00.500Z',
    });

    await comes(person.revealId);

    const record = await reveals.get(person.revealId);
    expect(record).toMatchObject(expected);
    expect(record?.startAnswer).toBeUndefined();
    expect(await whatIsThere(person.revealId)).not.toContain('ada-example-1');
  });
});

describe('the other name of a reveal', () => {
  it('is put once, and again by the same reveal', async () => {
    expect(await starts.alias('task-alias-1', 'person-1', undefined)).toBe(true);
    expect(await starts.alias('task-alias-1', 'person-1', undefined)).toBe(true);
    expect(await starts.alias('task-alias-1', 'person-2', undefined)).toBe(false);
  });
});

it('lets one call be made of any crowd that sets out, dies, takes back and sets out again', async () => {
  const act = fc.record({
    nonce: fc.constantFrom('a', 'b', 'c'),
    does: fc.constantFrom('intend', 'withdraw', 'start'),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 1, maxLength: 12 }), async (acts) => {
      const person = await wanted();
      const paid: string[] = [];
      const holding = new Set<string>();
      for (const [at, { nonce, does }] of acts.entries()) {
        const name = `${nonce}${does === 'intend' ? at : ''}`;
        const holder = [...holding].find((held) => held.startsWith(nonce));
        if (does === 'intend' && (await starts.intend(person, intent(name)))) holding.add(name);
        if (does === 'withdraw' && holder && (await starts.withdraw(person.revealId, holder))) holding.delete(holder);
        if (does === 'start' && holder && (await starts.started(person.revealId, taskOf(holder), 2_000))) {
          paid.push(holder);
          holding.delete(holder);
        }
        expect(holding.size + paid.length).toBeLessThanOrEqual(1);
      }
    }),
    { numRuns: 60 },
  );
});
