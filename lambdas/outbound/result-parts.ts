import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
} from '@aws-sdk/lib-dynamodb';
import { revealsKey } from '../contract.ts';
import { type Generation, keyOf } from './reveal-key.ts';
import { attempt } from './sdk.ts';

const prefix = 'result#';
/** Parts belong to a generation, so that those of an abandoned one are never read as another's. */
const partName = (generation: number, index: number) => `${prefix}${generation}#${String(index).padStart(3, '0')}`;
const generationOf = (part: string) => Number(part.split('#')[1]);

/** The items beside a record that hold what is too large for it. */
export class ResultParts {
  readonly #documents: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(documents: DynamoDBDocumentClient, table: string) {
    this.#documents = documents;
    this.#table = table;
  }

  /** Lays down the parts of a result. The same bytes again change nothing. */
  async put({ revealId, generation }: Generation, parts: readonly Uint8Array[], expiresAt: number): Promise<void> {
    for (const [index, bytes] of parts.entries()) {
      const Item = { ...keyOf(revealId, partName(generation, index)), bytes, expiresAt };
      await attempt('DynamoDB', () => this.#documents.send(new PutCommand({ TableName: this.#table, Item })));
    }
  }

  /** The parts of a result, in order, or nothing if one of them is gone. */
  async get({ revealId, generation }: Generation, count: number): Promise<Uint8Array[] | undefined> {
    const parts: Uint8Array[] = [];
    for (let index = 0; index < count; index += 1) {
      const Key = keyOf(revealId, partName(generation, index));
      const { Item } = await attempt('DynamoDB', () =>
        this.#documents.send(new GetCommand({ TableName: this.#table, Key, ConsistentRead: true })),
      );
      if (!Item) return undefined;
      parts.push(Item.bytes as Uint8Array);
    }
    return parts;
  }

  /** Takes away what `put` has laid down. */
  async drop({ revealId, generation }: Generation, count: number): Promise<void> {
    for (let index = 0; index < count; index += 1) await this.#delete(revealId, partName(generation, index));
  }

  /** Takes away everything of this generation and of those before it, whoever has left it there. */
  async dropUpTo({ revealId, generation }: Generation): Promise<void> {
    let from: Record<string, unknown> | undefined;
    do {
      const page = await attempt('DynamoDB', () =>
        this.#documents.send(
          new QueryCommand({
            TableName: this.#table,
            KeyConditionExpression: `${revealsKey.partition} = :revealId AND begins_with(${revealsKey.sort}, :prefix)`,
            ExpressionAttributeValues: { ':revealId': revealId, ':prefix': prefix },
            ProjectionExpression: revealsKey.sort,
            ConsistentRead: true,
            ...(from && { ExclusiveStartKey: from }),
          }),
        ),
      );
      for (const item of page.Items ?? []) {
        const part = String(item[revealsKey.sort]);
        if (generationOf(part) <= generation) await this.#delete(revealId, part);
      }
      from = page.LastEvaluatedKey;
    } while (from);
  }

  async #delete(revealId: string, part: string): Promise<void> {
    const Key = keyOf(revealId, part);
    await attempt('DynamoDB', () => this.#documents.send(new DeleteCommand({ TableName: this.#table, Key })));
  }
}
