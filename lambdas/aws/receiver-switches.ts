import { createHash } from 'node:crypto';
import { DeleteCommand, type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { WebhookReceiver } from '../contract.ts';
import { keyOf } from './reveals/reveal-key.ts';
import { attempt } from './sdk.ts';

type Switched = Pick<WebhookReceiver, 'name' | 'url'>;

/**
 * Which receivers have answered that they want nothing more: an item of the reveals table for each. It is about the address that has said so:
 * a receiver that moves to another one is on again.
 */
export class ReceiverSwitches {
  readonly #table: string;
  readonly #documents: DynamoDBDocumentClient;

  constructor(table: string, documents: DynamoDBDocumentClient) {
    this.#table = table;
    this.#documents = documents;
  }

  async isOff(receiver: Switched): Promise<boolean> {
    const { Item } = await attempt('DynamoDB', () =>
      this.#documents.send(new GetCommand({ TableName: this.#table, Key: keyFor(receiver), ConsistentRead: true })),
    );
    return Item?.address === addressOf(receiver);
  }

  /** @param offAt ISO 8601, UTC */
  async switchOff(receiver: Switched, offAt: string): Promise<void> {
    const Item = { ...keyFor(receiver), address: addressOf(receiver), offAt };
    await attempt('DynamoDB', () => this.#documents.send(new PutCommand({ TableName: this.#table, Item })));
  }

  async switchOn(receiver: Switched): Promise<void> {
    const Key = keyFor(receiver);
    await attempt('DynamoDB', () => this.#documents.send(new DeleteCommand({ TableName: this.#table, Key })));
  }
}

const keyFor = ({ name }: Switched) => keyOf(`#webhook:${name}`, 'off');

/** An address may hold a token of the receiver's. */
const addressOf = ({ url }: Switched) => createHash('sha256').update(url).digest('hex').slice(0, 16);
