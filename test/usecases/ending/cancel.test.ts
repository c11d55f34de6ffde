import { describe, expect, it } from 'vitest';
import { changed, newRecord, type RecordChanges, type RevealRecord } from '../../../lambdas/reveal/record.ts';
import { cancel } from '../../../lambdas/usecases/ending/cancel.ts';
import { completed } from '../../support/doors.ts';

const generation = (n: number) =>
  newRecord({ taskId: 'task-1' }, { generation: n, executionArn: `arn-${n}`, claimedBy: 'me', nowMs: 0 });

/** A record that somebody else starts over as often as is said, each time just before it would have been settled. */
function cancelling(record: RevealRecord | undefined, startedOver = 0) {
  let held = record;
  const stopped: string[] = [];
  return {
    stopped,
    reveals: { get: async () => held },
    executions: {
      stop: async (arn: string) => {
        stopped.push(arn);
      },
    },
    settlement: {
      settle: async (_id: string, executionArn: string, ending: RecordChanges & object) => {
        if (held && held.generation <= startedOver) held = generation(held.generation + 1);
        else if (held?.status === 'running' && held.executionArn === executionArn) {
          held = changed(held, { status: 'cancelled', ...('reason' in ending && { reason: ending.reason }) });
        }
        return held;
      },
    },
    now: () => 0,
  };
}

describe('cancelling a reveal', () => {
  it('settles it, and stops its execution', async () => {
    const parts = cancelling(generation(1));
    expect(await cancel('task-1', parts)).toMatchObject({ status: 'cancelled', reason: 'cancelled-by-caller' });
    expect(parts.stopped).toEqual(['arn-1']);
  });

  it('cancels the generation that somebody else starts meanwhile', async () => {
    const parts = cancelling(generation(1), 4);
    expect(await cancel('task-1', parts)).toMatchObject({ status: 'cancelled', generation: 5 });
    expect(parts.stopped).toEqual(['arn-5']);
  });

  it('gives up with a fault that says why when it is started over each time', async () => {
    await expect(cancel('task-1', cancelling(generation(1), 99))).rejects.toMatchObject({
      name: 'RelayFault',
      message: 'DynamoDB did not do what was asked: others changed the record each time before it could be written.',
    });
  });

  it('leaves alone what has ended, and knows none that is not there', async () => {
    const parts = cancelling(changed(generation(1), completed()));
    expect(await cancel('task-1', parts)).toBe('already-completed');
    const failed = cancelling(changed(generation(1), { status: 'failed' }));
    expect(await cancel('task-1', failed)).toMatchObject({ status: 'failed' });
    expect(await cancel('task-1', cancelling(undefined))).toBe('no-such-reveal');
    expect([...parts.stopped, ...failed.stopped]).toEqual([]);
  });
});
