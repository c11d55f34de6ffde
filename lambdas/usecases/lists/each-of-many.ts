import type { ListMembers } from '../../aws/reveals/list-members.ts';
import type { RevealRecords } from '../../aws/reveals/reveal-records.ts';
import type { RevealsList } from '../../aws/reveals/reveals-list.ts';
import type { RevealStatus } from '../../contract.ts';
import { isRelayFault } from '../../reveal/errors.ts';
import { countedAttributes, countedWith, noCounts } from '../../reveal/lists/list-counts.ts';
import { cursorAt, listPosition } from '../../reveal/lists/list-cursor.ts';
import { listReveals } from '../showing/list.ts';
import type { Counted } from './count-list.ts';

/** Why one of many was left as it is. */
export type LeftAlone = 'start-unknown' | 'start-under-way' | 'costs-credits' | 'try-again';

/** Does something to one reveal, which does no harm if it is done again. @returns why it was left as it is, if it was */
export type Act = (revealId: string) => Promise<LeftAlone | undefined>;

export interface Left {
  revealId: string;
  because: LeftAlone;
}

/** What has become of some, on top of those before them: their counts as they stand by now, and whom this call has left as they are. */
export interface ManyDone extends Counted {
  left: Left[];
}

export interface ActingOnMany {
  lists: Pick<ListMembers, 'page' | 'count'>;
  list: Pick<RevealsList, 'page'>;
  records: Pick<RevealRecords, 'get'>;
  /** Unix milliseconds. */
  now: () => number;
}

/** So many are done in one call at the most. */
export const mostActedOn = 100;
/** And so many of them at a time: each is a handful of requests. */
const atATime = 10;

/**
 * Does something to some members of a list. Whoever was interrupted begins again where the last answer left off: nothing is skipped, and what is done
 * again changes nothing.
 *
 * @param deadlineMs Unix milliseconds: nothing more is begun then
 * @throws RelayFault if nothing could be done; ask again then
 */
export async function actOnList(
  name: string,
  act: Act,
  before: Counted | undefined,
  { lists, ...acting }: ActingOnMany,
  deadlineMs: number,
): Promise<ManyDone | 'no-such-list'> {
  const members = before?.members ?? (await lists.count(name));
  if (members === 0) return 'no-such-list';
  const page = await lists.page(name, mostActedOn, before?.after);
  const { revealIds } = page;
  const { handled, left } = await actOnEach(revealIds, act, acting.now, deadlineMs);
  const done = await counted(revealIds.slice(0, handled), before, acting);
  const after = handled < revealIds.length ? revealIds[handled - 1] : page.next;
  return { ...done, members, left, after };
}

/** The same to reveals of a status, or since a time, newest first. How many these are nobody knows: `members` is 0. */
export async function actOnMatching(
  wanted: { status?: RevealStatus | undefined; since?: string | undefined },
  act: Act,
  before: Counted | undefined,
  acting: ActingOnMany,
  deadlineMs: number,
): Promise<ManyDone> {
  const { reveals, cursor } = await listReveals({ ...wanted, cursor: before?.after, limit: mostActedOn }, acting);
  const revealIds = reveals.map(({ revealId }) => revealId);
  const { handled, left } = await actOnEach(revealIds, act, acting.now, deadlineMs);
  const done = await counted(revealIds.slice(0, handled), before, acting);
  const last = handled < reveals.length ? reveals[handled - 1] : undefined;
  return { ...done, members: 0, left, after: last ? cursorAt(listPosition(last)) : cursor };
}

/**
 * A fault ends it in front of the one that met it, so that the next call begins with that. Where it is met again, and others beside it are not, it is that
 * one's own: it is named, and the others are not kept waiting.
 *
 * @returns how many, from the first on, have been dealt with
 */
async function actOnEach(revealIds: readonly string[], act: Act, now: () => number, deadlineMs: number) {
  const left: Left[] = [];
  let handled = 0;
  while (handled < revealIds.length && (handled === 0 || now() < deadlineMs)) {
    const some = revealIds.slice(handled, handled + atATime);
    const acted = await Promise.allSettled(some.map(act));
    const faults = acted.filter((one) => one.status === 'rejected');
    const grave = faults.find(({ reason }) => !isRelayFault(reason)) ?? (faults.length === some.length && faults[0]);
    if (grave && (handled === 0 || !isRelayFault(grave.reason))) throw grave.reason;
    const end =
      handled > 0 && faults.length > 0 ? acted.findIndex(({ status }) => status === 'rejected') : acted.length;
    for (const [at, one] of acted.slice(0, end).entries()) {
      const because = one.status === 'rejected' ? 'try-again' : one.value;
      if (because !== undefined) left.push({ revealId: String(some[at]), because });
    }
    handled += end;
    if (end < acted.length) break;
  }
  return { handled, left };
}

async function counted(
  revealIds: readonly string[],
  before: Counted | undefined,
  { records, now }: Pick<ActingOnMany, 'records' | 'now'>,
): Promise<Pick<Counted, 'done' | 'counts'>> {
  const found = await records.get(revealIds, countedAttributes, { isConsistent: true });
  const counts = revealIds.reduce(
    (sum, revealId) => countedWith(sum, found.get(revealId), now()),
    before?.counts ?? noCounts,
  );
  return { done: (before?.done ?? 0) + revealIds.length, counts };
}
