import type { SharedItem } from '../../aws/budgets/shared-item.ts';
import type { ListMembers } from '../../aws/reveals/list-members.ts';
import type { RevealRecords } from '../../aws/reveals/reveal-records.ts';
import { pausedBecause } from '../../polling/budget/breaker.ts';
import type { RateLimits } from '../../polling/budget/limits.ts';
import { secondsLeft } from '../../polling/time-left.ts';
import { countedAttributes, countedWith, type ListCounts, noCounts } from '../../reveal/lists/list-counts.ts';
import { type StartsPaused, startsPausedBecause } from '../starting/brake.ts';

export interface Counting extends StartsPaused {
  lists: Pick<ListMembers, 'page' | 'count'>;
  records: Pick<RevealRecords, 'get'>;
  /** The item of what was learned of durations. */
  durations: Pick<SharedItem, 'read'>;
  limits: { polls: RateLimits; starts: RateLimits };
  /** Unix milliseconds. */
  now: () => number;
}

/** How far somebody has come with a list. */
export interface Counted {
  /** How many members it had when it was begun with. */
  members: number;
  /** How many of them have been looked at. */
  done: number;
  counts: ListCounts;
  /** The last one that was, if there are more. */
  after?: string | undefined;
}

export interface CountedList extends Counted {
  /** A rough guess at when what has been counted so far has ended, in seconds. Absent while nobody knows when things go on. */
  secondsLeft?: number;
  /** Why not: no task is started, or nobody polls. */
  pausedBecause?: string;
}

/** So many members are looked at in one call: 11 requests, and in capacity as much as a page of 10 lists of a hundred results. */
export const mostCounted = 1_000;

/** Counts some members of a list by where they stand, on top of what has been counted before. */
export async function countList(
  list: string,
  before: Counted | undefined,
  counting: Counting,
): Promise<CountedList | 'no-such-list'> {
  const { lists, records, now } = counting;
  const members = before?.members ?? (await lists.count(list));
  if (members === 0) return 'no-such-list';
  const page = await lists.page(list, mostCounted, before?.after);
  const found = await records.get(page.revealIds, countedAttributes);
  const counts = page.revealIds.reduce(
    (sum, revealId) => countedWith(sum, found.get(revealId), now()),
    before?.counts ?? noCounts,
  );
  const done = (before?.done ?? 0) + page.revealIds.length;
  return { members, done, counts, after: page.next, ...(await timeLeft(counts, counting)) };
}

async function timeLeft(
  { statuses, waitingToStart: toStart, lastBegunMs }: ListCounts,
  { limits, durations, ...pauses }: Counting,
): Promise<Pick<CountedList, 'secondsLeft' | 'pausedBecause'>> {
  const { running = 0 } = statuses;
  if (running === 0) return { secondsLeft: 0 };
  const [polls, starts] = [await pauses.budget.read(), await pauses.startBudget.read()];
  const reason = toStart > 0 ? await startsPausedBecause(pauses) : pausedBecause(polls);
  if (reason !== undefined) return { pausedBecause: reason };
  const budgets = {
    polls: { limits: limits.polls, item: polls },
    starts: { limits: limits.starts, item: starts },
    durations: await durations.read(),
  };
  return { secondsLeft: secondsLeft({ toStart, polled: running - toStart, lastBegunMs }, budgets, pauses.now()) };
}
