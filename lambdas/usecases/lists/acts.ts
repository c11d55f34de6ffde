import type { ListMembers } from '../../aws/reveals/list-members.ts';
import { positionBehind } from '../../reveal/lists/list-member.ts';
import type { RevealRecord } from '../../reveal/record.ts';
import { type Cancelling, cancel } from '../ending/cancel.ts';
import { type Erasing, erase } from '../ending/erase.ts';
import { type Resuming, resume } from '../starting/resume.ts';
import type { Act } from './each-of-many.ts';

export const cancelling =
  (parts: Cancelling): Act =>
  async (revealId) => {
    await cancel(revealId, parts);
    return undefined;
  };

export const erasing =
  (parts: Erasing): Act =>
  async (revealId) => {
    await erase(revealId, parts);
    return undefined;
  };

export interface ResumingMany extends Resuming {
  lists: Pick<ListMembers, 'put'>;
  /** Names one start, unlike any other. */
  newClaimant: () => string;
}

/**
 * Goes on with what has been paid for. What would be paid for again is left as it is, unless it is wanted that tasks are started; a start of which nobody
 * knows whether it was paid for is left in any case: a person decides about each.
 *
 * @param list it is kept in it for longer then
 */
export const resuming =
  (parts: ResumingMany, { startTasks = false, list }: { startTasks?: boolean; list?: string }): Act =>
  async (revealId) => {
    const resumed = await resume(revealId, startTasks ? {} : { paysNothing: true }, parts.newClaimant(), parts);
    switch (resumed) {
      case 'start-unknown':
      case 'start-under-way':
        return resumed;
      case 'no-such-reveal':
      case 'task-taken':
      case 'start-known':
        return undefined;
    }
    if (resumed.kind === 'started' && list !== undefined) {
      await parts.lists.put(list, revealId, positionBehind(parts.now()));
    }
    return resumed.kind === 'attached' && hasEndedForGood(resumed.record) ? 'costs-credits' : undefined;
  };

/** A person's reveal that ended without a result, and that nobody could go on with for nothing. */
function hasEndedForGood({ find, status, publishedAt, erasedAt }: RevealRecord): boolean {
  const isOver = status !== 'running' && status !== 'completed';
  return find !== undefined && isOver && publishedAt !== undefined && erasedAt === undefined;
}
