import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PaidStarts } from '../../lambdas/aws/reveals/paid-starts.ts';
import { RevealsTable } from '../../lambdas/aws/reveals/reveals-table.ts';
import { sdkClientOptions } from '../../lambdas/aws/sdk.ts';
import { listIndex } from '../../lambdas/contract.ts';
import { erasedWith } from '../../lambdas/reveal/life/erasure.ts';
import { publishedWith, settledWith } from '../../lambdas/reveal/life/settlement.ts';
import { changed, newRecord, type RevealRecord } from '../../lambdas/reveal/record.ts';
import { dynamoDB } from '../../lambdas/runtime/clients.ts';
import { claimReveal } from '../../lambdas/usecases/starting/claim.ts';
import { startTestTables } from '../support/tables.ts';
import { unpacked } from '../support/unpacked.ts';

let tables: Awaited<ReturnType<typeof startTestTables>>;
let starts: PaidStarts;
let reveals: RevealsTable;
let people = 0;
beforeAll(async () => {
  tables = await startTestTables();
  const documents = dynamoDB(sdkClientOptions);
  starts = new PaidStarts(tables.reveals, documents);
  reveals = new RevealsTable(tables.reveals, documents);
});
afterAll(() => tables.close());

const at = { nowMs: 5_000, retentionDays: 30 };
const linkedinUrl = 'https://www.linkedin.com/in/ada-example-1';
const intent = { nonce: 'a', at: '2026-11-27T09:00:00.000Z' };
const task = { taskId: 'task-1', nonce: 'a', startedAt: '2026-11-27T09:00:01.000Z' };

/** A reveal of a person. */
async function wanted(): Promise<RevealRecord> {
  people += 1;
  const request = { revealId: `person-${people}`, linkedinUrl, find: ['work-emails'], maxAgeDays: 30 } as const;
  const record = newRecord(request, { generation: 1, executionArn: 'arn:ours', claimedBy: 'test', nowMs: 1_000 });
  await reveals.claim(record, undefined);
  return record;
}
const read = async ({ revealId }: RevealRecord) => (await reveals.get(revealId)) as RevealRecord;

describe('a start that is answered while the reveal ends', () => {
  it('is not overlooked by whoever has read the reveal before the call was announced', async () => {
    const before = await wanted();
    await starts.intend(before, intent);
    await starts.started(before.revealId, task, 2_000);

    const ending = { outcome: 'errored', reason: 'relay-fault' } as const;
    expect(await reveals.settle(before, settledWith(before, ending, at))).toBe(false);
    const now = await read(before);
    expect(await reveals.settle(now, settledWith(now, ending, at))).toBe(true);
    expect(await read(before)).toHaveProperty('lookAgainAt');
  });

  it.each(['credit-cap-reached', 'not-started', 'start-unknown', 'start-refused'] as const)(
    'is looked at when another invocation says that it is %s',
    async (reason) => {
      const person = await wanted();
      await starts.intend(person, intent);
      await starts.started(person.revealId, task, 2_000);
      const running = await read(person);

      const changes = settledWith(running, { outcome: 'errored', reason }, at);

      expect(changes).toMatchObject({ reason: 'relay-fault', lookAgainAt: expect.any(String) });
    },
  );

  it('is still looked at when its ending is announced by somebody who has read it before', async () => {
    const person = await wanted();
    await starts.intend(person, intent);
    const running = await read(person);
    await reveals.settle(running, settledWith(running, { outcome: 'errored', reason: 'relay-fault' }, at));
    const ended = await read(person);
    await starts.started(person.revealId, task, 6_000);

    const note = { publishedAt: '2026-11-27T09:01:00.000Z', eventId: 'event-1' };
    const isNoted = await reveals.published(ended, publishedWith(ended, note));
    if (!isNoted) {
      const now = await read(person);
      await reveals.published(now, publishedWith(now, note));
    }

    expect(await read(person)).toMatchObject({ ...note, lookAgainAt: expect.any(String), open: 'open' });
  });
});

describe('an answer that comes when the person has been erased', () => {
  /** Cancelled and erased while the vendor is asked. */
  async function erased() {
    const person = await wanted();
    await starts.intend(person, intent);
    const running = await read(person);
    await reveals.settle(running, settledWith(running, { outcome: 'cancelled', reason: 'cancelled-by-caller' }, at));
    const ended = await read(person);
    await reveals.erase(ended, erasedWith(ended, 6_000));
    return person;
  }
  const words = { bytes: Buffer.from(`{"message":"Nothing is known of ${linkedinUrl}"}`) };

  it.each<[string, (revealId: string) => Promise<unknown>]>([
    [
      'a task',
      (revealId) => starts.started(revealId, { ...task, charge: { creditsCharged: 12, message: linkedinUrl } }, 7_000),
    ],
    ['a refusal', (revealId) => starts.withdraw(revealId, 'a', { problem: 'refused', answer: words })],
    ['nothing that can be read', (revealId) => starts.unknown(revealId, 'a', 'not-json', words)],
  ])('leaves nothing of the person if it is %s', async (_what, answer) => {
    const person = await erased();
    await answer(person.revealId);

    expect(unpacked([{ ...(await read(person)) }])).not.toContain('ada-example-1');
  });

  it('keeps the task and the charge', async () => {
    const person = await erased();
    await starts.started(person.revealId, { ...task, charge: { creditsCharged: 12, message: linkedinUrl } }, 7_000);

    const record = await read(person);
    expect(record).toMatchObject({ taskId: 'task-1', startCreditsCharged: 12, startCharge: { creditsCharged: 12 } });
    expect(record.reason).toBe('cancelled-by-caller');
    expect(record).not.toHaveProperty('lookAgainAt');
  });

  it('does not lose a charge that came between the reading of a reveal and its erasure', async () => {
    const person = await wanted();
    await starts.intend(person, intent);
    const running = await read(person);
    await reveals.settle(running, settledWith(running, { outcome: 'cancelled', reason: 'cancelled-by-caller' }, at));
    const ended = await read(person);
    await starts.started(person.revealId, { ...task, charge: { creditsCharged: 12 } }, 5_500);
    await reveals.erase(ended, erasedWith(ended, 6_000));

    expect(changed(await read(person), {})).toMatchObject({ taskId: 'task-1', startCreditsCharged: 12 });
  });
});

describe('a generation that another one takes the place of', () => {
  const claimant = { claimedBy: 'me', executionArnFor: () => 'arn:next' };
  const force = { linkedinUrl, find: ['work-emails'], maxAgeDays: 0, force: 'order-1' } as const;

  it('stays readable with what it has cost, and is not listed beside the next one', async () => {
    const person = await wanted();
    await starts.intend(person, intent);
    await starts.started(person.revealId, { ...task, charge: { creditsCharged: 12 } }, 2_000);
    const running = await read(person);
    const ending = settledWith(running, { outcome: 'errored', reason: 'vendor-unavailable' }, at);
    await reveals.settle(running, { ...ending, publishedAt: '2026-11-27T09:01:00.000Z' });

    const { record } = await claimReveal({ ...force, revealId: person.revealId }, claimant, {
      reveals,
      now: () => 9_000,
    });

    expect(record).toMatchObject({ generation: 2 });
    const earlier = await reveals.earlier(record, 1);
    expect(earlier).toMatchObject({ taskId: 'task-1', startCreditsCharged: 12, reason: 'vendor-unavailable' });
    expect(Object.keys(earlier ?? {})).not.toContain(listIndex.partition);
  });
});
