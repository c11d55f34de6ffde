import type { Executions } from '../aws/executions.ts';
import type { RevealsTable } from '../aws/reveals-table.ts';
import { RelayFault } from '../reveal/errors.ts';
import { cancelled } from '../reveal/life/ending.ts';
import { isExpired, type RevealRecord } from '../reveal/record.ts';
import type { Settlement } from './settle.ts';

export interface Cancelling {
  reveals: Pick<RevealsTable, 'get'>;
  executions: Pick<Executions, 'stop'>;
  settlement: Pick<Settlement, 'settle'>;
  /** Unix milliseconds. */
  now: () => number;
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
  const record = await visible(id, cancelling);
  const held = record && (await endRunning(record, cancelling));
  if (!held) return 'no-such-reveal';
  return held.status === 'completed' ? 'already-completed' : held;
}

/** Settles a running reveal as cancelled. @returns the record that then holds, whoever has settled it, if there is one */
export async function endRunning(
  record: RevealRecord,
  { settlement, executions }: Cancelling,
): Promise<RevealRecord | undefined> {
  let current = record;
  for (let tries = 0; tries < 5; tries += 1) {
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
  throw restartedAllTheTime;
}

export const restartedAllTheTime = new RelayFault('Reveal', 'others started it again each time it had been cancelled');

export async function visible(
  id: string,
  { reveals, now }: Pick<Cancelling, 'reveals' | 'now'>,
): Promise<RevealRecord | undefined> {
  const record = await reveals.get(id);
  return record && !isExpired(record, now()) ? record : undefined;
}
