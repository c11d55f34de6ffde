import { BatchGetCommand, type DynamoDBDocumentClient, paginateQuery } from '@aws-sdk/lib-dynamodb';
import { openIndex, revealsKey } from '../../contract.ts';
import type { RevealRecord } from '../../reveal/record.ts';
import { attempt } from '../sdk.ts';

/** BatchGetItem answers 16 MB at most, and a record may have 400 KB. */
const pageSize = 40;

/** The unfinished reveals, oldest first, a page at a time: their keys from the index, the records as they are now. */
export async function* unfinishedReveals(
  table: string,
  client: DynamoDBDocumentClient,
): AsyncGenerator<RevealRecord[]> {
  const pages = paginateQuery(
    { client, pageSize },
    {
      TableName: table,
      IndexName: openIndex.name,
      KeyConditionExpression: '#open = :open',
      ExpressionAttributeNames: { '#open': openIndex.partition },
      ExpressionAttributeValues: { ':open': openIndex.partitionValue },
    },
  );
  for (;;) {
    const page = await attempt('DynamoDB', () => pages.next());
    if (page.done) return;
    const keys = (page.value.Items ?? []).map((item) => ({
      [revealsKey.partition]: item[revealsKey.partition],
      [revealsKey.sort]: item[revealsKey.sort],
    }));
    if (keys.length === 0) continue;
    const request = { RequestItems: { [table]: { Keys: keys, ConsistentRead: true } } };
    // Keys that DynamoDB leaves out under load come again with the next sweep.
    const { Responses } = await attempt('DynamoDB', () => client.send(new BatchGetCommand(request)));
    yield (Responses?.[table] ?? []) as RevealRecord[];
  }
}
