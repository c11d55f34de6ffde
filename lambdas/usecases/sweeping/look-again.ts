import type { PollBudget } from '../../aws/budgets/poll-budget.ts';
import type { RevealsTable } from '../../aws/reveals/reveals-table.ts';
import { askForSpareSlot } from '../../polling/ask-for-slot.ts';
import { noteAnswer } from '../../polling/note-answer.ts';
import { secondLookWith } from '../../reveal/life/second-look.ts';
import { changed, type RevealRecord } from '../../reveal/record.ts';
import { isPerhapsTheTask } from '../../reveal/verdict.ts';
import { type PollParts, pollWithinBudget } from '../workflow/budgeted-poll.ts';

export interface Looking extends PollParts {
  budget: PollBudget;
  reveals: RevealsTable;
  retentionDays: number;
}

/** What came of a second look: the record with what the vendor has come to since, nothing new, or that this is no time to look at any reveal. */
export type Look = RevealRecord | 'nothing' | 'not-now';

/**
 * Looks a second time at a reveal that was given up on. What the vendor has come to since, be it a failure, is stored as the late ending of the same
 * generation. While bulk reveals stand in line, or nobody polls with the key, the look waits for a later sweep.
 */
export async function lookAgain(record: RevealRecord, looking: Looking): Promise<Look> {
  const { reveals, budget, retentionDays, now } = looking;
  const { taskId } = record;
  if (taskId === undefined) return 'nothing';
  const poll = await pollWithinBudget({ ...record, taskId }, askForSpareSlot, looking);
  if (poll === undefined || poll === 'missed') return 'not-now';

  const { answer, slot } = poll;
  // One refusal that may be about this task alone is no reason to pause everybody.
  if (slot.probe || !isPerhapsTheTask(answer)) await budget.decide((context) => noteAnswer(context, poll));
  const look = secondLookWith(record, answer, { nowMs: now(), retentionDays });
  switch (look.kind) {
    case 'late': {
      const isKept = await reveals.keepAnswer(record, look.answer, look.changes);
      return isKept ? changed(record, look.changes) : 'nothing';
    }
    case 'unread':
      await reveals.keepAnswer(record, look.answer, look.changes);
      return 'nothing';
    case 'nothing-new':
      await reveals.whileAsRead(record, look.changes);
      return 'nothing';
    case 'perhaps-the-key':
      await reveals.whileAsRead(record, look.changes);
      return 'not-now';
    case 'not-now':
      return 'not-now';
    default:
      return look satisfies never;
  }
}
