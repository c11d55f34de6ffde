import type { Executions } from '../aws/executions.ts';
import type { RevealsTable } from '../aws/reveals-table.ts';
import { tombstoneOf } from '../reveal/erasure.ts';
import { RelayFault } from '../reveal/errors.ts';
import { changed, isExpired, type RevealRecord } from '../reveal/record.ts';
import type { Ending } from '../reveal/settlement.ts';
import type { Settlement } from '../usecases/settle.ts';
import { type HttpAnswer, problemAnswer } from './problem.ts';
import { revealView } from './reveal-view.ts';

interface EndingIt {
  reveals: RevealsTable;
  executions: Executions;
  settlement: Settlement;
  now: () => number;
}

const cancelled: Ending = { outcome: 'cancelled', reason: 'cancelled-by-caller' };

/** `DELETE /reveals/{id}`: nobody looks any more. Again changes nothing; a reveal that has its result cannot be cancelled. */
export async function cancel(id: string, ending: EndingIt): Promise<HttpAnswer> {
  const record = await visible(id, ending);
  if (!record) return problemAnswer('no-such-reveal');
  const held = await endRunning(record, ending);
  if (!held) return problemAnswer('no-such-reveal');
  if (held.status === 'completed') return problemAnswer('already-completed', { revealId: id });
  return { status: 200, body: revealView(held) };
}

/**
 * `DELETE /reveals/{id}/result`: the contact data goes, a tombstone stays. A reveal that is running is cancelled first, so that
 * nobody brings back what is to be gone.
 */
export async function erase(id: string, ending: EndingIt): Promise<HttpAnswer> {
  for (let tries = 0; tries < 5; tries += 1) {
    const record = await visible(id, ending);
    if (!record) return problemAnswer('no-such-reveal');
    const held = await endRunning(record, ending);
    if (!held) return problemAnswer('no-such-reveal');
    const tombstone = tombstoneOf(held, ending.now());
    if (await ending.reveals.erase(held, tombstone)) return { status: 200, body: revealView(changed(held, tombstone)) };
  }
  throw restartedAllTheTime;
}

/** Settles a running reveal as cancelled. @returns the record that then holds, whoever has settled it, if there is one */
async function endRunning(
  record: RevealRecord,
  { settlement, executions }: EndingIt,
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

const restartedAllTheTime = new RelayFault('Reveal', 'others started it again each time it had been cancelled');

async function visible(id: string, { reveals, now }: EndingIt): Promise<RevealRecord | undefined> {
  const record = await reveals.get(id);
  return record && !isExpired(record, now()) ? record : undefined;
}
