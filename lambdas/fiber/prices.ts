import { type FindKind, listPrices } from '../contract.ts';

/** The most that one start can cost. */
export const mostCredits = Math.max(...listPrices.map(({ credits }) => credits));

/** What the vendor lists for looking for these kinds, in credits. Undefined for a bundle that it lists no price for. */
export function listPrice(find: readonly FindKind[]): number | undefined {
  const wanted = new Set(find);
  return listPrices.find(
    (bundle) => bundle.find.length === wanted.size && bundle.find.every((kind) => wanted.has(kind)),
  )?.credits;
}

/** What is set aside for a start before it is made, in credits. A bundle without a price may cost as much as everything does. */
export function creditsToReserve(find: readonly FindKind[]): number {
  return listPrice(find) ?? mostCredits;
}
