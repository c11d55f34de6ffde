import type { FindKind } from '../../lambdas/contract.ts';
import { credits } from '../fields.ts';
import { plain } from '../plain-text.ts';
import { costOf } from './looked-for.ts';

type Stored = Readonly<Record<string, unknown>>;

/**
 * What a record says of money and of the task, a line each: what is waited for, the start and its cost, and what was given back at the end.
 * Whoever watches shows each line once. Empty for a task that somebody else has started.
 */
export function milestones({ find, taskId, startedAt, startCreditsCharged, creditsRefunded }: Stored): string[] {
  if (!Array.isArray(find)) return [];
  const cost = credits({ creditsCharged: startCreditsCharged }) ?? 'a cost that the vendor has not stated';
  return [
    `waiting to start a task, ${costOf(find as FindKind[])} by list price`,
    ...(startedAt !== undefined ? [`started task ${plain(String(taskId))} for ${cost}`] : []),
    ...(startedAt !== undefined && creditsRefunded !== undefined ? [String(credits({ creditsRefunded }))] : []),
  ];
}
