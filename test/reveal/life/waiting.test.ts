import { expect, it } from 'vitest';
import { waitingWith } from '../../../lambdas/reveal/life/waiting.ts';
import { newRecord } from '../../../lambdas/reveal/record.ts';

const noon = Date.parse('2026-11-23T12:00:00Z');
const claim = { generation: 1, executionArn: 'arn:one', claimedBy: 'arn:one', nowMs: noon };
const record = newRecord({ taskId: 'task_1' }, claim);

it('a wait notes until when it lasts, and why nobody polls while that is so', () => {
  expect(waitingWith(record, { nextPollAt: noon, pausedBecause: 'out-of-credits' })).toEqual({
    nextPollAt: '2026-11-23T12:00:00.000Z',
    pausedBecause: 'out-of-credits',
  });
  expect(waitingWith(record, { nextPollAt: noon }).pausedBecause).toBeNull();
});
