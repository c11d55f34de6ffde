import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { budgetKey } from '../../contract.ts';
import {
  type Applied,
  type Assignment,
  type Clause,
  holds,
  type Item,
  type Move,
  type Term,
} from '../../polling/budget/moves.ts';
import { attempt } from '../sdk.ts';

/** One item of the budget table, which many handlers change at once: each move is one conditional update of it. */
export class SharedItem {
  readonly #table: string;
  readonly #key: Record<string, string>;
  readonly #documents: DynamoDBDocumentClient;

  constructor(table: string, id: string, documents: DynamoDBDocumentClient) {
    this.#documents = documents;
    this.#table = table;
    this.#key = { [budgetKey.partition]: id };
  }

  async read(): Promise<Item> {
    const { Item } = await attempt('DynamoDB', () =>
      this.#documents.send(new GetCommand({ TableName: this.#table, Key: this.#key, ConsistentRead: true })),
    );
    return (Item ?? {}) as Item;
  }

  /**
   * Applies the first move whose clauses hold, and answers the item as it then is. A failed condition costs a write and brings the item
   * that it failed on: moves that cannot hold on that are not tried.
   */
  async apply(moves: readonly Move[]): Promise<Applied> {
    let known: Item | undefined;
    for (const move of moves) {
      if (known && !move.when.every((clause) => holds(known ?? {}, clause))) continue;
      const tried = await this.#try(move);
      if (tried.applied) return { item: tried.item, move: move.name };
      known = tried.item;
    }
    return { item: known ?? (await this.read()), move: undefined };
  }

  /** @returns the item as the move has made it, or, where DynamoDB tells, as it was when the move could not be applied */
  async #try(move: Move): Promise<{ applied: true; item: Item } | { applied: false; item: Item | undefined }> {
    return attempt('DynamoDB', async () => {
      try {
        const update = {
          TableName: this.#table,
          Key: this.#key,
          ReturnValues: 'ALL_NEW' as const,
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
          ...expressionsOf(move),
        };
        return { applied: true, item: (await this.#documents.send(new UpdateCommand(update))).Attributes as Item };
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        return { applied: false, item: error.Item && (unmarshall(error.Item) as Item) };
      }
    });
  }
}

/** A move in DynamoDB's words. @see ../polling/moves.ts for what it means */
export function expressionsOf(move: Move) {
  const names: Record<string, string> = {};
  const values: Record<string, number | string> = {};
  const nameOf = (attr: string) => {
    names[`#${attr}`] = attr;
    return `#${attr}`;
  };
  const placeholderOf = (value: number | string) => {
    const placeholder = `:v${Object.keys(values).length}`;
    values[placeholder] = value;
    return placeholder;
  };

  const clause = (clause: Clause): string => {
    const comparison = `${nameOf(clause.attr)} ${clause.is} ${placeholderOf(clause.than)}`;
    // A comparison with an attribute that is missing is false in DynamoDB, whatever its default would say.
    return holds({}, clause) ? `(attribute_not_exists(${nameOf(clause.attr)}) OR ${comparison})` : comparison;
  };
  const term = (from: Term | string): string =>
    typeof from === 'object'
      ? `if_not_exists(${nameOf(from.attr)}, ${placeholderOf(from.or ?? 0)})`
      : placeholderOf(from);
  const assignment = ({ attr, to }: Assignment): string =>
    `${nameOf(attr)} = ${Array.isArray(to) ? to.map(term).join(' + ') : term(to as Term | string)}`;
  // ADD says the same as SET attr = if_not_exists(attr, 0) + n, in a third of the 4 KB that an expression may have.
  const increments = move.set.filter(isIncrement);
  const others = move.set.filter((set) => !isIncrement(set));
  const add = increments.map(({ attr, to: [, by] }) => `${nameOf(attr)} ${placeholderOf(by)}`);

  return {
    UpdateExpression: [
      ...(others.length > 0 ? [`SET ${others.map(assignment).join(', ')}`] : []),
      ...(add.length > 0 ? [`ADD ${add.join(', ')}`] : []),
    ].join(' '),
    ...(move.when.length > 0 && { ConditionExpression: move.when.map(clause).join(' AND ') }),
    ExpressionAttributeNames: names,
    ExpressionAttributeValues: values,
  };
}

type Increment = { readonly attr: string; readonly to: readonly [Term, number] };

function isIncrement(assignment: Assignment): assignment is Increment {
  const { attr, to } = assignment;
  if (!Array.isArray(to)) return false;
  const [first, by] = to;
  return typeof first === 'object' && first.attr === attr && !first.or && typeof by === 'number';
}
