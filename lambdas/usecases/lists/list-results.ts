import type { ListMembers } from '../../aws/reveals/list-members.ts';
import type { RevealRecords } from '../../aws/reveals/reveal-records.ts';
import type { RevealsTable } from '../../aws/reveals/reveals-table.ts';
import { isExpired } from '../../reveal/record.ts';
import { asOfNow, earlierResults, resultIfKept, type ShownReveal } from '../showing/show.ts';
import type { StartsPaused } from '../starting/brake.ts';

export interface ListingResults extends StartsPaused {
  lists: Pick<ListMembers, 'inOrder'>;
  records: Pick<RevealRecords, 'get'>;
  reveals: Pick<RevealsTable, 'resultOf' | 'earlier'>;
  /** Unix milliseconds. */
  now: () => number;
}

/** A member of a list, and where it stands there. */
export interface ListedResult {
  revealId: string;
  listedAt: string;
  /** Absent if its record has expired. */
  shown?: ShownReveal;
}

/**
 * Some members of a list in its order, each with its result if there is one.
 *
 * @param after where the member stands behind which to begin
 * @returns them one after the other, so that whoever has enough asks for no more; and where to go on behind the last one
 */
export async function listResults(
  list: string,
  { limit, after }: { limit: number; after?: string | undefined },
  { lists, records, reveals, now, ...pauses }: ListingResults,
): Promise<{ results: AsyncIterable<ListedResult>; next?: string | undefined }> {
  const { members, next } = await lists.inOrder(list, limit, after);
  const found = await records.get(members.map(({ revealId }) => revealId));
  const pausesNow = readOnce(pauses);
  return { results: results(), next };

  async function* results(): AsyncGenerator<ListedResult> {
    for (const member of members) {
      const record = found.get(member.revealId);
      if (!record || isExpired(record, now())) yield member;
      else {
        const result = await resultIfKept(record, reveals);
        const earlier = await earlierResults(record, { reveals, now });
        yield { ...member, shown: { record: await asOfNow(record, pausesNow), result, earlier } };
      }
    }
  }
}

/** Whether anything pauses is asked once for all. */
function readOnce({ relay, startBudget, budget }: StartsPaused): StartsPaused {
  return {
    relay: { brake: once(() => relay.brake()) },
    startBudget: { read: once(() => startBudget.read()) },
    budget: { read: once(() => budget.read()) },
  };
}

function once<Value>(read: () => Promise<Value>): () => Promise<Value> {
  let value: Promise<Value> | undefined;
  return () => {
    value ??= read();
    return value;
  };
}
