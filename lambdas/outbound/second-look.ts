import { askForSlot, newTurn } from '../reveal/poll-turn.ts';
import { changed, finishedWith, type RevealRecord } from '../reveal/record.ts';
import { packResult } from '../reveal/result-parts.ts';
import { nextLookAgain } from '../reveal/sweep.ts';
import type { ApiKey } from './api-key.ts';
import type { FiberClient } from './fiber-client.ts';
import type { PollBudget } from './poll-budget.ts';
import type { RevealsTable } from './reveals-table.ts';

export interface Looking {
  reveals: RevealsTable;
  budget: PollBudget;
  fiber: FiberClient;
  apiKey: ApiKey;
  retentionDays: number;
  now: () => number;
  /** Until a moment, Unix milliseconds. */
  sleepUntil: (at: number) => Promise<unknown>;
}

/**
 * Looks once more at a reveal that was given up on. A result that has come since is stored, as the late result of the same
 * generation. The poll takes its slot in the bulk lane; when there is none at hand, the look waits for the next sweep.
 *
 * @returns the record as it then is, if a result has come
 */
export async function lookAgain(record: RevealRecord, looking: Looking): Promise<RevealRecord | undefined> {
  const { reveals, budget, fiber, apiKey, retentionDays, now, sleepUntil } = looking;
  const turn = newTurn('bulk', Date.parse(record.createdAt), now(), Number.MAX_SAFE_INTEGER);
  const slot = await budget.decide((context) => askForSlot(context, turn));
  if (slot.kind !== 'slot' || slot.probe) return undefined;
  await sleepUntil(slot.pollAt);

  const answer = await fiber.poll(await apiKey.get(), record.taskId);
  if (answer.kind !== 'done' || answer.outcome !== 'completed') {
    await reveals.whileAsRead(record, nextLookAgain(record, now()));
    return undefined;
  }
  const late = {
    ...finishedWith(answer, { nowMs: now(), retentionDays }),
    vendorStatus: answer.vendorStatus,
    polls: record.polls + 1,
    late: true,
    lookAgainAt: null,
    publishedAt: null,
    eventId: null,
  };
  return (await reveals.keepResult(record, packResult(answer.result), late)) ? changed(record, late) : undefined;
}
