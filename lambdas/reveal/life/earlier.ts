/**
 * Results that were paid for and lie beside the record of a person, of generations before the one that it is of: they stay readable until the
 * record has a result of its own that takes their place.
 */
import type { FindKind } from '../../contract.ts';
import type { RevealRecord } from '../record.ts';

export interface EarlierGeneration {
  generation: number;
  /** What it was asked for. */
  find: readonly FindKind[];
  /** ISO 8601, UTC. */
  settledAt: string;
}

/** What lies beside a record, newest first: whatever its own result, if it has one, does not take the place of. */
export function keptBeside({ status, find = [], earlier = [] }: RevealRecord): readonly EarlierGeneration[] {
  if (status !== 'completed') return earlier;
  return earlier.filter((kept) => kept.find.some((kind) => !find.includes(kind)));
}

/** The results that there are of a person, for the generation that follows this one. */
export function resultsUpTo(record: RevealRecord): EarlierGeneration[] {
  const { status, generation, find, settledAt } = record;
  const isResult = status === 'completed' && find !== undefined && settledAt !== undefined;
  return [...(isResult ? [{ generation, find, settledAt }] : []), ...keptBeside(record)];
}

/** The kinds of which there is no result that is young enough. */
export function lackingIn(
  results: readonly EarlierGeneration[],
  wanted: readonly FindKind[],
  { maxAgeDays, nowMs }: { maxAgeDays: number; nowMs: number },
): FindKind[] {
  const young = results.filter(({ settledAt }) => isYoung(settledAt, maxAgeDays, nowMs));
  return wanted.filter((kind) => !young.some(({ find }) => find.includes(kind)));
}

const dayMs = 86_400_000;

export function isYoung(settledAt: string, maxAgeDays: number, nowMs: number): boolean {
  return nowMs - Date.parse(settledAt) <= maxAgeDays * dayMs;
}
