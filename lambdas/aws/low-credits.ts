import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { unlessConditionFails } from './conditional-write.ts';
import { keyOf } from './reveals/reveal-key.ts';
import { attempt } from './sdk.ts';

/**
 * The time during which the vendor warns that few credits are left, as one item of the reveals table. It begins with a warning, ends with a later
 * charge that comes without one, and is told once: by whoever has begun it.
 */
export class LowCredits {
  readonly #table: string;
  readonly #documents: DynamoDBDocumentClient;
  readonly #key = keyOf('#low-credits', 'credits');

  constructor(table: string, documents: DynamoDBDocumentClient) {
    this.#table = table;
    this.#documents = documents;
  }

  /**
   * Notes a warning. Answers whether it is for this teller to hand it on: again and again for the one who was first, so that a warning whose
   * telling was interrupted is told.
   *
   * @param teller names the event
   * @param since ISO 8601, UTC
   */
  async warned(teller: string, since: string): Promise<boolean> {
    return this.#update({
      UpdateExpression: 'SET teller = :teller, since = :since',
      ConditionExpression: 'attribute_not_exists(teller) OR teller = :teller',
      ExpressionAttributeValues: { ':teller': teller, ':since': since },
    });
  }

  /** Notes a charge that came without a warning. @param at ISO 8601, UTC: one from before the warning says nothing of it */
  async notWarned(at: string): Promise<void> {
    // Nearly every charge is one of these, and a read that may be late costs a tenth of a write.
    const { Item } = await attempt('DynamoDB', () =>
      this.#documents.send(new GetCommand({ TableName: this.#table, Key: this.#key })),
    );
    if (Item?.teller === undefined) return;
    await this.#update({
      UpdateExpression: 'REMOVE teller, since',
      ConditionExpression: 'since < :at',
      ExpressionAttributeValues: { ':at': at },
    });
  }

  async #update(update: {
    UpdateExpression: string;
    ConditionExpression: string;
    ExpressionAttributeValues: Record<string, unknown>;
  }): Promise<boolean> {
    return unlessConditionFails(() =>
      this.#documents.send(new UpdateCommand({ TableName: this.#table, Key: this.#key, ...update })),
    );
  }
}
