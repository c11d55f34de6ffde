import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { BatchWriteCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ListMembers } from '../../../lambdas/aws/reveals/list-members.ts';
import { RevealRecords } from '../../../lambdas/aws/reveals/reveal-records.ts';
import { RevealsTable } from '../../../lambdas/aws/reveals/reveals-table.ts';
import { sdkClientOptions } from '../../../lambdas/aws/sdk.ts';
import { listIndex, listMembers, revealsKey } from '../../../lambdas/contract.ts';
import { defaultPollLimits } from '../../../lambdas/polling/budget/limits.ts';
import { memberPosition } from '../../../lambdas/reveal/lists/list-member.ts';
import { newRecord } from '../../../lambdas/reveal/record.ts';
import { dynamoDB } from '../../../lambdas/runtime/clients.ts';
import { type Counted, type Counting, countList } from '../../../lambdas/usecases/lists/count-list.ts';
import { listResults } from '../../../lambdas/usecases/lists/list-results.ts';
import { completed } from '../../support/doors.ts';
import { startTestTables } from '../../support/tables.ts';

const members = 10_000;
const list = 'ten-thousand';
const now = Date.now();

let tables: Awaited<ReturnType<typeof startTestTables>>;
let documents: DynamoDBDocumentClient;
/** What DynamoDB was asked since it was looked at last: the operations, and the capacity that they took. */
let asked: { operation: string; units: number }[] = [];

/** A member of the list, and its record for every tenth: what it takes to look for one that is not there is the same. */
function itemsOf(n: number): Record<string, unknown>[] {
  const revealId = `task-${n}`;
  const member = {
    [revealsKey.partition]: listMembers.keyOf(list),
    [revealsKey.sort]: revealId,
    [listIndex.partition]: listMembers.partitionOf(list),
    [listIndex.sort]: memberPosition(n, revealId),
    [revealsKey.timeToLive]: Math.floor(now / 1_000) + 86_400,
  };
  if (n % 10 > 0) return [member];
  const claim = { generation: 1, executionArn: 'arn', claimedBy: 'test', nowMs: now };
  const record = { ...newRecord({ taskId: revealId }, claim), ...completed(), [revealsKey.sort]: revealsKey.record };
  return [member, record];
}

async function write(items: Record<string, unknown>[]): Promise<void> {
  const requests = items.map((Item) => ({ PutRequest: { Item } }));
  for (let at = 0; at < requests.length; at += 25) {
    const RequestItems = { [tables.reveals]: requests.slice(at, at + 25) };
    await documents.send(new BatchWriteCommand({ RequestItems }));
  }
}

beforeAll(async () => {
  tables = await startTestTables();
  documents = dynamoDB(sdkClientOptions);
  await write(Array.from({ length: members }, (_, n) => itemsOf(n)).flat());
  documents.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (args) => {
        Object.assign(args.input, { ReturnConsumedCapacity: 'TOTAL' });
        const answer = await next(args);
        const { ConsumedCapacity: used } = answer.output as { ConsumedCapacity?: unknown };
        const units = [used].flat().map((each) => (each as { CapacityUnits?: number }).CapacityUnits ?? 0);
        asked.push({ operation: commandName, units: units.reduce((a, b) => a + b, 0) });
        return answer;
      },
    { step: 'initialize' },
  );
}, 120_000);
afterAll(() => tables.close());

function sums() {
  const of = (operation: string) => asked.filter((each) => each.operation === operation);
  const units = asked.reduce((sum, each) => sum + each.units, 0);
  const found = { queries: of('QueryCommand').length, batches: of('BatchGetItemCommand').length, units };
  asked = [];
  return found;
}

describe(`a list of ${members}`, () => {
  it('is counted a thousand at a time, with 11 requests and 530 read units each, and 270 more for how many there are', async () => {
    const counting: Counting = {
      lists: new ListMembers(tables.reveals, { documents, now: () => now, retentionDays: 30 }),
      records: new RevealRecords(tables.reveals, documents),
      durations: { read: async () => ({}) },
      budget: { read: async () => ({}) },
      startBudget: { read: async () => ({}) },
      relay: { brake: async () => undefined },
      limits: { polls: defaultPollLimits, starts: defaultPollLimits },
      now: () => now,
    };
    let before: Counted | undefined;
    let pages = 0;
    do {
      const counted = await countList(list, before, counting);
      if (counted === 'no-such-list') throw new Error(counted);
      const { queries, batches, units } = sums();
      // How many there are is counted once, by queries of 1 MB each. That there are no more shows on an empty page.
      const isEmpty = counted.done === before?.done;
      expect({ queries, batches }).toEqual({ queries: pages === 0 ? 2 : 1, batches: isEmpty ? 0 : 10 });
      expect(units).toBeLessThan(pages === 0 ? 820 : 540);
      before = counted;
      pages += 1;
    } while (before.after !== undefined);
    expect(pages).toBeLessThanOrEqual(11);
    expect(before).toMatchObject({ members, done: members, counts: { statuses: { completed: 1_000, gone: 9_000 } } });
  });

  it('is paged through a hundred results at a time, with 2 requests and 52 read units each', async () => {
    const listing = {
      lists: new ListMembers(tables.reveals, { documents, now: () => now, retentionDays: 30 }),
      records: new RevealRecords(tables.reveals, documents),
      reveals: new RevealsTable(tables.reveals, documents),
      budget: { read: async () => ({}) },
      startBudget: { read: async () => ({}) },
      relay: { brake: async () => undefined },
      now: () => now,
    };
    let after: string | undefined;
    const seen: string[] = [];
    for (let page = 0; page < 5; page += 1) {
      const { results, next } = await listResults(list, { limit: 100, after }, listing);
      for await (const { revealId } of results) seen.push(revealId);
      const { units, ...requests } = sums();
      expect(requests).toEqual({ queries: 1, batches: 1 });
      expect(units).toBeLessThanOrEqual(52);
      after = next;
    }
    expect(seen).toEqual(Array.from({ length: 500 }, (_, n) => `task-${n}`));
  });
});
