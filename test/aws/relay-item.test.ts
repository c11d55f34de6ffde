import { DeleteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RelayItem } from '../../lambdas/aws/relay-item.ts';
import { RevealsTable } from '../../lambdas/aws/reveals/reveals-table.ts';
import { sdkClientOptions } from '../../lambdas/aws/sdk.ts';
import { relayItemKey } from '../../lambdas/contract.ts';
import { personIdOf } from '../../lambdas/reveal/person/person-id.ts';
import { newRecord } from '../../lambdas/reveal/record.ts';
import { dynamoDB } from '../../lambdas/runtime/clients.ts';
import { startTestTables } from '../support/tables.ts';

let tables: Awaited<ReturnType<typeof startTestTables>>;
const documents = () => dynamoDB(sdkClientOptions);
/** Each as in a process of its own: what one has read, another has not. */
const relayItem = () => new RelayItem(tables.reveals, { documents: documents(), now: () => 1_000 });
beforeEach(async () => {
  tables = await startTestTables();
});
afterEach(() => tables.close());

async function claim(revealId: string) {
  const record = newRecord(
    { taskId: revealId },
    { generation: 1, executionArn: 'arn', claimedBy: 'test', nowMs: 1_000 },
  );
  await new RevealsTable(tables.reveals, documents()).claim(record, undefined);
}

describe('the salt of a relay', () => {
  it('is made once, however many ask for it first', async () => {
    const salts = await Promise.all(Array.from({ length: 10 }, () => relayItem().salt()));

    expect(salts[0]).toHaveLength(32);
    expect(new Set(salts.map((salt) => Buffer.from(salt).toString('hex'))).size).toBe(1);
  });

  it('is made for a relay that has only known tasks', async () => {
    await claim('task-1');

    expect(await relayItem().salt()).toHaveLength(32);
  });

  it('is never made anew where there are reveals of people', async () => {
    const lost = relayItem();
    await claim(personIdOf('in:ada-example-1', await lost.salt()));
    await documents().send(new DeleteCommand({ TableName: tables.reveals, Key: relayItemKey }));

    await expect(relayItem().salt()).rejects.toMatchObject({ name: 'SaltMissing' });
    await expect(relayItem().salt()).rejects.toMatchObject({ name: 'SaltMissing' });
  });
});

describe('the brake', () => {
  it('is off in a relay that is new', async () => {
    await relayItem().salt();

    expect(await relayItem().brake()).toBeUndefined();
  });

  it('works at once for everybody, until it is let go', async () => {
    const other = relayItem();
    await other.salt();
    await relayItem().putOnBrake();

    expect(await other.brake()).toBe('starts-paused');
    await relayItem().letGo();
    expect(await other.brake()).toBeUndefined();
  });

  it('is on in a table that was restored from a backup, which does not know the last starts', async () => {
    await relayItem().salt();
    await documents().send(
      new UpdateCommand({
        TableName: tables.reveals,
        Key: relayItemKey,
        UpdateExpression: 'SET startsIn = :other',
        ExpressionAttributeValues: { ':other': 'the-table-that-was-backed-up' },
      }),
    );

    expect(await relayItem().brake()).toBe('table-restored');
    await relayItem().letGo();
    expect(await relayItem().brake()).toBeUndefined();
  });
});
