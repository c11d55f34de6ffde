import { BatchGetCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { revealsKey } from '../../contract.ts';
import { RelayFault } from '../../reveal/errors.ts';
import type { RevealRecord } from '../../reveal/record.ts';
import { attempt } from '../sdk.ts';
import { keyOf } from './reveal-key.ts';

/** As many keys as one BatchGetItem takes. */
const mostKeys = 100;
/** It answers 16 MB at most, so that a hundred of the largest records need three. Under load it may leave out some. */
const mostRounds = 8;

/** Records of many reveals at once. */
export class RevealRecords {
  readonly #table: string;
  readonly #documents: DynamoDBDocumentClient;

  constructor(table: string, documents: DynamoDBDocumentClient) {
    this.#table = table;
    this.#documents = documents;
  }

  /** Those that are there, by id. Eventually consistent: half the price, and late by less than a second. */
  async get(revealIds: readonly string[]): Promise<Map<string, RevealRecord>>;
  /** @param attributes all that is wanted of them. DynamoDB reads the whole record all the same, and charges for it */
  async get<Name extends keyof RevealRecord>(
    revealIds: readonly string[],
    attributes: readonly Name[],
    options?: { isConsistent?: boolean },
  ): Promise<Map<string, Pick<RevealRecord, Name>>>;
  async get(
    revealIds: readonly string[],
    attributes?: readonly string[],
    { isConsistent = false }: { isConsistent?: boolean } = {},
  ): Promise<Map<string, RevealRecord>> {
    const hundreds = Array.from({ length: Math.ceil(revealIds.length / mostKeys) }, (_, at) =>
      revealIds.slice(at * mostKeys, (at + 1) * mostKeys),
    );
    const found = await Promise.all(hundreds.map((ids) => this.#hundred(ids, attributes, isConsistent)));
    return new Map(found.flat().map((record) => [record.revealId, record]));
  }

  async #hundred(
    revealIds: readonly string[],
    attributes: readonly string[] | undefined,
    ConsistentRead: boolean,
  ): Promise<RevealRecord[]> {
    const found: RevealRecord[] = [];
    const projection = attributes && {
      ProjectionExpression: attributes.map((_, at) => `#a${at}`).join(', '),
      ExpressionAttributeNames: Object.fromEntries(attributes.map((name, at) => [`#a${at}`, name])),
    };
    let Keys = revealIds.map((id) => keyOf(id)) as Record<string, unknown>[] | undefined;
    for (let round = 0; Keys !== undefined && Keys.length > 0; round += 1) {
      if (round === mostRounds) throw new RelayFault('DynamoDB', 'UnprocessedKeys');
      const request = new BatchGetCommand({ RequestItems: { [this.#table]: { Keys, ConsistentRead, ...projection } } });
      const { Responses, UnprocessedKeys } = await attempt('DynamoDB', () => this.#documents.send(request));
      const records = (Responses?.[this.#table] ?? []) as (RevealRecord & { aliasOf?: unknown })[];
      found.push(...records.filter((item) => item.aliasOf === undefined && item[revealsKey.partition] !== undefined));
      Keys = UnprocessedKeys?.[this.#table]?.Keys;
    }
    return found;
  }
}
