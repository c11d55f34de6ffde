import type { Wanted } from './people.ts';

/** What is asked for, for everybody in the list. The options are those of `start`. */
export interface Wish {
  readonly find?: readonly string[] | undefined;
  /** In days. */
  readonly maxAge?: number | undefined;
  readonly ifMissing?: string | undefined;
  readonly maxCredits?: number | undefined;
  readonly priority?: string | undefined;
}

const [usualMaxAge, longestMaxAge, dayMs] = [30, 180, 86_400_000];

/**
 * The body of a batch. How old a result may be counts from the beginning of the first run: one that this list has paid for is never too
 * old for it, however long it was interrupted.
 *
 * @param sinceBegan milliseconds
 */
export function batchBody(reveals: readonly Wanted[], wish: Wish, sinceBegan: number): object {
  const { maxAge = usualMaxAge, ...rest } = wish;
  const areTasks = reveals.some((wanted) => 'taskId' in wanted);
  const grown = maxAge === 0 ? 0 : Math.min(longestMaxAge, maxAge + Math.max(0, Math.floor(sinceBegan / dayMs)));
  const given = Object.entries(areTasks ? { priority: rest.priority } : { ...rest, maxAge: grown });
  return { reveals, ...Object.fromEntries(given.filter(([, value]) => value !== undefined)) };
}
