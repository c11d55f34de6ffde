import { type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { listIndex, type RevealStatus } from '../../contract.ts';
import { cursorAt, positionAt } from '../../reveal/lists/list-cursor.ts';
import type { ListedReveal } from '../../reveal/record.ts';
import { attempt } from '../sdk.ts';
import { keyOf } from './reveal-key.ts';

interface ListQuery {
  status?: RevealStatus | undefined;
  /** ISO 8601, UTC, with milliseconds: claimed then or later. */
  since?: string | undefined;
  /** From an earlier page. */
  cursor?: string | undefined;
  limit: number;
  /** Unix seconds: what expires until then is not shown. */
  nowSeconds: number;
}

interface ListPage {
  reveals: ListedReveal[];
  /** There may be more behind it. */
  cursor?: string;
}

/** How much of the index one page may cost: a filter that matches little must not read the whole table in one request. */
const mostQueries = 8;
const readAtOnce = 250;

/** All reveals, newest first, from the index: no contact data is in there. Eventually consistent, within about a second. */
export class RevealsList {
  readonly #table: string;
  readonly #documents: DynamoDBDocumentClient;

  constructor(table: string, documents: DynamoDBDocumentClient) {
    this.#table = table;
    this.#documents = documents;
  }

  /** A page may be shorter than the limit, even empty, and still have a cursor. */
  async page(query: ListQuery): Promise<ListPage> {
    const reveals: Item[] = [];
    let from = query.cursor === undefined ? undefined : keyAt(query.cursor);
    for (let queries = 0; queries < mostQueries; queries += 1) {
      const page = await this.#query(query, from);
      for (const item of page.items) {
        if (reveals.length === query.limit) return { reveals, cursor: cursorAt(positionOf(reveals.at(-1))) };
        reveals.push(item);
      }
      from = page.next;
      if (!from) return { reveals };
    }
    return { reveals, cursor: cursorAt(positionOf(from)) };
  }

  async #query(
    { status, since, nowSeconds, limit }: ListQuery,
    from: Key | undefined,
  ): Promise<{ items: Item[]; next: Key | undefined }> {
    const isListed = `#list = :list${since === undefined ? '' : ' AND #position >= :since'}`;
    const isThere = '(attribute_not_exists(expiresAt) OR expiresAt > :now)';
    const isWanted = status === undefined ? isThere : `${isThere} AND #status = :status`;
    const page = await attempt('DynamoDB', () =>
      this.#documents.send(
        new QueryCommand({
          TableName: this.#table,
          IndexName: listIndex.name,
          KeyConditionExpression: isListed,
          FilterExpression: isWanted,
          ExpressionAttributeNames: {
            '#list': listIndex.partition,
            ...(since !== undefined && { '#position': listIndex.sort }),
            ...(status !== undefined && { '#status': 'status' }),
          },
          ExpressionAttributeValues: {
            ':list': listIndex.partitionValue,
            ':now': nowSeconds,
            ...(since !== undefined && { ':since': since }),
            ...(status !== undefined && { ':status': status }),
          },
          ScanIndexForward: false,
          // One more than is shown says whether there are more. With a filter, most of what is read may not match.
          Limit: status === undefined ? limit + 1 : readAtOnce,
          ...(from && { ExclusiveStartKey: from }),
        }),
      ),
    );
    return { items: (page.Items ?? []) as Item[], next: page.LastEvaluatedKey };
  }
}

type Key = Record<string, unknown>;
type Item = ListedReveal & Key;

const positionOf = (key: Key | undefined) => String(key?.[listIndex.sort]);

function keyAt(cursor: string): Key | undefined {
  const at = positionAt(cursor);
  if (!at) return undefined;
  return {
    ...keyOf(at.revealId),
    [listIndex.partition]: listIndex.partitionValue,
    [listIndex.sort]: at.position,
  };
}
