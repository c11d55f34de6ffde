import { type LocalStack, TemplateError } from '../template/template.ts';

/** So many invocations at once, and no more: who finds no place is refused, not kept waiting. */
export class Places {
  #free: number;

  /** @param places how many there are; infinitely many are never taken up */
  constructor(places: number) {
    this.#free = places;
  }

  /** Takes a place. @returns whether there was one */
  take(): boolean {
    if (this.#free < 1) return false;
    this.#free -= 1;
    return true;
  }

  leave(): void {
    this.#free += 1;
  }
}

/**
 * The Lambda concurrency of the account. A function with ReservedConcurrentExecutions has those for itself, and never more; the others
 * share what is left of the account's.
 *
 * @param concurrency the account's; undefined: more than is ever needed
 * @returns for each function, by its name, the places that its invocations take
 * @throws TemplateError when the functions that reserve leave nothing to the others, which AWS refuses as well
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
 */
export function accountConcurrency(stack: LocalStack, concurrency = Number.POSITIVE_INFINITY): Map<string, Places> {
  const places = new Map<string, Places>();
  const functions = stack.ofType('AWS::Lambda::Function');
  let left = concurrency;
  for (const { reference, properties } of functions) {
    const { ReservedConcurrentExecutions: reserved } = properties();
    if (reserved === undefined) continue;
    places.set(reference, new Places(Number(reserved)));
    left -= Number(reserved);
  }
  if (left < 1) {
    throw new TemplateError(
      `The functions reserve ${concurrency - left} concurrent executions of the account's ${concurrency}, and AWS wants some left for all others: reserve fewer, or give more as concurrency.`,
    );
  }
  const shared = new Places(left);
  for (const { reference } of functions) if (!places.has(reference)) places.set(reference, shared);
  return places;
}
