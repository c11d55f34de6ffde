import { describe, expect, it } from 'vitest';
import type { LimitOptions } from '../../../../local/fiber/index.ts';
import { apiKey, openFiber } from '../visit.ts';

const taskId = 'never-1';

/** Polls at these seconds; `ok`, or the Retry-After that came with the 429. */
async function pollAt(limit: LimitOptions, seconds: readonly number[]) {
  const { fiber, pass, poll } = await openFiber({ limit: { polls: 3, windowMs: 60_000, ...limit } });
  const answers: string[] = [];
  let now = 0;
  for (const at of seconds) {
    pass(at - now);
    now = at;
    const { status, headers } = await poll(taskId);
    answers.push(status === 429 ? (headers.get('retry-after') ?? 'no Retry-After') : 'ok');
  }
  return { answers, stats: fiber.stats() };
}

describe('the rate limit', () => {
  it('is 240 polls in 60 s for one key unless told otherwise', async () => {
    const { fiber, pass, poll } = await openFiber();
    const first = await Promise.all(Array.from({ length: 241 }, () => poll(taskId)));
    expect(first.filter(({ status }) => status === 200)).toHaveLength(240);
    expect(first.find(({ status }) => status === 429)?.body).toEqual({ message: expect.any(String) });
    expect(fiber.stats()).toMatchObject({ polls: 241, rejectedPolls: 1, maxPollsInWindow: 241 });
    pass(60);
    expect((await poll(taskId)).status).toBe(200);
    expect(fiber.stats()).toMatchObject({ maxPollsInWindow: 241, pollsPerTask: { [taskId]: 242 } });
  });

  it('can be a fixed window, which starts with the minute', async () => {
    const { answers } = await pollAt({ kind: 'fixed-window' }, [50, 51, 52, 53, 60, 61, 62, 63]);
    expect(answers).toEqual(['ok', 'ok', 'ok', '7', 'ok', 'ok', 'ok', '57']);
  });

  it('can be a sliding log, which forgets each poll after 60 s', async () => {
    const { answers } = await pollAt({ kind: 'sliding-log' }, [0, 20, 40, 50, 59.5, 60, 61, 80]);
    expect(answers).toEqual(['ok', 'ok', 'ok', '10', '1', 'ok', '19', 'ok']);
  });

  it('can be a strict sliding log, which counts rejected polls too', async () => {
    const { answers } = await pollAt({ kind: 'strict-sliding-log' }, [0, 20, 40, 50, 60, 61, 120, 121]);
    expect(answers).toEqual(['ok', 'ok', 'ok', '30', '40', '49', 'ok', 'ok']);
  });

  it('can be a token bucket, which fills up evenly', async () => {
    const { answers } = await pollAt({ kind: 'token-bucket', burst: 2 }, [0, 0, 0, 20, 30, 40, 200, 200, 200]);
    expect(answers).toEqual(['ok', 'ok', '20', 'ok', '10', 'ok', 'ok', 'ok', '20']);
  });

  it('can be silent about when to come back', async () => {
    const { answers } = await pollAt({ polls: 1, retryAfter: false }, [0, 0]);
    expect(answers).toEqual(['ok', 'no Retry-After']);
  });

  it('is met before the task is looked at, and after the key', async () => {
    const { poll } = await openFiber({ limit: { polls: 1 } });
    const statuses = [await poll(taskId), await poll('unknown'), await poll('unknown', 'wrong')];
    expect(statuses.map(({ status }) => status)).toEqual([200, 429, 401]);
  });

  it('counts the busiest window wherever it starts', async () => {
    const { stats } = await pollAt({ kind: 'fixed-window' }, [50, 55, 61, 65, 120]);
    expect(stats).toMatchObject({ maxPollsInWindow: 4, rejectedPolls: 0 });
  });
});

describe('several keys', () => {
  it('have a limit and credits of their own, and know the same tasks', async () => {
    const { fiber, poll } = await openFiber({ apiKey: ['one', 'two'], limit: { polls: 1 } });
    fiber.setCredits(0, 'two');
    const statuses = [
      await poll(taskId, 'one'),
      await poll(taskId, 'one'),
      await poll(taskId, 'two'),
      await poll(taskId),
    ];
    expect(statuses.map(({ status }) => status)).toEqual([200, 429, 402, 401]);
    expect(fiber.stats().accounts).toMatchObject([
      { name: 'key-1', polls: 2, rejectedPolls: 1, credits: 100_000 },
      { name: 'key-2', polls: 1, rejectedPolls: 0, credits: 0 },
    ]);
  });

  it('can be rotated while it runs, and come back as they were', async () => {
    const { fiber, poll } = await openFiber({ limit: { polls: 1 } });
    expect((await poll(taskId)).status).toBe(200);
    fiber.setKeys('rotated');
    expect((await poll(taskId)).status).toBe(401);
    expect((await poll(taskId, 'rotated')).status).toBe(200);
    fiber.setKeys('rotated', apiKey);
    expect((await poll(taskId)).status).toBe(429);
  });
});

describe('an account', () => {
  it('out of credits is told so, and served again once it is topped up', async () => {
    const { fiber, poll } = await openFiber({ credits: 0 });
    const { status, body } = await poll(taskId);
    expect(status).toBe(402);
    expect(body).toEqual({
      message: expect.any(String),
      outOfCreditsAlert: {
        getMoreCreditsUrl: expect.stringMatching(/^https:/),
        message: expect.any(String),
        availableCredits: 0,
      },
    });
    fiber.setCredits(50);
    expect((await poll(taskId)).body.chargeInfo.lowCreditAlert).toMatchObject({ availableCredits: 50 });
    fiber.setCredits(500);
    expect((await poll(taskId)).body.chargeInfo).not.toHaveProperty('lowCreditAlert');
  });
});
