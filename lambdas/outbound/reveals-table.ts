import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { listIndex, revealsKey } from '../contract.ts';
import type { RevealResult } from '../fiber/vendor-answer.ts';
import { listPosition } from '../reveal/list-cursor.ts';
import type { RecordChanges, RevealRecord } from '../reveal/record.ts';
import { type PackedResult, unpackResult } from '../reveal/result-parts.ts';
import { ResultParts } from './result-parts.ts';
import { type Generation, keyOf } from './reveal-key.ts';
import { attempt, type SdkClientOptions, sdkClientOptions } from './sdk.ts';

const isThisGeneration = 'generation = :generation';

/** The reveals table. Every write is one conditional write to one item, and knows its own earlier self. */
export class RevealsTable {
  readonly name: string;
  readonly #documents: DynamoDBDocumentClient;
  readonly #parts: ResultParts;

  constructor(name: string, options: SdkClientOptions = sdkClientOptions) {
    this.name = name;
    this.#documents = DynamoDBDocumentClient.from(new DynamoDBClient(options), {
      marshallOptions: { removeUndefinedValues: true },
    });
    this.#parts = new ResultParts(this.#documents, name);
  }

  /** The record as it is now: a strongly consistent read. */
  async get(revealId: string): Promise<RevealRecord | undefined> {
    const { Item } = await attempt('DynamoDB', () =>
      this.#documents.send(new GetCommand({ TableName: this.name, Key: keyOf(revealId), ConsistentRead: true })),
    );
    return Item as RevealRecord | undefined;
  }

  /**
   * Puts the first record of a generation, in place of the one it replaces. Answers false if somebody was faster, which may have
   * been we ourselves, in an attempt whose answer was lost: read and decide again.
   */
  async claim(record: RevealRecord, replaces: RevealRecord | undefined): Promise<boolean> {
    const isAsRead = [
      'generation = :replacedGeneration',
      '#status = :replacedStatus',
      ...(replaces?.erasedAt ? [] : ['attribute_not_exists(erasedAt)']),
    ];
    const isFree = replaces ? isAsRead.join(' AND ') : `attribute_not_exists(${revealsKey.partition})`;
    return this.#unlessConditionFails(() =>
      this.#documents.send(
        new PutCommand({
          TableName: this.name,
          Item: {
            ...record,
            [revealsKey.sort]: revealsKey.record,
            [listIndex.partition]: listIndex.partitionValue,
            [listIndex.sort]: listPosition(record),
          },
          ConditionExpression: isFree,
          ...(replaces && {
            ExpressionAttributeNames: { '#status': 'status' },
            ExpressionAttributeValues: {
              ':replacedGeneration': replaces.generation,
              ':replacedStatus': replaces.status,
            },
          }),
        }),
      ),
    );
  }

  /** Sets attributes of a generation that is still running. Answers false if it is not, or is not there. */
  async whileRunning({ revealId, generation }: Generation, changes: RecordChanges): Promise<boolean> {
    return this.whileAsRead({ revealId, generation, status: 'running' }, changes);
  }

  /** Sets attributes of a record that nobody has settled otherwise, or erased, since it was read. Answers false if somebody has. */
  async whileAsRead(record: Generation & Pick<RevealRecord, 'status'>, changes: RecordChanges): Promise<boolean> {
    const isAsRead = `${isThisGeneration} AND #status = :status AND attribute_not_exists(erasedAt)`;
    return this.#set(record, changes, isAsRead, { ':status': record.status }, { '#status': 'status' });
  }

  /**
   * Stores a finished result. Answers false if the reveal is not as it was read any more, because it has been settled meanwhile, or
   * if its contact data has been erased: then nothing of this result is left in the table.
   */
  async keepResult(
    record: Generation & Pick<RevealRecord, 'status'>,
    packed: PackedResult,
    changes: RecordChanges & { expiresAt: number },
  ): Promise<boolean> {
    const parts = 'parts' in packed ? packed.parts : [];
    await this.#parts.put(record, parts, changes.expiresAt);
    const result = 'parts' in packed ? { resultParts: parts.length } : packed;
    const isKept = await this.whileAsRead(record, { ...changes, ...result });
    if (!isKept && parts.length > 0 && !(await this.#refersToParts(record))) {
      await this.#parts.drop(record, parts.length);
    }
    return isKept;
  }

  /** The contact data of a record, or nothing if it holds none, or if it has been erased since the record was read. */
  async resultOf(record: RevealRecord): Promise<RevealResult | undefined> {
    if (!record.resultParts) return record.result;
    const parts = await this.#parts.get(record, record.resultParts);
    return parts && unpackResult(parts);
  }

  /**
   * Takes the contact data of an ended generation out of the table, and out of what abandoned writers have left behind. Answers
   * false if the reveal is running, or is another generation by now. Doing it again finishes what was interrupted.
   */
  async erase(record: Generation, tombstone: RecordChanges): Promise<boolean> {
    const hasEnded = '#status <> :running';
    const isErased = await this.#set(
      record,
      tombstone,
      `${isThisGeneration} AND ${hasEnded}`,
      { ':running': 'running' },
      { '#status': 'status' },
    );
    if (isErased) await this.#parts.dropUpTo(record);
    return isErased;
  }

  /** Notes that the event is out, which closes a record that is not to be looked at again. The first note stays. */
  async published(record: RevealRecord, at: { publishedAt: string; eventId: string }): Promise<void> {
    const isFirst = 'attribute_not_exists(publishedAt)';
    const changes = { ...at, ...(record.lookAgainAt ? {} : { open: null }) };
    await this.#set(record, changes, `${isThisGeneration} AND ${isFirst}`);
  }

  /** Whether parts that lie there are those of a stored result, and not of a write that came too late. */
  async #refersToParts({ revealId, generation }: Generation): Promise<boolean> {
    const record = await this.get(revealId);
    return record?.generation === generation && record.resultParts !== undefined;
  }

  async #set(
    { revealId, generation }: Generation,
    changes: object,
    condition: string,
    values: Record<string, unknown> = {},
    names: Record<string, string> = {},
  ): Promise<boolean> {
    const entries = Object.entries(changes).filter(([, value]) => value !== undefined && value !== null);
    const removals = Object.entries(changes).filter(([, value]) => value === null);
    return this.#unlessConditionFails(() =>
      this.#documents.send(
        new UpdateCommand({
          TableName: this.name,
          Key: keyOf(revealId),
          UpdateExpression: [
            `SET ${entries.map((_, at) => `#a${at} = :a${at}`).join(', ')}`,
            ...(removals.length > 0 ? [`REMOVE ${removals.map((_, at) => `#r${at}`).join(', ')}`] : []),
          ].join(' '),
          ConditionExpression: condition,
          ExpressionAttributeNames: {
            ...names,
            ...Object.fromEntries(entries.map(([name], at) => [`#a${at}`, name])),
            ...Object.fromEntries(removals.map(([name], at) => [`#r${at}`, name])),
          },
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
