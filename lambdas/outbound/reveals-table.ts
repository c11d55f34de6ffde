import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { revealsKey } from '../contract.ts';
import type { RevealRecord } from '../reveal/record.ts';
import { attempt, sdkClientOptions } from './sdk.ts';

const keyOf = (revealId: string, part: string = revealsKey.record) => ({
  [revealsKey.partition]: revealId,
  [revealsKey.sort]: part,
});

/** One generation of one reveal: what every write after the claim is for, and only for. */
export interface Attempt {
  revealId: string;
  generation: number;
}

/** The reveals table. Every write is one conditional write to one item, and knows its own earlier self. */
export class RevealsTable {
  readonly name: string;
  readonly #documents: DynamoDBDocumentClient;

  constructor(name: string) {
    this.name = name;
    this.#documents = DynamoDBDocumentClient.from(new DynamoDBClient(sdkClientOptions), {
      marshallOptions: { removeUndefinedValues: true },
    });
  }

  /** The record as it is now: a strongly consistent read. */
  async get(revealId: string): Promise<RevealRecord | undefined> {
    const { Item } = await attempt('DynamoDB', () =>
      this.#documents.send(new GetCommand({ TableName: this.name, Key: keyOf(revealId), ConsistentRead: true })),
    );
    return Item as RevealRecord | undefined;
  }

  /**
   * Puts the first record of a generation, in place of the one it replaces. Answers false if somebody else was faster:
   * read and decide again. The same record put twice is put once.
   */
  async claim(record: RevealRecord, replaces: RevealRecord | undefined): Promise<boolean> {
    const isFree = replaces
      ? 'generation = :replacedGeneration AND #status = :replacedStatus'
      : `attribute_not_exists(${revealsKey.partition})`;
    const isOurs = 'generation = :generation AND claimedBy = :claimedBy';
    return this.#unlessConditionFails(() =>
      this.#documents.send(
        new PutCommand({
          TableName: this.name,
          Item: { ...record, [revealsKey.sort]: revealsKey.record },
          ConditionExpression: `(${isFree}) OR (${isOurs})`,
          ...(replaces && { ExpressionAttributeNames: { '#status': 'status' } }),
          ExpressionAttributeValues: {
            ':generation': record.generation,
            ':claimedBy': record.claimedBy,
            ...(replaces && { ':replacedGeneration': replaces.generation, ':replacedStatus': replaces.status }),
          },
        }),
      ),
    );
  }

  /** Sets attributes of a generation that is still running. Answers false if it is not, or is not there. */
  async whileRunning(attempt: Attempt, changes: Partial<RevealRecord>): Promise<boolean> {
    const isThisGeneration = 'generation = :generation';
    const isRunning = '#status = :running';
    return this.#set(
      attempt,
      changes,
      `${isThisGeneration} AND ${isRunning}`,
      { ':running': 'running' },
      { '#status': 'status' },
    );
  }

  /** Notes that the event is out. The first note stays. */
  async published(attempt: Attempt, at: { publishedAt: string; eventId: string }): Promise<void> {
    const isThisGeneration = 'generation = :generation';
    const isFirst = 'attribute_not_exists(publishedAt)';
    await this.#set(attempt, at, `${isThisGeneration} AND ${isFirst}`);
  }

  /** Lays down one part of a result that is too large for the record. The same bytes again change nothing. */
  async putResultPart(
    { revealId, generation }: Attempt,
    index: number,
    bytes: Uint8Array,
    expiresAt: number,
  ): Promise<void> {
    await attempt('DynamoDB', () =>
      this.#documents.send(
        new PutCommand({
          TableName: this.name,
          Item: { ...keyOf(revealId, resultPart(generation, index)), bytes, expiresAt },
        }),
      ),
    );
  }

  /** The parts of a result, in order. */
  async getResultParts({ revealId, generation }: Attempt, count: number): Promise<Uint8Array[]> {
    const parts: Uint8Array[] = [];
    for (let index = 0; index < count; index += 1) {
      const { Item } = await attempt('DynamoDB', () =>
        this.#documents.send(
          new GetCommand({
            TableName: this.name,
            Key: keyOf(revealId, resultPart(generation, index)),
            ConsistentRead: true,
          }),
        ),
      );
      parts.push(Item?.bytes as Uint8Array);
    }
    return parts;
  }

  async #set(
    { revealId, generation }: Attempt,
    changes: object,
    condition: string,
    values: Record<string, unknown> = {},
    names: Record<string, string> = {},
  ): Promise<boolean> {
    const entries = Object.entries(changes).filter(([, value]) => value !== undefined);
    return this.#unlessConditionFails(() =>
      this.#documents.send(
        new UpdateCommand({
          TableName: this.name,
          Key: keyOf(revealId),
          UpdateExpression: `SET ${entries.map((_, at) => `#a${at} = :a${at}`).join(', ')}`,
          ConditionExpression: condition,
          ExpressionAttributeNames: { ...names, ...Object.fromEntries(entries.map(([name], at) => [`#a${at}`, name])) },
          ExpressionAttributeValues: {
            ...values,
            ':generation': generation,
            ...Object.fromEntries(entries.map(([, value], at) => [`:a${at}`, value])),
          },
        }),
      ),
    );
  }

  async #unlessConditionFails(write: () => Promise<unknown>): Promise<boolean> {
    return attempt('DynamoDB', async () => {
      try {
        await write();
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        throw error;
      }
    });
  }
}

/** Parts belong to a generation, so that those of an abandoned one are never read as another's. */
const resultPart = (generation: number, index: number) => `result#${generation}#${String(index).padStart(3, '0')}`;
