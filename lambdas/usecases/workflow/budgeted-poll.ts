import type { ApiKey } from '../../aws/api-key.ts';
import type { PollBudget } from '../../aws/budgets/poll-budget.ts';
import type { FiberClient } from '../../fiber/fiber-client.ts';
import type { PollAnswer } from '../../fiber/vendor-answer.ts';
import type { Decision } from '../../polling/budget/decision.ts';
import { type Answered, type Context, isSlot, type Slot } from '../../polling/polling-state.ts';
import { ageOf, type RevealRecord } from '../../reveal/record.ts';
import { verdictOn } from '../../reveal/verdict.ts';

export interface PollParts {
  budget: Pick<PollBudget, 'reach'>;
  apiKey: Pick<ApiKey, 'get' | 'refetch'>;
  fiber: Pick<FiberClient, 'poll'>;
  now: () => number;
}

export interface BudgetedPoll extends Answered {
  kind: 'polled';
  answer: PollAnswer;
}

/**
 * The one way in which a poll leaves for the vendor: in a slot of the budget, with the key that the secret holds.
 *
 * @param ask the rule that asks for a slot
 * @returns the poll, or what the rule says in place of a slot, or `missed`: see `PollBudget.reach`
 */
export async function pollWithinBudget<Other extends { kind: string } | undefined>(
  { taskId, ...record }: { taskId: string } & Pick<RevealRecord, 'createdAt' | 'startedAt'>,
  ask: (context: Context) => Decision<Slot | Other>,
  { budget, apiKey, fiber, now }: PollParts,
): Promise<BudgetedPoll | Other | 'missed'> {
  // Before the slot: Secrets Manager may take longer than a slot is good for.
  const held = await apiKey.get();
  const slot = await budget.reach(ask);
  if (!isSlot(slot)) return slot;
  // A probe asks whether the key that was refused has been replaced. And somebody else's may have found one where we remember none.
  const key = slot.probe || held === undefined ? await apiKey.refetch() : held;
  const sentAt = now();
  const answer = key === undefined ? noKey : await fiber.poll(key, taskId);
  const isOldNews = await isAboutAnOldKey(answer, key, apiKey);
  const verdict = isOldNews ? ({ kind: 'unknown' } as const) : verdictOn(answer, ageOf(record, sentAt));
  return { kind: 'polled', answer, verdict, slot, sentAt };
}

const noKey: PollAnswer = { kind: 'refused', reason: 'key-unavailable' };

/** A refusal of a key that has been replaced in the secret says nothing about the new one: it must not pause everybody. */
async function isAboutAnOldKey(
  answer: PollAnswer,
  key: string | undefined,
  apiKey: PollParts['apiKey'],
): Promise<boolean> {
  if (answer.kind !== 'refused' || answer.reason !== 'key-refused') return false;
  // As long as nobody can say what the secret holds now, the refusal stands.
  return (await apiKey.refetch().catch(() => key)) !== key;
}
