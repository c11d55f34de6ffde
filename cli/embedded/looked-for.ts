import { type FindKind, findKinds, listPrices } from '../../lambdas/contract.ts';
import { UsageError } from '../usage-error.ts';

/**
 * Reads `--find KIND,KIND…`: what a reveal is to look for.
 *
 * @throws UsageError when it names something else, or nothing
 */
export function readFind(text: string | undefined): readonly FindKind[] | undefined {
  if (text === undefined) return undefined;
  const given = text.split(',').map((kind) => kind.trim());
  const foreign = given.find((kind) => !(findKinds as readonly string[]).includes(kind));
  if (foreign !== undefined) {
    throw new UsageError(
      `--find is ${JSON.stringify(text)}: give one or more of ${findKinds.join(', ')}, with commas between.`,
    );
  }
  return findKinds.filter((kind) => given.includes(kind));
}

/** What a start costs that looks for these: the list price, or for a bundle without one the most that a start can cost. */
export function costOf(find: readonly FindKind[] = findKinds): string {
  const listed = listPrices.find((bundle) => bundle.find.length === find.length && bundle.find.every(isIn(find)));
  if (listed) return `${listed.credits} credits`;
  return `up to ${Math.max(...listPrices.map(({ credits }) => credits))} credits`;
}

const isIn = (find: readonly FindKind[]) => (kind: FindKind) => find.includes(kind);

/** The price list, for a usage text. */
export const priceList = listPrices
  .map(({ find, credits }) => `${credits} ${find.length === findKinds.length ? 'for everything' : find.join(' and ')}`)
  .join(', ');
