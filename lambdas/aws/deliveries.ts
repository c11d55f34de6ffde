import { type DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { revealsKey } from '../contract.ts';
import type { Delivery } from '../webhooks/delivery.ts';
import { unlessConditionFails } from './conditional-write.ts';
import { keyOf } from './reveals/reveal-key.ts';
import { attempt } from './sdk.ts';

/** Where the deliveries of an event are that is about no reveal. No reveal's id begins like it. */
const ofNoReveal = '#webhooks';

const beginning = 'delivery#';

/** What became of each event and each receiver: items beside the record, which expire with it and hold nothing of what was sent. */
export class Deliveries {
  readonly #table: string;
  readonly #documents: DynamoDBDocumentClient;

  constructor(table: string, documents: DynamoDBDocumentClient) {
    this.#table = table;
    this.#documents = documents;
  }

  async get(of: DeliveryOf): Promise<Delivery | undefined> {
    const { Item } = await attempt('DynamoDB', () =>
      this.#documents.send(new GetCommand({ TableName: this.#table, Key: keyFor(of), ConsistentRead: true })),
    );
    return Item && deliveryIn(Item);
  }

  /**
   * Notes a delivery in place of the one that was read, if there was one. Answers false if somebody else has, or we ourselves, in an attempt whose
   * answer was lost: read and decide again.
   */
  async put(revealId: string | undefined, delivery: Delivery): Promise<boolean> {
    const { receiver, eventId, version } = delivery;
    const isAsRead = version === 1 ? `attribute_not_exists(${revealsKey.partition})` : 'version = :before';
    return unlessConditionFails(() =>
      this.#documents.send(
        new PutCommand({
          TableName: this.#table,
          Item: { ...delivery, ...keyFor({ revealId, receiver, eventId }) },
          ConditionExpression: isAsRead,
          ...(version > 1 && { ExpressionAttributeValues: { ':before': version - 1 } }),
        }),
      ),
    );
  }

  /** All deliveries of a reveal's events, the oldest event's first. */
  async ofReveal(revealId: string): Promise<Delivery[]> {
    const { Items = [] } = await attempt('DynamoDB', () =>
      this.#documents.send(
        new QueryCommand({
          TableName: this.#table,
          KeyConditionExpression: '#id = :id AND begins_with(#part, :beginning)',
          ExpressionAttributeNames: { '#id': revealsKey.partition, '#part': revealsKey.sort },
          ExpressionAttributeValues: { ':id': revealId, ':beginning': beginning },
          Limit: mostShown,
        }),
      ),
    );
    return Items.map(deliveryIn).sort((one, other) => (firstAt(one) < firstAt(other) ? -1 : 1));
  }
}

interface DeliveryOf {
  revealId: string | undefined;
  receiver: string;
  eventId: string;
}

/** A reveal has an event or two for each generation. */
const mostShown = 100;

const keyFor = ({ revealId = ofNoReveal, receiver, eventId }: DeliveryOf) =>
  keyOf(revealId, `${beginning}${receiver}#${eventId}`);

const firstAt = ({ attempts }: Delivery) => attempts[0]?.at ?? '';

function deliveryIn(item: Record<string, unknown>): Delivery {
  const { [revealsKey.partition]: _id, [revealsKey.sort]: _part, ...delivery } = item;
  return delivery as unknown as Delivery;
}
