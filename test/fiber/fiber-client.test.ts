import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FiberClient } from '../../lambdas/fiber/fiber-client.ts';
import type { PollAnswer } from '../../lambdas/fiber/vendor-answer.ts';
import {
  contactsOf,
  type NewTask,
  type ScenarioName,
  StandInFiber,
  scenarios,
  seededRandom,
} from '../../local/fiber/index.ts';

const apiKey = 'key-8c1f';
let now = Date.parse('2026-11-23T12:00:00Z');
let fiber: StandInFiber;
let client: FiberClient;

beforeAll(async () => {
  fiber = await StandInFiber.listen({ apiKey, now: () => now, random: seededRandom(1), limit: { polls: 10_000 } });
  client = new FiberClient({ baseUrl: fiber.url, now: () => now });
});
afterAll(() => fiber.close());

/** Polls a task before and after it ends. */
async function pollTwice(task: NewTask): Promise<[PollAnswer, PollAnswer, string]> {
  const { taskId } = fiber.addTask({ durationMs: 60_000, ...task });
  const during = await client.poll(apiKey, taskId);
  now += 61_000;
  return [during, await client.poll(apiKey, taskId), taskId];
}

describe('the vendor client, against the stand-in', () => {
  it.each([
    'completed',
    'partial',
    'low-quality',
    'empty',
    'new-fields',
    'low-credits',
    'null-lists',
    'malformed-gzip',
  ] as const)('sees %s running and then done', async (scenario) => {
    const [during, after, taskId] = await pollTwice({ scenario });
    expect(during.kind).toBe('running');
    if (after.kind !== 'done') throw new Error(after.kind);
    const { emails, lowQualityEmails, phoneNumbers } = contactsOf(taskId, scenario);
    expect(after).toMatchObject({ outcome: 'completed', result: { emails, lowQualityEmails, phoneNumbers } });
    expect(after.charge).toHaveProperty('method');
  });

  it.each(['failed', 'failed-not-done'] as const)('sees %s as a finished task that failed', async (scenario) => {
    const [, after] = await pollTwice({ scenario });
    expect(after).toMatchObject({
      kind: 'done',
      outcome: 'failed',
      failure: 'The profile could not be read.',
    });
  });

  it('reads a result of a megabyte', async () => {
    const [, after] = await pollTwice({ scenario: 'large' });
    expect(after).toMatchObject({ kind: 'done' });
    expect(JSON.stringify(after).length).toBeGreaterThan(900_000);
  });

  it.each([
    [400, { kind: 'refused', reason: 'request-refused' }],
    [401, { kind: 'refused', reason: 'key-refused' }],
    [402, { kind: 'refused', reason: 'out-of-credits' }],
    [403, { kind: 'refused', reason: 'key-refused' }],
    [404, { kind: 'refused', reason: 'task-not-found' }],
    [422, { kind: 'refused', reason: 'request-refused' }],
    [429, { kind: 'rate-limited', retryAfterMs: 5_000 }],
    [500, { kind: 'unusable', problem: 'server-error' }],
    [503, { kind: 'unusable', problem: 'server-error' }],
  ])('classifies a %i', async (status, expected) => {
    const { taskId } = fiber.addTask({ faults: [{ atPoll: 'every', fault: `status-${status}` }] });
    expect(await client.poll(apiKey, taskId)).toMatchObject(expected);
  });

  it('classifies what the vendor itself refuses: a wrong key, an unknown task', async () => {
    expect(await client.poll('wrong-key', 'completed-1')).toMatchObject({ kind: 'refused', reason: 'key-refused' });
    expect(await client.poll(apiKey, 'nobody-knows-it')).toMatchObject({ kind: 'refused', reason: 'task-not-found' });
  });

  it('knows a 429 without Retry-After', async () => {
    const { taskId } = fiber.addTask({ faults: [{ atPoll: 1, fault: 'status-429-bare' }] });
    expect(await client.poll(apiKey, taskId)).toEqual({ kind: 'rate-limited' });
  });

  it.each([
    ['malformed-json', 'not-json'],
    ['malformed-html', 'not-json'],
    ['malformed-shape', 'not-an-answer'],
    ['malformed-wrong-type', 'not-an-answer'],
    ['malformed-truncated', 'cut-off'],
    ['malformed-huge', 'too-large'],
    ['malformed-gzip-bomb', 'too-large'],
    ['redirect', 'unexpected-status'],
    ['reset', 'cut-off'],
  ] as const)('survives %s', async (scenario, problem) => {
    const { taskId } = fiber.addTask({ scenario });
    expect(await client.poll(apiKey, taskId)).toMatchObject({ kind: 'unusable', problem });
  });

  it.each(['hang-headers', 'hang-body', 'slow-body'] as const)(
    'gives up on %s when its time is over',
    async (scenario) => {
      const impatient = new FiberClient({ baseUrl: fiber.url, now: () => now, totalTimeoutMs: 50 });
      const { taskId } = fiber.addTask({ scenario });
      expect(await impatient.poll(apiKey, taskId)).toEqual({ kind: 'unusable', problem: 'timed-out' });
    },
  );

  it('has an answer for every scenario that the stand-in plays', async () => {
    const impatient = new FiberClient({
      baseUrl: fiber.url,
      now: () => now,
      totalTimeoutMs: 200,
      maxBodyBytes: 3_000_000,
    });
    for (const { name } of scenarios as readonly { name: ScenarioName }[]) {
      const { taskId } = fiber.addTask({ scenario: name, durationMs: 1_000 });
      now += 2_000;
      expect((await impatient.poll(apiKey, taskId)).kind).toMatch(/^(done|running|rate-limited|refused|unusable)$/);
    }
  });

  it('makes one request a call, whatever comes back', async () => {
    const { taskId } = fiber.addTask({ scenario: 'error-503' });
    await client.poll(apiKey, taskId);
    expect(fiber.stats().pollsPerTask[taskId]).toBe(1);
  });
});

describe('the vendor client, without a vendor', () => {
  it('says so when nobody listens', async () => {
    const nobody = createServer().listen(0, '127.0.0.1');
    await new Promise((listening) => nobody.once('listening', listening));
    const { port } = nobody.address() as { port: number };
    await new Promise((closed) => nobody.close(closed));
    const lost = new FiberClient({ baseUrl: `http://127.0.0.1:${port}`, now: () => now });
    expect(await lost.poll(apiKey, 'task')).toEqual({ kind: 'unusable', problem: 'no-connection' });
  });

  it('never shows the key in an answer', async () => {
    const lost = new FiberClient({ baseUrl: 'http://127.0.0.1:1', now: () => now });
    expect(JSON.stringify(await lost.poll('key-to-hide', 'task'))).not.toContain('key-to-hide');
    expect(JSON.stringify(lost)).not.toContain('key-to-hide');
  });
});
