import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
} from '@aws-sdk/lib-dynamodb';
import { revealsKey } from '../../contract.ts';
import type { AnswerPlace } from '../../reveal/stored-answer.ts';
import { attempt } from '../sdk.ts';
import { type Generation, keyOf } from './reveal-key.ts';

/** Parts belong to a generation, so that those of an abandoned one are never read as another's. */
const namesOf = ({ generation }: Generation, { count, digest }: AnswerPlace) =>
  numbered(`answer#${generation}#${digest}`, count);
/** As version 0.1.0 called the parts of a result. */
const formerNamesOf = ({ generation }: Generation, count: number) => numbered(`result#${generation}`, count);
const numbered = (name: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${name}#${String(index).padStart(3, '0')}`);
const generationOf = (part: string) =>
  Number(/^(?:answer|result|earlier)#(\d+)#/.exec(part)?.[1] ?? Number.POSITIVE_INFINITY);

/** The items beside a record that hold an answer which is too large for it. */
export class AnswerParts {
  readonly #documents: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(documents: DynamoDBDocumentClient, table: string) {
    this.#documents = documents;
    this.#table = table;
  }

  /** Stores the parts of an answer. The same bytes again change nothing. */
  async put(of: Generation, place: AnswerPlace, parts: readonly Uint8Array[], expiresAt: number): Promise<void> {
    const names = namesOf(of, place);
    for (const [index, bytes] of parts.entries()) {
      const Item = { ...keyOf(of.revealId, names[index]), bytes, expiresAt };
      await attempt('DynamoDB', () => this.#documents.send(new PutCommand({ TableName: this.#table, Item })));
    }
  }

  /** What the parts of an answer hold, or nothing if one of them is gone. */
  get(of: Generation, place: AnswerPlace): Promise<Uint8Array | undefined> {
    return this.#get(of.revealId, namesOf(of, place));
  }

  /** What the parts hold in which version 0.1.0 has stored a result, or nothing if one of them is gone. */
  getResult(of: Generation, count: number): Promise<Uint8Array | undefined> {
    return this.#get(of.revealId, formerNamesOf(of, count));
  }

  /** Takes away what `put` has stored. */
  async drop(of: Generation, place: AnswerPlace): Promise<void> {
    for (const name of namesOf(of, place)) await this.#delete(of.revealId, name);
  }

  /** Takes away everything of this generation and of those before it, whoever has left it there. */
  async dropUpTo({ revealId, generation }: Generation): Promise<void> {
    let from: Record<string, unknown> | undefined;
    do {
      const page = await attempt('DynamoDB', () =>
        this.#documents.send(
          new QueryCommand({
            TableName: this.#table,
            KeyConditionExpression: `${revealsKey.partition} = :revealId`,
            ExpressionAttributeValues: { ':revealId': revealId },
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

  async #get(revealId: string, names: readonly string[]): Promise<Uint8Array | undefined> {
    const parts: Uint8Array[] = [];
    for (const name of names) {
      const Key = keyOf(revealId, name);
      const { Item } = await attempt('DynamoDB', () =>
        this.#documents.send(new GetCommand({ TableName: this.#table, Key, ConsistentRead: true })),
      );
      if (!Item) return undefined;
      parts.push(Item.bytes as Uint8Array);
    }
    return Buffer.concat(parts);
  }

  async #delete(revealId: string, part: string): Promise<void> {
    const Key = keyOf(revealId, part);
    await attempt('DynamoDB', () => this.#documents.send(new DeleteCommand({ TableName: this.#table, Key })));
  }
}
