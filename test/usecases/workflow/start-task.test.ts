import { afterAll, beforeAll, expect, it } from 'vitest';
import type { FindKind } from '../../../lambdas/contract.ts';
import type { StartAnswer } from '../../../lambdas/fiber/start-answer.ts';
import { newRecord } from '../../../lambdas/reveal/record.ts';
import { type Starting, startTask } from '../../../lambdas/usecases/workflow/start-task.ts';
import { type DoorSurroundings, startDoors } from '../../support/doors.ts';

let doors: DoorSurroundings;
beforeAll(async () => {
  doors = await startDoors();
  await doors.relay.salt();
});
afterAll(() => doors[Symbol.asyncDispose]());

const now = Date.parse('2026-11-27T12:00:00Z');
const ours = 'arn:ours';

/** A person's reveal whose task is to be started, and a vendor that answers so and notes whom it was asked for. */
async function toStart(revealId: string, answer: StartAnswer) {
  const find: FindKind[] = ['work-emails'];
  const claim = { generation: 1, executionArn: ours, claimedBy: 'test', nowMs: now };
  const request = { revealId, linkedinUrl: `https://www.linkedin.com/in/${revealId}`, find, maxAgeDays: 30 };
  await doors.reveals.claim(newRecord(request, claim), undefined);
  const asked: string[] = [];
  const slot = { kind: 'slot', pollAt: now, probe: false, item: {}, grantedAt: now } as const;
  const starting = {
    reveals: doors.reveals,
    starts: doors.paidStarts,
    relay: doors.relay,
    budget: { context: () => ({}) as never, decide: async () => undefined as never, reach: async () => slot as never },
    polls: { known: async () => ({}) as never },
    capsFor: () => [],
    apiKey: { get: async () => 'key', refetch: async () => 'key' },
    fiber: {
      start: async (_key: string, linkedinUrl: string) => {
        asked.push(linkedinUrl);
        return answer;
      },
    },
    firstPoll: async ({ generation, taskId }) => ({
      revealId,
      generation,
      outcome: 'pending',
      nextPollAt: taskId ?? '',
    }),
    maxWaitMs: 3_600_000,
    sleep: async () => {},
    nonce: () => `nonce of ${revealId}`,
    now: () => now,
    monotonic: () => 0,
    log: { info: () => {} },
  } as Starting;
  const state = { revealId, generation: 1, outcome: 'to-start' };
  return { asked, start: (executionArn = ours) => startTask({ state, executionArn, input: { revealId } }, starting) };
}

const started: StartAnswer = {
  kind: 'started',
  taskId: 'task_1',
  charge: { method: 'charged-now', creditsCharged: 5 },
  answer: { bytes: Buffer.from('{}') },
};

it('starts the task once, keeps it, and goes on to the polls', async () => {
  const { asked, start } = await toStart('person-once', started);

  expect(await start()).toMatchObject({ outcome: 'pending', nextPollAt: 'task_1' });
  expect(await start()).toMatchObject({ outcome: 'pending', nextPollAt: 'task_1' });

  expect(asked).toEqual(['https://www.linkedin.com/in/person-once']);
  expect(await doors.reveals.get('person-once')).toMatchObject({ taskId: 'task_1', startCreditsCharged: 5 });
});

it('spends nothing in an execution that the reveal does not belong to', async () => {
  const { asked, start } = await toStart('person-of-another', started);

  expect(await start('arn:another')).toMatchObject({ outcome: 'duplicate', status: 'running' });

  expect(asked).toEqual([]);
});

it('ends as unknown where nobody can tell what came of the call, and never makes another', async () => {
  const { asked, start } = await toStart('person-unknown', { kind: 'unknown', problem: 'timed-out' });

  expect(await start()).toMatchObject({ outcome: 'errored', reason: 'start-unknown' });
  expect(await start()).toMatchObject({ outcome: 'to-start' });

  expect(asked).toHaveLength(1);
  expect(await doors.reveals.get('person-unknown')).toMatchObject({ startProblem: 'timed-out' });
});

it('ends as refused, with nothing announced any more, where the vendor takes no such profile', async () => {
  const refusal: StartAnswer = { kind: 'refused', httpStatus: 422, answer: { bytes: Buffer.from('{"message":"no"}') } };
  const { start } = await toStart('person-refused', refusal);

  expect(await start()).toMatchObject({ outcome: 'errored', reason: 'start-refused' });

  expect(await doors.reveals.get('person-refused')).not.toHaveProperty('startIntent');
});

it.each<StartAnswer>([
  { kind: 'not-sent', problem: 'no-connection' },
  { kind: 'turned-away', httpStatus: 403 },
  { kind: 'rate-limited' },
  { kind: 'blocked', reason: 'out-of-credits', httpStatus: 402, answer: { bytes: Buffer.from('{}') } },
])('tries again later where nothing came of the call: $kind', async (answer) => {
  const { asked, start } = await toStart(`person-${answer.kind}`, answer);

  for (const _ of ['once', 'again']) expect(await start()).toMatchObject({ outcome: 'to-start' });

  expect(asked).toHaveLength(2);
});
