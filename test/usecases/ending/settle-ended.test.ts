import { expect, it } from 'vitest';
import type { ExecutionEnded } from '../../../lambdas/reveal/life/ending.ts';
import { settleEnded } from '../../../lambdas/usecases/ending/settle-ended.ts';

/** With what an ended execution is settled. */
async function settledBy(detail: Partial<ExecutionEnded['detail']>): Promise<unknown[] | undefined> {
  let settled: unknown[] | undefined;
  const settle = async (...asked: unknown[]) => {
    settled = asked;
    return undefined;
  };
  const ended = { executionArn: 'arn', status: 'FAILED', input: '{"taskId":"task-1"}', ...detail } as const;
  await settleEnded({ detail: ended }, { settle });
  return settled;
}

it.each([
  ['ABORTED', { outcome: 'cancelled', reason: 'cancelled-by-caller' }],
  ['FAILED', { outcome: 'errored', reason: 'relay-fault' }],
  ['TIMED_OUT', { outcome: 'errored', reason: 'relay-fault' }],
] as const)('settles what an execution that is %s has left', async (status, ending) => {
  expect(await settledBy({ status })).toEqual(['task-1', 'arn', ending, { taskId: 'task-1' }]);
});

it('brings no request for a reveal that was claimed before its execution began', async () => {
  const [revealId, , , request] = (await settledBy({ input: '{"revealId":"task-2"}' })) ?? [];
  expect([revealId, request]).toEqual(['task-2', undefined]);
});

it.each([undefined, null, '', '{', '{"task":1}'])('settles nothing for what was no reveal: %j', async (input) => {
  expect(await settledBy({ input })).toBeUndefined();
});
