import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isMore } from '../support/more.ts';
import { startTestRelay, type TestRelay } from '../support/relay.ts';
import { allEnded, callApi, rolesOf, startMixed } from './mixed-starts.ts';

const endings = ({ relay }: TestRelay, taskId: string) =>
  relay.published.filter(({ source, detail }) => source === 'reveal-relay' && detail.revealId === taskId);

const [many, several] = isMore ? [1_000, 60] : [120, 12];

it('starts one reveal when very many callers ask for it at once, through all three doors', async () => {
  await using test = await startTestRelay({ httpPort: 0 });
  const { api, executions } = await startMixed(test, 'quick-1', many);
  await allEnded(test);

  for (const { status } of api) expect([200, 202]).toContain(status);
  expect(new Set(api.map(({ body }) => body.revealId))).toEqual(new Set(['quick-1']));
  const { polling, attached } = rolesOf(test, 'quick-1');
  expect(polling).toHaveLength(1);
  expect(attached.length).toBeGreaterThanOrEqual(executions.length - 1);
  const record = await test.relay.record('quick-1');
  expect(record).toMatchObject({ status: 'completed', generation: 1, executionArn: polling[0] });
  expect(test.fiber.stats().pollsPerTask).toEqual({ 'quick-1': record?.polls });
  expect(endings(test, 'quick-1')).toHaveLength(1);
});

describe('several callers at once, through all three doors', () => {
  let test: TestRelay;
  beforeAll(async () => {
    test = await startTestRelay({ httpPort: 0, maxWaitSeconds: 600 });
  });
  afterAll(() => test.close());

  /** Asks for a reveal as it is now, lets everything end, and tells what is new since. */
  async function askAgain(taskId: string) {
    const before = { polling: rolesOf(test, taskId).polling.length, events: endings(test, taskId).length };
    const { api } = await startMixed(test, taskId, several);
    return {
      api,
      statuses: [...new Set(api.map(({ status }) => status))].sort(),
      ids: [...new Set(api.map(({ body }) => body.revealId))],
      news: async () => {
        await allEnded(test);
        return {
          polling: rolesOf(test, taskId).polling.length - before.polling,
          events: endings(test, taskId).length - before.events,
        };
      },
    };
  }

  it('attach to a reveal that is running', async () => {
    const arn = await test.relay.startReveal({ taskId: 'completed-1' });
    await expect.poll(() => test.relay.record('completed-1')).toHaveProperty('nextPollAt');
    const { statuses, ids, api, news } = await askAgain('completed-1');
    expect({ statuses, ids }).toEqual({ statuses: [200], ids: ['completed-1'] });
    expect(new Set(api.map(({ body }) => body.status))).toEqual(new Set(['running']));
    expect(await news()).toEqual({ polling: 1, events: 1 });
    expect(rolesOf(test, 'completed-1').polling).toEqual([arn]);
  });

  it('get the stored result of one that has completed, and the vendor is not asked', async () => {
    const { record } = await test.play('quick-2');
    const { statuses, ids, api, news } = await askAgain('quick-2');
    expect({ statuses, ids }).toEqual({ statuses: [200], ids: ['quick-2'] });
    for (const { body } of api)
      expect(body).toMatchObject({ status: 'completed', result: { emails: expect.any(Array) } });
    expect(await news()).toEqual({ polling: 0, events: 0 });
    expect(test.fiber.stats().pollsPerTask['quick-2']).toBe(record?.polls);
  });

  it('get the tombstone of one that was erased, and nothing brings its data back', async () => {
    const { record } = await test.play('quick-3');
    expect((await callApi(test, 'DELETE', '/reveals/quick-3/result')).status).toBe(200);
    const { statuses, ids, api, news } = await askAgain('quick-3');
    expect({ statuses, ids }).toEqual({ statuses: [200], ids: ['quick-3'] });
    for (const { body } of api) expect(body).not.toHaveProperty('result');
    expect(await news()).toEqual({ polling: 0, events: 0 });
    expect(test.fiber.stats().pollsPerTask['quick-3']).toBe(record?.polls);
    expect(await test.relay.record('quick-3')).not.toHaveProperty('result');
  });

  it.each([
    ['failed-1', 'failed'],
    ['never-1', 'timed-out'],
    ['error-404-1', 'errored'],
  ])('start one new generation of %s, which has ended as %s', async (taskId, ending) => {
    expect((await test.play(taskId)).record).toMatchObject({ status: ending, generation: 1 });
    const { statuses, ids, news } = await askAgain(taskId);
    expect(ids).toEqual([taskId]);
    for (const status of statuses) expect([200, 202]).toContain(status);
    expect(await news()).toEqual({ polling: 1, events: 1 });
    expect(await test.relay.record(taskId)).toMatchObject({ status: ending, generation: 2 });
  });

  it('start one new generation of one that was cancelled', async () => {
    await callApi(test, 'POST', '/reveals', { taskId: 'quick-4' });
    expect((await callApi(test, 'DELETE', '/reveals/quick-4')).body).toMatchObject({ status: 'cancelled' });
    const { statuses, ids, news } = await askAgain('quick-4');
    expect(ids).toEqual(['quick-4']);
    for (const status of statuses) expect([200, 202]).toContain(status);
    expect(await news()).toEqual({ polling: 1, events: 1 });
    expect(await test.relay.record('quick-4')).toMatchObject({ status: 'completed', generation: 2 });
  });
});
