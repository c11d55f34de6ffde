import { revealsKey } from '../../contract.ts';

/** One generation of one reveal: what every write after the claim is for, and only for. */
export interface Generation {
  revealId: string;
  generation: number;
}

/** The key of a record, or of another part of what is kept of a reveal. */
export const keyOf = (revealId: string, part: string = revealsKey.record) => ({
  [revealsKey.partition]: revealId,
  [revealsKey.sort]: part,
});
