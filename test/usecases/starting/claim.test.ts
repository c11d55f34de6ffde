import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RevealsList } from '../../../lambdas/aws/reveals/reveals-list.ts';
import { sdkClientOptions } from '../../../lambdas/aws/sdk.ts';
import type { PersonRequest } from '../../../lambdas/reveal/claim-request.ts';
import { changed, type RecordChanges, type RevealRecord } from '../../../lambdas/reveal/record.ts';
import { dynamoDB } from '../../../lambdas/runtime/clients.ts';
import { type ClaimingTable, claimReveal, foreseeClaim } from '../../../lambdas/usecases/starting/claim.ts';
import { completed, type DoorSurroundings, startDoors } from '../../support/doors.ts';

const claimant = (claimedBy: string) => ({ claimedBy, executionArnFor: () => `arn:${claimedBy}` });
const noon = Date.parse('2026-11-23T12:00:00Z');

/** A table of one record, whose answer to the first claim is lost after it was written. */
function forgetfulTable(): ClaimingTable & {
  record: RevealRecord | undefined;
} {
  const table = {
    record: undefined as RevealRecord | undefined,
    claim: async (record: RevealRecord, replaces: RevealRecord | undefined) => {
      if (table.record !== replaces) return false;
      table.record = record;
      return false;
    },
    get: async () => table.record,
    keepEarlier: async () => {},
    answersWish: async () => {},
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

describe('a reveal of a person', () => {
  let doors: DoorSurroundings;
  beforeAll(async () => {
    doors = await startDoors();
  });
  afterAll(() => doors[Symbol.asyncDispose]());

  let people = 0;
  const person = (more: Partial<PersonRequest> = {}): PersonRequest => ({
    revealId: `person-1-${String(people).padStart(40, '0')}`,
    linkedinUrl: 'https://www.linkedin.com/in/ada-example-1',
    find: ['work-emails'],
    maxAgeDays: 30,
    ...more,
  });
  let claims = 0;
  const claim = (
    request: Parameters<typeof claimReveal>[0],
    reveals: Parameters<typeof claimReveal>[2]['reveals'] = doors.reveals,
  ) => {
    claims += 1;
    return claimReveal(request, claimant(`request-${claims}`), { reveals, now: Date.now });
  };
  /** A person whose reveal has come to this, and its task by its other name. */
  async function revealOf(changes: RecordChanges): Promise<{ record: RevealRecord; taskId: string }> {
    people += 1;
    const taskId = `task-of-${people}`;
    const { record } = await claim(person());
    await doors.reveals.whileRunning(record, { taskId, startedBy: 'nonce', ...changes });
    await doors.paidStarts.alias(taskId, record.revealId, undefined);
    return { record: (await doors.reveals.get(record.revealId)) as RevealRecord, taskId };
  }
  const failed: RecordChanges = { status: 'failed', reason: 'vendor-failed', publishedAt: 'then' };
  const erased: RecordChanges = { status: 'completed', publishedAt: 'then', erasedAt: 'then', linkedinUrl: null };

  it.each<[string, RecordChanges]>([
    ['runs', {}],
    ['has its result', completed()],
    ['has failed', failed],
    ['has been erased', erased],
  ])('that %s is what its task’s id leads to, and nothing is started', async (_what, changes) => {
    const { record, taskId } = await revealOf(changes);
    expect(await claim({ taskId })).toMatchObject({
      isNew: false,
      record: { revealId: record.revealId, generation: 1 },
    });
  });

  it('that was given up on goes on with its task, whoever asks by it', async () => {
    const { record, taskId } = await revealOf({ status: 'timed-out', reason: 'deadline-passed', publishedAt: 'then' });
    expect(await claim({ taskId })).toMatchObject({
      isNew: true,
      record: { revealId: record.revealId, generation: 2, taskId, startedBy: 'nonce' },
    });
  });

  it.each<[string, RecordChanges]>([
    ['has failed', failed],
    ['has been erased', erased],
  ])('that %s and expired leaves its task to whoever asks by it, and the person to nobody', async (_what, changes) => {
    const { taskId } = await revealOf({ ...changes, expiresAt: 1 });
    const { isNew, record } = await claim({ taskId });
    expect({ isNew, record }).toMatchObject({ isNew: true, record: { revealId: taskId, taskId, generation: 1 } });
    expect(record.linkedinUrl).toBeUndefined();
  });

  it.each<[string, RecordChanges]>([
    ['has its result', completed()],
    ['has failed', failed],
    ['was cancelled before its task was known', { ...failed, status: 'cancelled', taskId: null }],
  ])('that %s and expired is not paid for again by whoever gives its own id for a task’s', async (_what, changes) => {
    const { record } = await revealOf({ ...changes, expiresAt: 1 });
    const request = { taskId: record.revealId };
    expect(await foreseeClaim(request, { reveals: doors.reveals, now: Date.now })).toMatchObject({ credits: 0 });
    const claimed = await claim(request);
    expect(claimed).toMatchObject({ isNew: true, record: { generation: 2, taskId: record.revealId } });
    expect(claimed.record.linkedinUrl).toBeUndefined();
  });

  it.each<[string, RecordChanges]>([
    ['has failed', failed],
    ['has failed, and expires between two reads', { ...failed, expiresAt: 1 }],
    ['has its result, and expires between two reads', { ...completed(), expiresAt: 1 }],
  ])('that %s is left as it is by whoever goes on with what is paid for alone', async (_what, changes) => {
    await revealOf(changes);
    const request = person({ maxAgeDays: Number.POSITIVE_INFINITY, isResumed: true, paysNothing: true });
    expect(await claim(request)).toMatchObject({ isNew: false, record: { generation: 1 } });
  });

  it('keeps its result beside a new generation, and is listed once', async () => {
    const { record } = await revealOf(completed());
    expect(await claim(person({ force: 'key-1' }))).toMatchObject({ isNew: true, record: { generation: 2 } });

    expect(await doors.reveals.earlier(record, 1)).toMatchObject({ status: 'completed', result: record.result });
    const list = new RevealsList(doors.reveals.name, dynamoDB(sdkClientOptions));
    const { reveals } = await list.page({ limit: 100, nowSeconds: 1 });
    expect(reveals.filter(({ revealId }) => revealId === record.revealId)).toHaveLength(1);
  });

  it('leaves nothing of its result behind when it is erased just before a new generation would replace it', async () => {
    const { record } = await revealOf(completed());
    const { reveals } = doors;
    const justBefore: typeof reveals.keepEarlier = async (kept) => {
      await reveals.erase(record, { erasedAt: new Date().toISOString(), result: null, answer: null });
      await reveals.keepEarlier(kept);
    };
    const raced = {
      claim: reveals.claim.bind(reveals),
      get: reveals.get.bind(reveals),
      answersWish: reveals.answersWish.bind(reveals),
      keepEarlier: justBefore,
    };

    expect(await claim(person({ force: 'key-1' }), raced)).toMatchObject({ isNew: false, record: { generation: 1 } });
    expect(await reveals.earlier(record, 1)).toBeUndefined();
  });

  it('answers one wish for a new result once, though it was running when it was wished for first', async () => {
    const { record } = await revealOf({});
    const wish = person({ maxAgeDays: 0, force: 'key-1' });
    expect(await claim(wish)).toMatchObject({ isNew: false, record: { generation: 1 } });
    await claim(wish);
    await doors.reveals.whileRunning(record, completed());

    expect(await claim(wish)).toMatchObject({ isNew: false, record: { generation: 1, forcedBy: ['key-1'] } });
    expect(await claim({ ...wish, force: 'key-2' })).toMatchObject({ isNew: true, record: { generation: 2 } });
  });

  it('that has expired is not kept beside the next one', async () => {
    const { record } = await revealOf({ ...completed(), expiresAt: 1 });
    expect(await claim(person())).toMatchObject({ isNew: true, record: { generation: 2 } });
    expect(await doors.reveals.earlier(record, 1)).toBeUndefined();
  });
});
