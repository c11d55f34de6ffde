import { describe, expect, it } from 'vitest';
import type { SeenPoll } from '../../../local/fiber/index.ts';
import { apiKey, openFiber } from './visit.ts';

describe('a poll that is not in order', () => {
  it('is refused in the order body, fields, key, task', async () => {
    const { post, poll } = await openFiber();
    const statuses = [
      await post('poll', '{"apiKey":'),
      await post('poll', new Uint8Array([0x22, 0xff, 0x22])),
      await post('poll', []),
      await post('poll', 'null'),
      await post('poll', {}),
      await post('poll', { apiKey }),
      await poll(''),
      await poll(7),
      await poll('slow-1', ['not a string']),
      await poll('no-such-task', ''),
      await poll('no-such-task', 'another key'),
      await poll('no-such-task'),
    ];
    expect(statuses.map(({ status }) => status)).toEqual([400, 400, 422, 422, 422, 422, 422, 422, 422, 401, 401, 404]);
    for (const { body } of statuses) expect(body).toEqual({ message: expect.any(String) });
  });

  it('gets 404 at any other path, 405 for any other method, 413 for a body without end', async () => {
    const { fiber, post } = await openFiber();
    expect((await fetch(`${fiber.url}/v1/contact-details/poll`, { method: 'POST' })).status).toBe(404);
    expect((await fetch(`${fiber.url}/`)).status).toBe(404);
    const wrongMethod = await fetch(`${fiber.url}/v1/contact-details/exhaustive/poll`);
    expect([wrongMethod.status, wrongMethod.headers.get('allow')]).toEqual([405, 'POST']);
    expect((await post('poll', 'x'.repeat(1024 * 1024 + 1))).status).toBe(413);
  });

  it('may carry fields that nobody knows, and is warned of each', async () => {
    const { post } = await openFiber();
    const { body } = await post('poll', '{"apiKey":"key-for-tests","taskId":"quick-1","colour":"red","__proto__":{}}');
    expect(body.warnings).toEqual([
      { field: 'colour', message: expect.any(String) },
      { field: '__proto__', message: expect.any(String) },
    ]);
  });
});

describe('a task', () => {
  it('goes through the statuses of the vendor and then keeps its result', async () => {
    const { fiber, pass, poll } = await openFiber();
    const { taskId, contacts } = fiber.addTask({ durationMs: 100_000 });
    const seen: unknown[] = [];
    for (const seconds of [0, 10, 50, 39]) {
      pass(seconds);
      const { output } = (await poll(taskId)).body;
      seen.push([output.profile.status, output.done, output.profile.emails.length]);
    }
    expect(seen).toEqual([
      ['started', false, 0],
      ['live-enriching', false, 0],
      ['grabbing-contact-info', false, 0],
      ['grabbing-contact-info', false, 0],
    ]);
    pass(1);
    const result = (await poll(taskId)).body;
    expect(result).toEqual({
      output: { profile: { status: 'completed', exhaustive: true, ...contacts }, done: true },
      chargeInfo: { method: 'charged-for-async-process', creditsCharged: 12, message: expect.any(String) },
      advice: [],
    });
    pass(3600);
    expect((await poll(taskId)).body).toEqual(result);
  });

  it('exists from its first poll on when its id names a scenario', async () => {
    const { pass, poll } = await openFiber();
    pass(10_000);
    expect((await poll('slow-1')).body.output.done).toBe(false);
    pass(449);
    expect((await poll('slow-1')).body.output.done).toBe(false);
    pass(31);
    expect((await poll('slow-1')).body.output.done).toBe(true);
    expect((await poll('slow-2')).body.output.done).toBe(false);
    expect((await poll('slowly')).status).toBe(404);
  });

  it('is added under any id, and never twice', async () => {
    const { fiber, poll } = await openFiber();
    fiber.addTask({ taskId: 'my own id', scenario: 'quick' });
    expect((await poll('my own id')).status).toBe(200);
    expect(() => fiber.addTask({ taskId: 'my own id' })).toThrow('already');
    expect(() => fiber.addTask({ faults: [{ atPoll: 1, fault: 'status-200' }] })).toThrow('is no fault');
  });

  it('takes as long for the same seed, in whatever order tasks are polled', async () => {
    const ids = Array.from({ length: 20 }, (_, index) => `completed-${index}`);
    const finished = async (order: readonly string[]) => {
      const { pass, poll } = await openFiber();
      for (const id of order) await poll(id);
      pass(100);
      const done: string[] = [];
      for (const id of order) if ((await poll(id)).body.output.done) done.push(id);
      return done.sort();
    };
    const one = await finished(ids);
    expect(await finished([...ids].reverse())).toEqual(one);
    expect(one.length).toBeGreaterThan(2);
    expect(one.length).toBeLessThan(18);
  });
});

describe('whoever runs the stand-in', () => {
  it('is told of every poll', async () => {
    const polls: SeenPoll[] = [];
    const { fiber, poll, post } = await openFiber({ now: () => 1_000, onPoll: (each) => polls.push(each) });
    fiber.addTask({ taskId: 'odd', durationMs: 0, faults: [{ atPoll: 1, fault: 'malformed-html' }] });
    await poll('quick-1');
    await post('poll', '');
    await poll('odd');
    await poll('odd');
    expect(polls).toEqual([
      { at: 1_000, status: 200, taskId: 'quick-1', profileStatus: 'started', done: false },
      { at: 1_000, status: 400 },
      { at: 1_000, status: 'malformed-html', taskId: 'odd' },
      { at: 1_000, status: 200, taskId: 'odd', profileStatus: 'completed', done: true },
    ]);
  });

  it('reads the counts from the server, and never a key', async () => {
    const { fiber, poll } = await openFiber();
    await poll('quick-1');
    await poll('quick-1', 'wrong');
    await poll('unknown');
    const text = await (await fetch(`${fiber.url}/_stand-in/stats`)).text();
    expect(JSON.parse(text)).toEqual(fiber.stats());
    expect(fiber.stats()).toMatchObject({ polls: 3, rejectedPolls: 0, pollsPerTask: { 'quick-1': 2, unknown: 1 } });
    expect(text).not.toContain(apiKey);
  });

  it('can close it while an answer hangs', async () => {
    const { fiber, poll } = await openFiber();
    const hanging = poll('hang-headers');
    const refused = expect(hanging).rejects.toThrow();
    while (fiber.stats().polls === 0) await new Promise(setImmediate);
    await fiber.close();
    await refused;
  });
});
