import { describe, expect, it } from 'vitest';
import type { WorkflowCall } from '../../lambdas/contract.ts';
import { changed, newRecord, type RecordChanges } from '../../lambdas/reveal/record.ts';
import { settleReveal } from '../../lambdas/settle.ts';

const ours = 'arn:aws:states:eu-west-1:1:execution:Relay:ours';
const claim = { generation: 1, executionArn: ours, claimedBy: ours, nowMs: 0 };
/** What `SettleNotRevealed` gets after an error that was caught. */
const caught: WorkflowCall = { state: { Error: 'RelayFault' }, executionArn: ours, input: { taskId: 'task_1' } };
const settledTo = (changes: RecordChanges) =>
  settleReveal(caught, { settle: async () => changed(newRecord({ taskId: 'task_1' }, claim), changes) });

describe('settling what failed', () => {
  it('says so with a name and a cause', async () => {
    expect(await settledTo({ status: 'errored', reason: 'relay-fault' })).toMatchObject({
      outcome: 'errored',
      error: 'RevealErrored',
      cause: expect.stringContaining('Start the reveal again'),
    });
  });

  it('is no failure where the result has been stored all the same', async () => {
    const settled = await settledTo({ status: 'completed' });
    expect(settled.outcome).toBe('completed');
    expect(settled).not.toHaveProperty('error');
  });

  it('leaves the reveal to another execution that has it by now', async () => {
    const theirs = { executionArn: `${ours}-2`, generation: 2 };
    expect(await settledTo({ ...theirs, status: 'running' })).toMatchObject({ error: 'RevealSuperseded' });
    expect(await settledTo({ ...theirs, status: 'failed', reason: 'vendor-failed' })).toMatchObject({
      error: 'RevealFailed',
    });
  });
});
