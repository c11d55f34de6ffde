import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, expect, it } from 'vitest';
import { type LocalTables, startTables } from '../../../local/services/tables.ts';
import { LocalStack } from '../../../local/template/template.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const open: LocalTables[] = [];
afterEach(async () => {
  for (const tables of open.splice(0)) await tables.close();
});

const properties = {
  AttributeDefinitions: [
    { AttributeName: 'id', AttributeType: 'S' },
    { AttributeName: 'list', AttributeType: 'S' },
    { AttributeName: 'at', AttributeType: 'S' },
  ],
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  GlobalSecondaryIndexes: [
    {
      IndexName: 'byTime',
      KeySchema: [
        { AttributeName: 'list', KeyType: 'HASH' },
        { AttributeName: 'at', KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['shown'] },
    },
  ],
  BillingMode: 'PAY_PER_REQUEST',
  Replicas: [{ Region: { Ref: 'AWS::Region' }, DeletionProtectionEnabled: true }],
  TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
};
const stackWith = (more = {}) =>
  new LocalStack('S', {
    Resources: { Items: { Type: 'AWS::DynamoDB::GlobalTable', Properties: { ...properties, ...more } } },
  });

async function start(folder?: string) {
  const tables = await startTables(stackWith(), { folder });
  open.push(tables);
  return { tables, items: DynamoDBDocumentClient.from(tables.client) };
}

const TableName = 'S-Items';

it('has the keys and indexes of the template', async () => {
  const { items } = await start();
  for (const [id, at] of [
    ['a', '2'],
    ['b', '1'],
    ['c', '3'],
  ]) {
    await items.send(new PutCommand({ TableName, Item: { id, at, list: 'all', shown: id, hidden: 1 } }));
  }
  const { Items } = await items.send(
    new QueryCommand({
      TableName,
      IndexName: 'byTime',
      KeyConditionExpression: '#list = :all',
      ExpressionAttributeNames: { '#list': 'list' },
      ExpressionAttributeValues: { ':all': 'all' },
      ScanIndexForward: false,
    }),
  );
  expect(Items).toEqual([
    { id: 'c', at: '3', list: 'all', shown: 'c' },
    { id: 'a', at: '2', list: 'all', shown: 'a' },
    { id: 'b', at: '1', list: 'all', shown: 'b' },
  ]);
});

it('keeps its items in a folder from one run to the next', async () => {
  const folder = await temporaryFolder();
  const first = await start(folder);
  await first.items.send(new PutCommand({ TableName, Item: { id: 'kept', n: 1 } }));
  await open.pop()?.close();
  const second = await start(folder);
  expect((await second.items.send(new GetCommand({ TableName, Key: { id: 'kept' } }))).Item).toEqual({
    id: 'kept',
    n: 1,
  });
});

it('is ready once it has started, however slow the disk', async () => {
  for (let run = 0; run < 10; run++) {
    const { tables, items } = await start(await temporaryFolder());
    const { Table } = await tables.client.send(new DescribeTableCommand({ TableName }));
    expect(Table?.TableStatus).toBe('ACTIVE');
    await items.send(new PutCommand({ TableName, Item: { id: 'first' } }));
    await open.pop()?.close();
  }
});

it('makes its tables anew if their making was interrupted', async () => {
  const folder = await temporaryFolder();
  await mkdir(`${folder}/tables.unfinished`);
  await writeFile(`${folder}/tables.unfinished/CURRENT`, 'half of a database');
  const { items } = await start(folder);
  await items.send(new PutCommand({ TableName, Item: { id: 'first' } }));
  expect(await readdir(folder)).toEqual(expect.not.arrayContaining(['tables.unfinished']));
});

it('lets nobody else into its folder while it runs', async () => {
  const folder = await temporaryFolder();
  await start(folder);
  await expect(startTables(stackWith(), { folder })).rejects.toThrow(
    `Process ${process.pid} is using ${folder}: end it first, or choose another folder.`,
  );
});

it('stays up when a client goes away in the middle of a request', async () => {
  const { tables, items } = await start();
  const half = request(tables.url, { method: 'POST', headers: { 'content-length': 1_000 } });
  half.on('error', () => {});
  await new Promise<void>((resolve) => half.write('{"half', () => resolve()));
  half.destroy();
  await items.send(new PutCommand({ TableName, Item: { id: 'after' } }));
  expect((await items.send(new GetCommand({ TableName, Key: { id: 'after' } }))).Item).toEqual({ id: 'after' });
});

it('refuses a table that is more than keys and indexes', async () => {
  await expect(startTables(stackWith({ StreamSpecification: { StreamViewType: 'NEW_IMAGE' } }))).rejects.toThrow(
    'Items (AWS::DynamoDB::GlobalTable) has StreamSpecification, for which there is no adapter',
  );
});

it('is closed in the middle of requests without ending the process', async () => {
  const { tables, items } = await start();
  const underWay = Array.from({ length: 40 }, (_, n) =>
    items.send(new GetCommand({ TableName, Key: { id: `${n}` } })).catch(() => 'gone'),
  );
  // Some have arrived by now, and some have not.
  await underWay[0];
  await tables.close();
  open.pop();
  await Promise.all(underWay);
});

it('tells of a failed condition which item it failed on, if it is asked', async () => {
  const { items } = await start();
  await items.send(new PutCommand({ TableName, Item: { id: 'a', count: 7 } }));
  const update = new UpdateCommand({
    TableName,
    Key: { id: 'a' },
    UpdateExpression: 'SET seen = :yes',
    ConditionExpression: 'attribute_not_exists(id)',
    ExpressionAttributeValues: { ':yes': true },
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });
  await expect(items.send(update)).rejects.toMatchObject({
    name: 'ConditionalCheckFailedException',
    Item: { id: { S: 'a' }, count: { N: '7' } },
  });
});
