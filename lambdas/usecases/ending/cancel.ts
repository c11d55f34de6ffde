import type { Executions } from '../../aws/executions.ts';
import type { RevealsTable } from '../../aws/reveals/reveals-table.ts';
import { cancelled } from '../../reveal/life/ending.ts';
import type { RevealRecord } from '../../reveal/record.ts';
import { type Finding, findReveal } from '../showing/find-reveal.ts';
import { keptChanging, mostTries } from './contention.ts';
import type { Settlement } from './settle.ts';

export interface Cancelling extends Finding {
  reveals: Pick<RevealsTable, 'get'>;
  executions: Pick<Executions, 'stop'>;
  settlement: Pick<Settlement, 'settle'>;
}

/**
 * Nobody looks at the reveal any more. Again changes nothing; a reveal that has its result cannot be cancelled.
 *
 * @returns the record as it then is
 * @throws RelayFault; ask again then
 */
export async function cancel(
  id: string,
  cancelling: Cancelling,
): Promise<RevealRecord | 'no-such-reveal' | 'already-completed'> {
  const record = await findReveal(id, cancelling);
  const held = record && (await endRunning(record, cancelling));
  if (!held) return 'no-such-reveal';
  return held.status === 'completed' ? 'already-completed' : held;
}

/** Settles a running reveal as cancelled. @returns the record that then holds, whoever has settled it, if there is one */
export async function endRunning(
  record: RevealRecord,
  { settlement, executions }: Pick<Cancelling, 'settlement' | 'executions'>,
): Promise<RevealRecord | undefined> {
  let current = record;
  for (let tries = 1; tries <= mostTries; tries += 1) {
    // A cancelled one once more: whoever cancelled it may not have come as far as announcing it or stopping the execution.
    if (current.status !== 'running' && current.status !== 'cancelled') return current;
    const held = await settlement.settle(current.revealId, current.executionArn, cancelled);
    if (!held || held.executionArn === current.executionArn) {
      if (held?.status === 'cancelled') {
        await executions.stop(held.executionArn, 'RevealCancelled', 'Somebody cancelled the reveal.');
      }
      return held;
    }
    current = held;
  }
  throw keptChanging();
}
