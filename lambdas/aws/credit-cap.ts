import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { revealsKey } from '../contract.ts';
import { unlessConditionFails } from './conditional-write.ts';
import { keyOf } from './reveals/reveal-key.ts';
import { attempt } from './sdk.ts';

/** Credits that a start may cost, set aside before it leaves. */
export interface Reservation {
  /** Names the one call that they are for. */
  nonce: string;
  credits: number;
  revealId: string;
  /** Unix milliseconds. */
  atMs: number;
}

const spent = 'spent';
const heldStart = 'held#';
const warned = 'warnedAt';

/**
 * A sum of credits that starts may come to: of one UTC day, or of one batch. It is one item of the reveals table, as
 * what was paid must outlive the stack, and each of its writes is one conditional update that knows whether it was made before, so that
 * the sum is exact with any number of writers, and with answers that are lost.
 * What is set aside counts as spent until it is given back.
 */
export class CreditCap {
  readonly #table: string;
  readonly #key: Record<string, string>;
  readonly #mostCredits: number;
  readonly #expiresAt: number;
  readonly #documents: DynamoDBDocumentClient;

  /** @param options.name of the sum, such as `2026-11-27` @param options.expiresAt Unix seconds */
  constructor(options: {
    table: string;
    name: string;
    mostCredits: number;
    expiresAt: number;
    documents: DynamoDBDocumentClient;
  }) {
    this.#table = options.table;
    this.#key = keyOf(`#credits#${options.name}`, 'credits');
    this.#mostCredits = options.mostCredits;
    this.#expiresAt = options.expiresAt;
    this.#documents = options.documents;
  }

  /** Sets credits aside. Answers false, and sets nothing aside, if the sum would then be more than the cap. */
  async reserve({ nonce, ...held }: Reservation): Promise<boolean> {
    const isReserved = await this.#update({
      UpdateExpression: 'SET #held = :held, #spent = if_not_exists(#spent, :none) + :credits, #expiry = :expiry',
      ConditionExpression:
        'attribute_not_exists(#held) AND (attribute_not_exists(#spent) OR #spent <= :room) AND :room >= :none',
      ExpressionAttributeNames: { '#held': heldStart + nonce, '#spent': spent, '#expiry': revealsKey.timeToLive },
      ExpressionAttributeValues: {
        ':expiry': this.#expiresAt,
        ':held': held,
        ':none': 0,
        ':credits': held.credits,
        ':room': this.#mostCredits - held.credits,
      },
    });
    // An earlier attempt of this very call may have done it, and its answer was lost.
    return isReserved || (await this.#read())[heldStart + nonce] !== undefined;
  }

  /** Credits that were set aside have been spent, or may have been. @param charged what the vendor has charged, if it said so */
  async commit({ nonce, credits }: Pick<Reservation, 'nonce' | 'credits'>, charged = credits): Promise<void> {
    await this.#end(nonce, Math.max(0, charged) - credits);
  }

  /** The call that they were set aside for was not made, or was refused: they are there for another. */
  async release({ nonce, credits }: Pick<Reservation, 'nonce' | 'credits'>): Promise<void> {
    await this.#end(nonce, -credits);
  }

  /** What is spent or set aside, and by whom it is set aside. */
  async standing(): Promise<{ spent: number; mostCredits: number; held: Reservation[]; isWarned: boolean }> {
    const item = await this.#read();
    const held = Object.entries(item)
      .filter(([name]) => name.startsWith(heldStart))
      .map(([name, value]) => ({ ...(value as Omit<Reservation, 'nonce'>), nonce: name.slice(heldStart.length) }));
    return {
      spent: Number(item[spent] ?? 0),
      mostCredits: this.#mostCredits,
      held,
      isWarned: item[warned] !== undefined,
    };
  }

  /** Notes that the cap is known to be near. Nobody needs to be told twice. */
  async warned(atMs: number): Promise<void> {
    await this.#update({
      UpdateExpression: 'SET #warned = :at',
      ConditionExpression: 'attribute_not_exists(#warned)',
      ExpressionAttributeNames: { '#warned': warned },
      ExpressionAttributeValues: { ':at': atMs },
    });
  }

  /** A reservation ends once: the second time there is none. */
  async #end(nonce: string, difference: number): Promise<void> {
    await this.#update({
      UpdateExpression: 'SET #spent = #spent + :difference REMOVE #held',
      ConditionExpression: 'attribute_exists(#held)',
      ExpressionAttributeNames: { '#held': heldStart + nonce, '#spent': spent },
      ExpressionAttributeValues: { ':difference': difference },
    });
  }

  async #read(): Promise<Record<string, unknown>> {
    const { Item = {} } = await attempt('DynamoDB', () =>
      this.#documents.send(new GetCommand({ TableName: this.#table, Key: this.#key, ConsistentRead: true })),
    );
    return Item;
  }

  async #update(update: {
    UpdateExpression: string;
    ConditionExpression: string;
    ExpressionAttributeNames: Record<string, string>;
    ExpressionAttributeValues: Record<string, unknown>;
  }): Promise<boolean> {
    return unlessConditionFails(() =>
      this.#documents.send(new UpdateCommand({ TableName: this.#table, Key: this.#key, ...update })),
    );
  }
}
