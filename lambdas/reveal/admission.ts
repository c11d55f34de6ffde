import type { RevealRecord } from './record.ts';

/** What an execution that asks for a reveal gets. */
export type Admission =
  /** The reveal is new, or an earlier generation ended without a result: claim this generation. */
  | { kind: 'claim'; generation: number; replaces?: RevealRecord }
  /** This very execution has claimed it before, and a retry or a restart asks again. */
  | { kind: 'own'; record: RevealRecord }
  /** Somebody else's execution is on it, or its result is stored. */
  | { kind: 'attach'; record: RevealRecord };

/** Whether an execution may go ahead with a reveal, by the record that is there. A paid result is never fetched twice. */
export function admit(existing: RevealRecord | undefined, executionArn: string): Admission {
  if (!existing) return { kind: 'claim', generation: 1 };
  if (existing.executionArn === executionArn) return { kind: 'own', record: existing };
  if (existing.status === 'running' || existing.status === 'completed') return { kind: 'attach', record: existing };
  return { kind: 'claim', generation: existing.generation + 1, replaces: existing };
}
