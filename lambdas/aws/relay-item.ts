import { randomBytes } from 'node:crypto';
import { type DynamoDBDocumentClient, GetCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { listIndex, relayItemKey, revealsKey } from '../contract.ts';
import { SaltMissing } from '../reveal/errors.ts';
import { isPersonId, saltBytes } from '../reveal/person/person-id.ts';
import { unlessConditionFails } from './conditional-write.ts';
import { attempt } from './sdk.ts';

/**
 * What a relay knows of itself, as one item of the reveals table, which outlives the stack: the salt from which the ids of people are
 * made, and whether anything may be paid for.
 *
 * | attribute | is |
 * | --- | --- |
 * | `salt` | put once, and never made anew: a new one would make everybody a new person, who is paid for again |
 * | `startsIn` | the name of the table in which starts are allowed: a table that was restored from a backup has another name, and does not know the last starts |
 * | `pausedAt` | when somebody put on the brake, if it is on |
 */
export class RelayItem {
  readonly #table: string;
  readonly #documents: DynamoDBDocumentClient;
  readonly #now: () => number;
  #salt: Promise<Uint8Array> | undefined;

  constructor(table: string, { documents, now }: { documents: DynamoDBDocumentClient; now: () => number }) {
    this.#table = table;
    this.#documents = documents;
    this.#now = now;
  }

  /** @throws SaltMissing if the table has reveals of people and no salt */
  salt(): Promise<Uint8Array> {
    this.#salt ??= this.#findSalt().catch((error: unknown) => {
      this.#salt = undefined;
      throw error;
    });
    return this.#salt;
  }

  /** Why nothing may be paid for, if that is so. Read anew each time: a brake works at once. */
  async brake(): Promise<'starts-paused' | 'table-restored' | undefined> {
    const { pausedAt, startsIn } = await this.#read();
    if (pausedAt !== undefined) return 'starts-paused';
    return startsIn === this.#table ? undefined : 'table-restored';
  }

  /** Nothing is paid for any more, until `letGo`. */
  async putOnBrake(): Promise<void> {
    await this.#set('SET pausedAt = :value', this.#now());
  }

  async letGo(): Promise<void> {
    await this.#set('SET startsIn = :value REMOVE pausedAt', this.#table);
  }

  async #findSalt(): Promise<Uint8Array> {
    const there = saltIn(await this.#read());
    if (there) return there;
    if (await this.#knowsPeople()) throw new SaltMissing();
    await this.#putSalt();
    const put = saltIn(await this.#read());
    if (!put) throw new SaltMissing();
    return put;
  }

  async #read(): Promise<Record<string, unknown>> {
    const { Item = {} } = await attempt('DynamoDB', () =>
      this.#documents.send(new GetCommand({ TableName: this.#table, Key: relayItemKey, ConsistentRead: true })),
    );
    return Item;
  }

  async #set(UpdateExpression: string, value: unknown): Promise<void> {
    const ExpressionAttributeValues = { ':value': value };
    await attempt('DynamoDB', () =>
      this.#documents.send(
        new UpdateCommand({ TableName: this.#table, Key: relayItemKey, UpdateExpression, ExpressionAttributeValues }),
      ),
    );
  }

  /** Whoever is first: everybody reads what is there afterwards. */
  async #putSalt(): Promise<void> {
    await unlessConditionFails(() =>
      this.#documents.send(
        new UpdateCommand({
          TableName: this.#table,
          Key: relayItemKey,
          UpdateExpression: 'SET salt = :salt, startsIn = :table',
          ConditionExpression: 'attribute_not_exists(salt)',
          ExpressionAttributeValues: { ':salt': randomBytes(saltBytes), ':table': this.#table },
        }),
      ),
    );
  }

  /** Asked only where the salt is not there: at a relay's first request for a person, or after somebody has deleted it. */
  async #knowsPeople(): Promise<boolean> {
    let ExclusiveStartKey: Record<string, unknown> | undefined;
    do {
      const page = await attempt('DynamoDB', () =>
        this.#documents.send(
          new QueryCommand({
            TableName: this.#table,
            IndexName: listIndex.name,
            KeyConditionExpression: '#list = :list',
            ExpressionAttributeNames: { '#list': listIndex.partition },
            ExpressionAttributeValues: { ':list': listIndex.partitionValue },
            ExclusiveStartKey,
          }),
        ),
      );
      if (page.Items?.some((item) => isPersonId(String(item[revealsKey.partition])))) return true;
      ExclusiveStartKey = page.LastEvaluatedKey;
    } while (ExclusiveStartKey);
    return false;
  }
}

function saltIn({ salt }: Record<string, unknown>): Uint8Array | undefined {
  return salt instanceof Uint8Array && salt.length === saltBytes ? salt : undefined;
}
