/**
 * Moves: how one shared item is changed by many writers at once, without a lock and without a read first.
 *
 * A rule of the poll budget is a short, ordered list of moves. The first move whose clauses all hold is applied
 * in one atomic write, and the whole item after it comes back. No writer ever computes a value from what it read and puts
 * it back: under a burst of hundreds of writers such compare-and-swap loops mostly fail and try again.
 *
 * Each part has its counterpart in DynamoDB: a clause is one comparison in the ConditionExpression, an assignment one SET
 * action, where a sum has at most two operands, and an attribute that is missing reads as its default (`if_not_exists`).
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html
 */
export type Item = Readonly<Record<string, number | string>>;

/** A number, or a numeric attribute as it was before the move; a missing attribute reads as `or` (default 0). */
export type Term = number | { readonly attr: string; readonly or?: number };

/** `attr is than`, for example `tat < now`; a missing attribute reads as `or` (default 0). */
export type Clause = {
  readonly attr: string;
  readonly or?: number;
  readonly is: '<' | '<=' | '=' | '>=' | '>';
  readonly than: number;
};

/** `attr = to`, or the sum of two terms; every term is read before anything is written, as in DynamoDB. */
export type Assignment = { readonly attr: string; readonly to: Term | readonly [Term, Term] | string };

export type Move = { readonly name: string; readonly when: readonly Clause[]; readonly set: readonly Assignment[] };

/** What came of a list of moves: the item as it now is, and the name of the move that was applied, if one was. */
export type Applied = { readonly item: Item; readonly move: string | undefined };

/** A numeric attribute of an item; missing reads as `or`. */
export function num(item: Item, attr: string, or = 0): number {
  const value = item[attr];
  return typeof value === 'number' ? value : or;
}

/** `attr += by`. */
export function add(attr: string, by: Term): Assignment {
  return { attr, to: [{ attr }, by] };
}

/** The same rules in memory, for the fleet simulation and the tests. */
export function applyMoves(item: Item, moves: readonly Move[]): Applied {
  const move = moves.find(({ when }) => when.every((clause) => holds(item, clause)));
  if (!move) return { item, move: undefined };
  const next: Record<string, number | string> = { ...item };
  for (const { attr, to } of move.set) {
    next[attr] =
      typeof to === 'string' ? to : Array.isArray(to) ? term(item, to[0]) + term(item, to[1]) : term(item, to as Term);
  }
  return { item: next, move: move.name };
}

function term(item: Item, from: Term): number {
  return typeof from === 'number' ? from : num(item, from.attr, from.or);
}

export function holds(item: Item, { attr, or, is, than }: Clause): boolean {
  const value = num(item, attr, or);
  switch (is) {
    case '<':
      return value < than;
    case '<=':
      return value <= than;
    case '=':
      return value === than;
    case '>=':
      return value >= than;
    case '>':
      return value > than;
  }
}
