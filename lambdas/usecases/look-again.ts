import type { PollBudget } from '../aws/poll-budget.ts';
import type { RevealsTable } from '../aws/reveals-table.ts';
import { afterSpareSlot, askForSpareSlot } from '../polling/turn.ts';
import { isPerhapsTheTask } from '../reveal/poll-ending.ts';
import { changed, expiryOf, type RevealRecord } from '../reveal/record.ts';
import { afterLook, concernsEverybody, lateWith } from '../reveal/sweep.ts';
import { type PollParts, pollWithinBudget } from './budgeted-poll.ts';

export interface Looking extends PollParts {
  budget: PollBudget;
  reveals: RevealsTable;
  retentionDays: number;
}

/** What came of a look: the record with what the vendor has come to since, nothing new, or that this is no time to look at any reveal. */
export type Look = RevealRecord | 'nothing' | 'not-now';

/**
 * Looks once more at a reveal that was given up on. What the vendor has come to since, be it a failure, is stored as the late ending of the same
 * generation. While bulk reveals stand in line, or nobody polls with the key, the look waits for a later sweep.
 */
export async function lookAgain(record: RevealRecord, looking: Looking): Promise<Look> {
  const { reveals, budget, retentionDays, now } = looking;
  const poll = await pollWithinBudget(record, askForSpareSlot, looking);
  if (poll === undefined || poll === 'missed') return 'not-now';

  const { answer, verdict, slot, sentAt } = poll;
  const isNoTime = concernsEverybody(answer);
  const isAboutBoth = isPerhapsTheTask(answer);
  await budget.decide((context) => afterSpareSlot(context, verdict, sentAt, slot));
  // Were it the task alone, it would stand before all others in each sweep: it counts as looked at.
  if (isAboutBoth) await reveals.whileAsRead(record, afterLook(record, answer, now()));
  if (isNoTime) return 'not-now';
  if (answer.kind !== 'done') {
    const looked = afterLook(record, answer, now());
    const { expiresAt = expiryOf(now(), retentionDays) } = record;
    const unread = answer.kind === 'unusable' ? answer.answer : undefined;
    // The first that could not be read may be the result, and this one a page that says that the vendor is closed.
    if (unread && !record.answer) await reveals.keepAnswer(record, unread, { ...looked, expiresAt });
    else await reveals.whileAsRead(record, looked);
    return 'nothing';
  }
  const late = {
    ...lateWith(answer, { nowMs: now(), retentionDays }),
    polls: record.polls + 1,
  };
  const isKept = await reveals.keepAnswer(record, answer.answer, late);
  return isKept ? changed(record, late) : 'nothing';
}
