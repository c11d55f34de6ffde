import { expect, it } from 'vitest';
import type { RevealsTable } from '../../lambdas/aws/reveals-table.ts';
import { changed, type RevealRecord } from '../../lambdas/reveal/record.ts';
import { claimReveal } from '../../lambdas/usecases/claim.ts';

const claimant = (claimedBy: string) => ({ claimedBy, executionArnFor: () => `arn:${claimedBy}` });
const noon = Date.parse('2026-11-23T12:00:00Z');

/** A table of one record, whose answer to the first claim is lost after it was written. */
function forgetfulTable(): Pick<RevealsTable, 'claim' | 'get' | 'keepEarlier'> & { record: RevealRecord | undefined } {
  const table = {
    record: undefined as RevealRecord | undefined,
    claim: async (record: RevealRecord, replaces: RevealRecord | undefined) => {
      if (table.record !== replaces) return false;
      table.record = record;
      return false;
    },
    get: async () => table.record,
    keepEarlier: async () => {},
  };
  return table;
}

it('knows its own claim when the answer was lost, and what has come of it stays', async () => {
  const reveals = forgetfulTable();
  const enter = (by: string) => claimReveal({ taskId: 'task_1' }, claimant(by), { reveals, now: () => noon });
  expect(await enter('request-1')).toMatchObject({ isNew: true, record: { claimedBy: 'request-1' } });
  if (reveals.record) reveals.record = changed(reveals.record, { status: 'cancelled', publishedAt: 'then' });

  expect(await enter('request-1')).toMatchObject({ isNew: true, record: { status: 'cancelled', generation: 1 } });
});

it('attaches to a claim of somebody else', async () => {
  const reveals = forgetfulTable();
  const enter = (by: string) => claimReveal({ taskId: 'task_1' }, claimant(by), { reveals, now: () => noon });
  await enter('request-1');
  expect(await enter('request-2')).toMatchObject({ isNew: false, record: { claimedBy: 'request-1' } });
});
