import { revealIdForm } from '../lambdas/contract.ts';

/** Whether something can be the id of a reveal: then it is safe to print and to put into a path. */
export function isRevealId(value: unknown): value is string {
  const { pattern, mostCharacters } = revealIdForm;
  return typeof value === 'string' && value.length <= mostCharacters && pattern.test(value);
}
