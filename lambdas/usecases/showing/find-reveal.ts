import type { RevealsTable } from '../../aws/reveals/reveals-table.ts';
import { isExpired, type RevealRecord } from '../../reveal/record.ts';

export interface Finding {
  reveals: Pick<RevealsTable, 'get'>;
  /** Unix milliseconds. */
  now: () => number;
}

/** The record of a reveal. One that has expired counts as gone, though DynamoDB may take days to delete it. */
export async function findReveal(id: string, { reveals, now }: Finding): Promise<RevealRecord | undefined> {
  const record = await reveals.get(id);
  return record && !isExpired(record, now()) ? record : undefined;
}
