import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { contactsOf, type PlannedFault } from '../../../../local/fiber/index.ts';
import { withResolvers } from '../../../../local/workflow/with-resolvers.ts';
import { openFiber, rawPoll } from '../visit.ts';

const mebibyte = 1024 * 1024;

describe('a planned fault', () => {
  const plans: [string, PlannedFault, number[]][] = [
    ['comes at its poll', { atPoll: 2, fault: 'status-503' }, [200, 503, 200, 200, 200]],
    ['comes as often in a row as asked', { atPoll: 2, times: 3, fault: 'status-503' }, [200, 503, 503, 503, 200]],
    [
      'comes from there on',
      { atPoll: 3, times: Number.POSITIVE_INFINITY, fault: 'status-400' },
      [200, 200, 400, 400, 400],
    ],
    ['comes every time', { atPoll: 'every', fault: 'status-418' }, [418, 418, 418, 418, 418]],
    ['comes when the task has ended', { atPoll: 'done', fault: 'status-500' }, [200, 200, 200, 500, 200]],
    [
      'comes twice when the task has ended',
      { atPoll: 'done', times: 2, fault: 'status-500' },
      [200, 200, 200, 500, 500],
    ],
  ];
  it.each(plans)('%s', async (_, fault, expected) => {
    const { fiber, pass, poll } = await openFiber();
    const { taskId } = fiber.addTask({ durationMs: 25_000, faults: [fault] });
    const statuses: number[] = [];
    for (let count = 0; count < 5; count += 1) {
      statuses.push((await poll(taskId)).status);
      pass(10);
    }
    expect(statuses).toEqual(expected);
  });

  it('does not count polls that the rate limit refused', async () => {
    const { fiber, pass, poll } = await openFiber({ limit: { polls: 1 } });
    const { taskId } = fiber.addTask({ faults: [{ atPoll: 2, fault: 'status-500' }] });
    const statuses = [(await poll(taskId)).status, (await poll(taskId)).status];
    pass(60);
    expect([...statuses, (await poll(taskId)).status]).toEqual([200, 429, 500]);
  });
});

describe('a broken answer', () => {
  it('holds contact data that a careless error message would leak', async () => {
    const { poll } = await openFiber();
    for (const scenario of ['malformed-json', 'malformed-wrong-type']) {
      const email = contactsOf(scenario).emails[0]?.email ?? 'no e-mail';
      expect((await poll(scenario)).text).toContain(email);
    }
  });

  it('can be no JSON, a web page, without output, or of the wrong type', async () => {
    const { poll } = await openFiber();
    const [json, page, shape, type] = [
      await poll('malformed-json'),
      await poll('malformed-html'),
      await poll('malformed-shape'),
      await poll('malformed-wrong-type'),
    ];
    expect([json.status, page.status, shape.status, type.status]).toEqual([200, 200, 200, 200]);
    expect([json.body, page.body]).toEqual([undefined, undefined]);
    expect(page.headers.get('content-type')).toBe('text/html');
    expect(Object.keys(shape.body)).toEqual(['chargeInfo', 'advice']);
    expect(type.body.output.done).toBe('true');
  });

  it('can end in the middle of its body', async () => {
    const { fiber } = await openFiber();
    const { headers, bytes, error } = await rawPoll(fiber, 'malformed-truncated');
    expect(bytes.length).toBe(Number(headers['content-length']) >> 1);
    expect(error).toBe('ECONNRESET');
  });

  it('can be far too large, and still ends', async () => {
    const { fiber } = await openFiber();
    const { bytes } = await rawPoll(fiber, 'malformed-huge');
    expect(bytes.length).toBeGreaterThan(64 * mebibyte);
    expect(bytes.length).toBeLessThan(65 * mebibyte);
  });

  it('can be left in the middle', async () => {
    const { fiber, poll } = await openFiber();
    const { bytes } = await rawPoll(fiber, 'malformed-huge', 2 * mebibyte);
    expect(bytes.length).toBeGreaterThanOrEqual(2 * mebibyte);
    expect(bytes.length).toBeLessThan(4 * mebibyte);
    expect((await poll('quick-1')).status).toBe(200);
  });

  it('can be gzip that nobody asked for', async () => {
    const { fiber } = await openFiber();
    const { headers, bytes } = await rawPoll(fiber, 'malformed-gzip');
    expect(headers['content-encoding']).toBe('gzip');
    expect(JSON.parse(gunzipSync(bytes).toString()).output.done).toBe(false);
  });

  it('can be a little gzip that unpacks to far too much', async () => {
    const { fiber } = await openFiber();
    const { bytes } = await rawPoll(fiber, 'malformed-gzip-bomb');
    expect(bytes.length).toBeLessThan(mebibyte);
    expect(gunzipSync(bytes).length).toBeGreaterThan(64 * mebibyte);
  });

  it('can come one byte a second', async () => {
    const waits: number[] = [];
    const { fiber } = await openFiber({ wait: async (relayMs) => void waits.push(relayMs) });
    const { bytes } = await rawPoll(fiber, 'slow-body');
    expect(JSON.parse(bytes.toString()).output.done).toBe(false);
    expect(waits).toEqual(Array.from(bytes, () => 1_000));
  });

  it('stops dripping when the client goes away', async () => {
    const gone = withResolvers<void>();
    const untilGone = (_: number, signal: AbortSignal) =>
      new Promise<void>((resolve) => {
        signal.addEventListener('abort', () => resolve(gone.resolve()));
      });
    const { fiber } = await openFiber({ wait: untilGone });
    expect(await rawPoll(fiber, 'slow-body', 1)).toMatchObject({ status: 200, error: 'left' });
    await gone.promise;
  });

  it('can hang before the headers or in the body, until somebody leaves', async () => {
    const { fiber } = await openFiber();
    const body = await rawPoll(fiber, 'hang-body', 1);
    expect([body.status, body.error]).toEqual([200, 'left']);
    expect(body.bytes.length).toBe(Number(body.headers['content-length']) >> 1);
    const headers = rawPoll(fiber, 'hang-headers');
    while (fiber.stats().polls < 2) await new Promise(setImmediate);
    await fiber.close();
    expect(await headers).toMatchObject({ error: 'ECONNRESET' });
  });

  it('can be a reset connection', async () => {
    const { fiber } = await openFiber();
    expect(await rawPoll(fiber, 'reset')).toMatchObject({ error: 'ECONNRESET' });
  });

  it('can send the client elsewhere with its key', async () => {
    const { poll } = await openFiber();
    const { status, headers } = await poll('redirect');
    expect([status, headers.get('location')]).toEqual([307, '/_stand-in/elsewhere']);
  });
});
