import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PollBudget } from '../../lambdas/aws/poll-budget.ts';
import { RevealsTable } from '../../lambdas/aws/reveals-table.ts';
import { sdkClientOptions } from '../../lambdas/aws/sdk.ts';
import type { PollAnswer, RawAnswer } from '../../lambdas/fiber/vendor-answer.ts';
import { readAnswer } from '../../lambdas/fiber/vendor-answer.ts';
import type { Slot } from '../../lambdas/polling/polling-state.ts';
import { changed, newRecord, type RecordChanges } from '../../lambdas/reveal/record.ts';
import { dynamoDB } from '../../lambdas/runtime/clients.ts';
import { lookAgain } from '../../lambdas/usecases/look-again.ts';
import { startTestTables } from '../support/tables.ts';

let tables: Awaited<ReturnType<typeof startTestTables>>;
let reveals: RevealsTable;
beforeAll(async () => {
  tables = await startTestTables();
  reveals = new RevealsTable(tables.reveals, dynamoDB(sdkClientOptions));
});
afterAll(() => tables.close());

const now = Date.parse('2026-11-23T12:00:00Z');
const givenUp = {
  status: 'errored',
  reason: 'answers-unusable',
  settledAt: '2026-11-23T11:00:00.000Z',
  lookAgainAt: '2026-11-23T11:15:00.000Z',
  expiresAt: now / 1_000 + 86_400,
} satisfies RecordChanges;

let ids = 0;
/** A reveal that was given up on, and a look at it whose poll is answered so. */
async function look(answer: PollAnswer, before?: RawAnswer) {
  ids += 1;
  const claim = { generation: 1, executionArn: 'arn', claimedBy: 'test', nowMs: now - 7_200_000 };
  const claimed = changed(newRecord({ taskId: `look-${ids}` }, claim), givenUp);
  await reveals.claim(claimed, undefined);
  if (before) await reveals.keepAnswer(claimed, before, { expiresAt: givenUp.expiresAt });
  const record = await reveals.get(claimed.revealId);
  if (!record) throw new Error('it has just been put there');
  const told: unknown[] = [];
  const slot: Slot = { kind: 'slot', pollAt: now, probe: false, item: {}, grantedAt: now };
  const budget = { reach: async () => slot, decide: async () => told.push('budget') } as unknown as PollBudget;
  const looked = await lookAgain(record, {
    budget,
    reveals,
    apiKey: { get: async () => 'key', refetch: async () => 'key' },
    fiber: { poll: async () => answer },
    retentionDays: 30,
    now: () => now,
  });
  return { looked, told, record: await reveals.get(record.revealId) };
}

const bytesOf = (text: string): RawAnswer => ({ bytes: Buffer.from(text), contentType: 'application/json' });
const unreadable = (text: string): PollAnswer => ({
  kind: 'unusable',
  problem: 'not-json',
  httpStatus: 200,
  answer: bytesOf(text),
});

describe('a further look at a reveal that was given up on', () => {
  it('keeps an answer that could not be read, but never in place of one that is kept already', async () => {
    const first = await look(unreadable('{"output": NaN}'));
    const second = await look(unreadable('<html>closed</html>'), bytesOf('{"output": NaN}'));

    for (const { record, looked } of [first, second]) {
      expect(looked).toBe('nothing');
      const kept = record && (await reveals.answerOf(record));
      expect(kept && kept !== 'gone' && Buffer.from(kept.bytes).toString()).toBe('{"output": NaN}');
      expect(record).toMatchObject({ looks: 1 });
    }
  });

  it('stores a failure that the vendor has come to since, with its words and its refund', async () => {
    const failed = {
      output: {
        done: true,
        profile: { status: 'failed', error: 'The profile is private.', emails: [], phoneNumbers: [] },
      },
      chargeInfo: { method: 'credits-refunded', creditsRefunded: 12, message: 'refunded' },
    };
    const { record, looked } = await look(readAnswer(bytesOf(JSON.stringify(failed))));

    expect(looked).toMatchObject({ status: 'failed', late: true });
    expect(record).toMatchObject({ status: 'failed', failure: 'The profile is private.', creditsRefunded: 12 });
  });

  it('counts a refusal that may be about the task alone, so that it does not stand before all others in each sweep', async () => {
    const { record, looked, told } = await look({ kind: 'refused', reason: 'key-refused', httpStatus: 403 });

    expect(looked).toBe('not-now');
    expect(record).toMatchObject({ looks: 1, status: 'errored' });
    expect(record?.lookAgainAt).not.toBe(givenUp.lookAgainAt);
    expect(told).toEqual([]);
  });
});
