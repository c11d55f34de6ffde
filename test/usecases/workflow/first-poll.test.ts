import { afterAll, beforeAll, expect, it } from 'vitest';
import { PollBudget } from '../../../lambdas/aws/budgets/poll-budget.ts';
import { PaidStarts } from '../../../lambdas/aws/reveals/paid-starts.ts';
import { RevealsTable } from '../../../lambdas/aws/reveals/reveals-table.ts';
import { sdkClientOptions } from '../../../lambdas/aws/sdk.ts';
import { changed, newRecord, type RecordChanges, type RevealRecord } from '../../../lambdas/reveal/record.ts';
import { dynamoDB } from '../../../lambdas/runtime/clients.ts';
import { firstPoll } from '../../../lambdas/usecases/workflow/first-poll.ts';
import { startTestTables } from '../../support/tables.ts';

const noon = Date.parse('2026-11-27T12:00:00Z');
const hourMs = 3_600_000;

let tables: Awaited<ReturnType<typeof startTestTables>>;
let reveals: RevealsTable;
beforeAll(async () => {
  tables = await startTestTables();
  reveals = new RevealsTable(tables.reveals, dynamoDB(sdkClientOptions));
});
afterAll(() => tables.close());

let people = 0;
async function started(changes: RecordChanges): Promise<RevealRecord> {
  people += 1;
  const person = { revealId: `person-${people}`, linkedinUrl: 'https://www.linkedin.com/in/ada-example-1' };
  const claim = { generation: 1, executionArn: 'arn', claimedBy: 'test', nowMs: noon - 2 * hourMs };
  const record = changed(newRecord({ ...person, find: ['work-emails'], maxAgeDays: 30 }, claim), changes);
  await reveals.claim(record, undefined);
  return record;
}

function next(record: RevealRecord) {
  const documents = dynamoDB(sdkClientOptions);
  const limits = { perMinute: 240, share: 1, interactiveShare: 0.25 };
  const now = () => noon;
  const shared = { table: tables.pollBudget, documents, limits, now, random: () => 0.5, sleep: async () => {} };
  return firstPoll(record, {
    reveals,
    starts: new PaidStarts(tables.reveals, documents),
    budget: new PollBudget(shared),
    maxWaitMs: hourMs,
    retentionDays: 30,
    now,
  });
}
const startedAt = new Date(noon).toISOString();

it('says when the task is polled, by its age and not by that of the request, and notes it', async () => {
  const record = await started({ taskId: 'task-1', startedBy: 'nonce', startedAt });
  const state = await next(record);
  expect(state).toMatchObject({ outcome: 'pending', turn: { startedAt: noon, deadlineAt: noon + hourMs } });
  expect((await reveals.get(record.revealId))?.nextPollAt).toBe(state.nextPollAt);
});

it('makes the reveal findable by its task, again as before', async () => {
  const record = await started({ taskId: 'task-2', startedBy: 'nonce', startedAt });
  await next(record);
  await next(record);
  expect((await reveals.get('task-2'))?.revealId).toBe(record.revealId);
});

it('leaves a reveal alone that somebody has given by that id, and goes on', async () => {
  const claim = { generation: 1, executionArn: 'arn', claimedBy: 'test', nowMs: noon };
  await reveals.claim(newRecord({ taskId: 'task-3' }, claim), undefined);
  expect(await next(await started({ taskId: 'task-3', startedBy: 'nonce', startedAt }))).toMatchObject({
    outcome: 'pending',
  });
  expect((await reveals.get('task-3'))?.revealId).toBe('task-3');
});

it('goes on with a task whose id is none that a request may hold', async () => {
  const record = await started({ taskId: `task ü/${'x'.repeat(3_000)}`, startedBy: 'nonce', startedAt });
  expect(await next(record)).toMatchObject({ outcome: 'pending' });
});
