import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PollBudget } from '../../../lambdas/aws/budgets/poll-budget.ts';
import { SharedItem } from '../../../lambdas/aws/budgets/shared-item.ts';
import { RevealsTable } from '../../../lambdas/aws/reveals/reveals-table.ts';
import { sdkClientOptions } from '../../../lambdas/aws/sdk.ts';
import { budgetKey } from '../../../lambdas/contract.ts';
import type { PollAnswer, RawAnswer } from '../../../lambdas/fiber/vendor-answer.ts';
import { readAnswer } from '../../../lambdas/fiber/vendor-answer.ts';
import { inFlight } from '../../../lambdas/polling/bookings.ts';
import { pausedBecause as breakerReason, openMoves } from '../../../lambdas/polling/budget/breaker.ts';
import { changed, newRecord, type RecordChanges } from '../../../lambdas/reveal/record.ts';
import { dynamoDB } from '../../../lambdas/runtime/clients.ts';
import { lookAgain } from '../../../lambdas/usecases/sweeping/look-again.ts';
import { startTestTables } from '../../support/tables.ts';

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
/** A reveal that was given up on, with an answer that could not be read when it came, if one did. */
async function givenUpReveal(before?: RawAnswer) {
  ids += 1;
  const claim = { generation: 1, executionArn: 'arn', claimedBy: 'test', nowMs: now - 7_200_000 };
  const claimed = changed(newRecord({ taskId: `look-${ids}` }, claim), givenUp);
  await reveals.claim(claimed, undefined);
  if (before) await reveals.keepAnswer(claimed, before, { expiresAt: givenUp.expiresAt });
  const record = await reveals.get(claimed.revealId);
  if (!record) throw new Error('it has just been put there');
  return record;
}

const limits = { perMinute: 240, share: 1, interactiveShare: 0.25 };

/** A look at such a reveal whose poll is answered so. @returns what is there afterwards, and by how much it made the count of reveals in flight higher */
async function look(answer: PollAnswer, { before, isProbe = false }: { before?: RawAnswer; isProbe?: boolean } = {}) {
  const record = await givenUpReveal(before);
  const documents = dynamoDB(sdkClientOptions);
  const item = new SharedItem(tables.pollBudget, budgetKey.budget, documents);
  // Whatever the look before has left: the key is accepted, and the next slot is free.
  await item.apply([{ name: 'reset', when: [], set: ['broken', 'mended', 'tat'].map((attr) => ({ attr, to: 0 })) }]);
  if (isProbe) await item.apply(openMoves(now - 60_000, now - 60_000, 'key-refused'));
  const budget = new PollBudget({
    table: tables.pollBudget,
    documents,
    limits,
    now: () => now,
    random: () => 0.5,
    sleep: async () => {},
  });
  const counted = inFlight(limits, await item.read(), 'bulk', now);
  const looked = await lookAgain(record, {
    budget,
    reveals,
    apiKey: { get: async () => 'key', refetch: async () => 'key' },
    fiber: { poll: async () => answer },
    retentionDays: 30,
    now: () => now,
  });
  const left = await item.read();
  return {
    looked,
    record: await reveals.get(record.revealId),
    pausedBecause: breakerReason(left),
    booked: inFlight(limits, left, 'bulk', now) - counted,
  };
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
    const second = await look(unreadable('<html>closed</html>'), { before: bytesOf('{"output": NaN}') });

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
    const { record, looked, pausedBecause } = await look({
      kind: 'refused',
      reason: 'key-refused',
      httpStatus: 403,
    });

    expect(looked).toBe('not-now');
    expect(record).toMatchObject({ looks: 1, status: 'errored' });
    expect(record?.lookAgainAt).not.toBe(givenUp.lookAgainAt);
    expect(pausedBecause).toBeUndefined();
  });
});

describe('a further look that is the probe of a refused key', () => {
  it.each<[string, PollAnswer, string | undefined]>([
    ['says that the task is running', { kind: 'running', vendorStatus: 'started' }, undefined],
    ['does not know the task', { kind: 'refused', reason: 'task-not-found', httpStatus: 404 }, undefined],
    ['refuses the key still', { kind: 'refused', reason: 'key-refused', httpStatus: 401 }, 'key-refused'],
    ['says nothing that can be read', { kind: 'unusable', problem: 'server-error' }, 'key-refused'],
  ])('books no return, as nobody comes back, where the vendor %s', async (_what, answer, reason) => {
    expect(await look(answer, { isProbe: true })).toMatchObject({ booked: 0, pausedBecause: reason });
  });
});
