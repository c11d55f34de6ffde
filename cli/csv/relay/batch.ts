import { describeProblem } from '../../client/client-text.ts';
import { type Answer, type Json, RelayError } from './relay.ts';

/** What the relay says of one item of a batch. */
export interface Item {
  readonly status: number;
  readonly reveal?: { readonly revealId: string; readonly status: string; readonly generation: number };
  readonly wouldStart?: { readonly revealId: string; readonly credits: number };
  readonly missing?: readonly string[];
  readonly problem?: Json;
}

/**
 * The items of the answer to a batch, in its order.
 *
 * @throws RelayError for an answer that is not the relay's
 */
export function itemsOf({ status, body }: Answer, count: number): readonly Item[] {
  if (status === 207 && Array.isArray(body.results) && body.results.length === count) return body.results as Item[];
  throw new RelayError(describeProblem(status, body).trimEnd());
}

export function inParts<Value>(values: readonly Value[], size: number): Value[][] {
  return Array.from({ length: Math.ceil(values.length / size) }, (_, part) =>
    values.slice(part * size, (part + 1) * size),
  );
}
