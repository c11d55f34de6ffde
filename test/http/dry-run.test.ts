import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as schema from '../../lambdas/http/api-schema.ts';
import { newRecord, type RecordChanges } from '../../lambdas/reveal/record.ts';
import { personOf } from '../../lambdas/usecases/starting/person.ts';
import { startApi, type TestApi } from '../support/api.ts';
import { completed } from '../support/doors.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api[Symbol.asyncDispose]());
beforeEach(() => api.forget());

const profile = (slug: string) => `https://www.linkedin.com/in/${slug}`;
const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();

/** Puts the record of a person as if it had come to this. */
async function put(slug: string, changes: RecordChanges = {}) {
  const person = await personOf(profile(slug), api.relay);
  const claim = { generation: 1, executionArn: 'arn', claimedBy: 'test', nowMs: Date.now() };
  const record = newRecord({ ...person, find: ['work-emails'], maxAgeDays: 30 }, claim);
  await api.reveals.claim({ ...record, ...changes } as typeof record, undefined);
  return person.revealId;
}
const done = (days = 0): RecordChanges => ({ ...completed(), taskId: `task-${days}`, settledAt: daysAgo(days) });
const failed: RecordChanges = { status: 'failed', reason: 'vendor-failed', publishedAt: daysAgo(1) };
const dryRun = (reveals: object[], more: object = {}) =>
  api.call('POST', '/reveals/batch', { reveals, dryRun: true, ...more });

describe('POST /reveals/batch as a dry run', () => {
  it('says for each what is there and what would be started, at which price, and starts and writes nothing', async () => {
    const known = await put('dry-known', done(3));
    const running = await put('dry-running');
    await put('dry-old', done(31));
    const [nobody] = [await personOf(profile('dry-new'), api.relay)];
    const people = ['dry-known', 'dry-running', 'dry-old', 'dry-new'].map((slug) => ({ linkedinUrl: profile(slug) }));
    const before = await Promise.all([api.reveals.get(known), api.reveals.get(running)]);
    const answer = await dryRun([...people, { taskId: 'dry-task' }, { linkedinUrl: 'dry@example.com' }]);

    expect(answer).toMatchObject({
      status: 207,
      body: {
        dryRun: true,
        started: 3,
        attached: 2,
        refused: 1,
        results: [
          { status: 200, reveal: { revealId: known, status: 'completed' }, ageSeconds: expect.any(Number) },
          { status: 200, reveal: { revealId: running, status: 'running' } },
          { status: 202, wouldStart: { credits: 12 } },
          { status: 202, wouldStart: { revealId: nobody?.revealId, credits: 12 } },
          { status: 202, wouldStart: { revealId: 'dry-task', credits: 0 } },
          { status: 422 },
        ],
      },
    });
    expect(schema.batchAnswer.parse(answer.body)).toEqual(answer.body);
    expect(api.starts()).toEqual([]);
    expect(await Promise.all([api.reveals.get(known), api.reveals.get(running)])).toEqual(before);
    expect(await api.reveals.get(nobody?.revealId ?? '')).toBeUndefined();
  });

  it('counts what is looked for, and nothing for a task that is paid for', async () => {
    await put('dry-missing', done());
    await put('dry-gave-up', { status: 'timed-out', taskId: 'dry-paid', publishedAt: daysAgo(1) });
    await put('dry-failed', failed);
    const asked = ['dry-missing', 'dry-gave-up', 'dry-failed'].map((slug) => ({ linkedinUrl: profile(slug) }));
    const cheap = await dryRun(asked, { find: ['work-emails', 'phone-numbers'], ifMissing: 'start' });
    expect(cheap.body.results).toMatchObject([
      { wouldStart: { credits: 4 } },
      { wouldStart: { credits: 0 } },
      // No price is listed for these two: they may cost as much as everything does.
      { wouldStart: { credits: 12 } },
    ]);
  });

  it('foresees what the same batch then does', async () => {
    await put('dry-agree-known', done());
    await put('dry-agree-failed', failed);
    const reveals = ['known', 'failed', 'new'].map((name) => ({ linkedinUrl: profile(`dry-agree-${name}`) }));
    const foreseen = await dryRun(reveals);
    const real = await api.call('POST', '/reveals/batch', { reveals });
    const outline = ({ body }: typeof foreseen) =>
      schema.batchAnswer
        .parse(body)
        .results.map(({ status, reveal, wouldStart }) => [status, (reveal ?? wouldStart)?.revealId]);
    expect(outline(real)).toEqual(outline(foreseen));
  });
});
