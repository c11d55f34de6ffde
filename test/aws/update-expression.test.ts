import { afterAll, beforeAll, expect, it } from 'vitest';
import { RevealsTable } from '../../lambdas/aws/reveals/reveals-table.ts';
import { sdkClientOptions } from '../../lambdas/aws/sdk.ts';
import { setting } from '../../lambdas/aws/update-expression.ts';
import { newRecord, type RecordChanges } from '../../lambdas/reveal/record.ts';
import { dynamoDB } from '../../lambdas/runtime/clients.ts';
import { startTestTables } from '../support/tables.ts';

let tables: Awaited<ReturnType<typeof startTestTables>>;
let reveals: RevealsTable;
beforeAll(async () => {
  tables = await startTestTables();
  reveals = new RevealsTable(tables.reveals, dynamoDB(sdkClientOptions));
});
afterAll(() => tables.close());

let records = 0;
/** What a record comes to by these changes. */
async function after(...all: RecordChanges[]) {
  records += 1;
  const claim = { generation: 1, executionArn: 'arn', claimedBy: 'test', nowMs: 0 };
  const record = newRecord({ taskId: `updated-${records}` }, claim);
  await reveals.claim(record, undefined);
  for (const changes of all) await reveals.whileRunning(record, changes);
  return reveals.get(record.revealId);
}

it('sets what has a value, takes away what is null, and leaves what is not mentioned', async () => {
  const record = await after({ vendorStatus: 'started', reference: 'crm/7' }, { vendorStatus: null, polls: 2 });
  expect(record).toMatchObject({ reference: 'crm/7', polls: 2 });
  expect(record).not.toHaveProperty('vendorStatus');
});

it('leaves alone what is undefined', async () => {
  expect(await after({ reference: 'crm/7' }, { reference: undefined, polls: 1 })).toMatchObject({ reference: 'crm/7' });
});

it('sets attributes whose names DynamoDB reserves, and tells the new value from the one that is asked for', async () => {
  expect(await after({ status: 'cancelled', reason: 'cancelled-by-caller' })).toMatchObject({ status: 'cancelled' });
});

it('names in the condition only what the condition mentions, as DynamoDB refuses names that nobody uses', () => {
  expect(setting({ polls: 1 }, 'generation = :generation').ExpressionAttributeNames).toEqual({ '#a0': 'polls' });
  expect(setting({ polls: null }, '#status = :status', { ':status': 'running' })).toEqual({
    UpdateExpression: 'REMOVE #r0',
    ConditionExpression: '#status = :status',
    ExpressionAttributeNames: { '#status': 'status', '#r0': 'polls' },
    ExpressionAttributeValues: { ':status': 'running' },
  });
});
