import { type DynamoDBDocumentClient, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { listIndex, listMembers, revealsKey } from '../../contract.ts';
import { memberAt, memberPosition, membershipExpiry } from '../../reveal/lists/list-member.ts';
import { attempt } from '../sdk.ts';
import { keyOf } from './reveal-key.ts';

/** Some members of a list. */
export interface Members {
  revealIds: string[];
  /** The last one that was looked at, if there are more behind it. */
  next?: string;
}

/** Some members of a list in its order. */
export interface MembersInOrder {
  members: { revealId: string; listedAt: string }[];
  /** Where the last one stands that was looked at, if there are more behind it. */
  next?: string;
}

/**
 * Which reveals are in which list: an item for each, under the list's own key in the reveals table, and by its position in the index of the list of
 * reveals, under a partition of its own.
 */
export class ListMembers {
  readonly #table: string;
  readonly #documents: DynamoDBDocumentClient;
  readonly #now: () => number;
  readonly #retentionDays: number;

  constructor(table: string, parts: { documents: DynamoDBDocumentClient; now: () => number; retentionDays: number }) {
    this.#table = table;
    this.#documents = parts.documents;
    this.#now = parts.now;
    this.#retentionDays = parts.retentionDays;
  }

  /** Puts a reveal into a list. Again changes nothing but how long that is kept: the first position stays. */
  async put(list: string, revealId: string, position: number): Promise<void> {
    const put = new UpdateCommand({
      TableName: this.#table,
      Key: keyOf(listMembers.keyOf(list), revealId),
      UpdateExpression: 'SET #list = :list, #position = if_not_exists(#position, :position), #expiry = :expiry',
      ExpressionAttributeNames: {
        '#list': listIndex.partition,
        '#position': listIndex.sort,
        '#expiry': revealsKey.timeToLive,
      },
      ExpressionAttributeValues: {
        ':list': listMembers.partitionOf(list),
        ':position': memberPosition(position, revealId),
        ':expiry': membershipExpiry(this.#now(), this.#retentionDays),
      },
    });
    await attempt('DynamoDB', () => this.#documents.send(put));
  }

  /** Members as they are at this moment, in no order that means anything. @param after a member: those behind it */
  async page(list: string, limit: number, after?: string): Promise<Members> {
    const page = await this.#query({
      ...this.#whole(list),
      Limit: limit,
      ...(after !== undefined && { ExclusiveStartKey: keyOf(listMembers.keyOf(list), after) }),
    });
    const next = page.LastEvaluatedKey?.[revealsKey.sort];
    const revealIds = (page.Items ?? []).map((item) => String(item[revealsKey.sort]));
    return { revealIds, ...(next !== undefined && { next: String(next) }) };
  }

  /** Members in the order of the list. Eventually consistent, within about a second. @param after where one stands: those behind it */
  async inOrder(list: string, limit: number, after?: string): Promise<MembersInOrder> {
    const page = await this.#query({
      IndexName: listIndex.name,
      KeyConditionExpression: '#list = :list',
      FilterExpression: isThere,
      ExpressionAttributeNames: { '#list': listIndex.partition, '#expiry': revealsKey.timeToLive },
      ExpressionAttributeValues: { ':list': listMembers.partitionOf(list), ':now': this.#nowSeconds() },
      Limit: limit,
      ...(after !== undefined && {
        ExclusiveStartKey: {
          ...keyOf(listMembers.keyOf(list), String(memberAt(after))),
          [listIndex.partition]: listMembers.partitionOf(list),
          [listIndex.sort]: after,
        },
      }),
    });
    const next = page.LastEvaluatedKey?.[listIndex.sort];
    const members = (page.Items ?? []).map((item) => ({
      revealId: String(item[revealsKey.sort]),
      listedAt: String(item[listIndex.sort]),
    }));
    return { members, ...(next !== undefined && { next: String(next) }) };
  }

  /** How many members a list has. Reads 1 MB at a time, which some thousand fill. */
  async count(list: string): Promise<number> {
    let members = 0;
    let ExclusiveStartKey: Record<string, unknown> | undefined;
    do {
      const page = await this.#query({ ...this.#whole(list), Select: 'COUNT', ExclusiveStartKey });
      members += page.Count ?? 0;
      ExclusiveStartKey = page.LastEvaluatedKey;
    } while (ExclusiveStartKey);
    return members;
  }

  #whole(list: string) {
    return {
      KeyConditionExpression: '#key = :key',
      FilterExpression: isThere,
      ExpressionAttributeNames: { '#key': revealsKey.partition, '#expiry': revealsKey.timeToLive },
      ExpressionAttributeValues: { ':key': listMembers.keyOf(list), ':now': this.#nowSeconds() },
      ConsistentRead: true,
    };
  }

  #query(query: Omit<ConstructorParameters<typeof QueryCommand>[0], 'TableName'>) {
    return attempt('DynamoDB', () => this.#documents.send(new QueryCommand({ TableName: this.#table, ...query })));
  }

  #nowSeconds(): number {
    return this.#now() / 1_000;
  }
}

/** DynamoDB deletes late. */
const isThere = '#expiry > :now';
