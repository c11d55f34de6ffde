/**
 * A decision that needs the shared item is a generator: it yields moves and gets back what came of them, as in
 * `const { item, move } = yield moves`. The rules stay pure, and whoever runs them chooses how the moves are applied.
 */
import type { Applied, Assignment, Move } from './moves.ts';

export type Decision<Result> = Generator<readonly Move[], Result, Applied>;

/** Runs a decision against an item in a table: each list of moves is one atomic write, and an empty one a read. */
export async function decide<Result>(
  decision: Decision<Result>,
  apply: (moves: readonly Move[]) => Promise<Applied>,
): Promise<Result> {
  let step = decision.next();
  while (!step.done) step = decision.next(await apply(step.value));
  return step.value;
}

/** The same for an item in memory. */
export function decideNow<Result>(decision: Decision<Result>, apply: (moves: readonly Move[]) => Applied): Result {
  let step = decision.next();
  while (!step.done) step = decision.next(apply(step.value));
  return step.value;
}

/** The decision with one more assignment in each of its moves: a note that costs no write of its own. */
export function* noting<Result>(decision: Decision<Result>, note: Assignment): Decision<Result> {
  let step = decision.next();
  while (!step.done) step = decision.next(yield step.value.map((move) => ({ ...move, set: [...move.set, note] })));
  return step.value;
}
