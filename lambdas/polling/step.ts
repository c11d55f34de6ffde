import type { Applied, Move } from './moves.ts';

/** Apply the moves to the budget item, then go on with the item as it is afterwards. */
export type Step<T> = { readonly moves: readonly Move[]; readonly next: (applied: Applied) => Step<T> | T };

/** Run a step against the budget item: `apply` is one atomic write (or a plain read when there are no moves). */
export async function run<T>(step: Step<T> | T, apply: (moves: readonly Move[]) => Promise<Applied>): Promise<T> {
  let at = step;
  while (isStep(at)) at = at.next(await apply(at.moves));
  return at;
}

/** The same for a budget in memory. */
export function runNow<T>(step: Step<T> | T, apply: (moves: readonly Move[]) => Applied): T {
  let at = step;
  while (isStep(at)) at = at.next(apply(at.moves));
  return at;
}

function isStep<T>(value: Step<T> | T): value is Step<T> {
  return typeof value === 'object' && value !== null && 'moves' in value;
}
