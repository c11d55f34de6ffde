/**
 * Whether this is `npm run test:more`: the whole suite with every row of every table, and properties that run longer.
 * `npm test` has of both as much as is soon over.
 */
export const isMore = process.env.TEST_MORE === 'yes';

/**
 * How often fast-check runs a property. In `npm test` with one pinned seed, so that it says the same to everybody; in
 * `npm run test:more` with a new one each time, which it prints when the property breaks.
 */
export function runs(usual: number, more: number): { numRuns: number; seed?: number } {
  return isMore ? { numRuns: more } : { numRuns: usual, seed: 20_261_123 };
}

/** Those of a list of cases that are played: all of them in `npm run test:more`, the usual ones in `npm test`. */
export function some<Case>(all: readonly Case[], isUsual: (one: Case) => boolean): Case[] {
  return all.filter((one) => isMore || isUsual(one));
}
