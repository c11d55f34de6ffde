import { expect, it } from 'vitest';
import { changed, newRecord, type RevealRecord } from '../../../lambdas/reveal/record.ts';
import { findReveal } from '../../../lambdas/usecases/showing/find-reveal.ts';

const running = newRecord({ taskId: 'task-1' }, { generation: 1, executionArn: 'arn', claimedBy: 'me', nowMs: 0 });
const find = (record: RevealRecord | undefined, nowMs: number) =>
  findReveal('task-1', { reveals: { get: async () => record }, now: () => nowMs });

it('finds a record until the second in which it expires, and none after it, though the item is still there', async () => {
  const settled = changed(running, { status: 'completed', expiresAt: 100 });
  expect(await find(settled, 99_999)).toBe(settled);
  expect(await find(settled, 100_000)).toBeUndefined();
});

it('finds one that runs at any time, and none where there is none', async () => {
  expect(await find(running, Number.MAX_SAFE_INTEGER)).toBe(running);
  expect(await find(undefined, 0)).toBeUndefined();
});
