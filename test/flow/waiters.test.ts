import { afterAll, beforeAll, expect, it } from 'vitest';
import { Between } from '../faults/between.ts';
import { startTestRelay, type TestRelay } from '../support/relay.ts';

const waiters = 200;
const reads = { consistent: 0, eventual: 0 };
/** At each answer to a waiter: relay time, and how much of it was skipped so far because everybody slept. */
const answeredAt: { relayMs: number; skippedMs: number }[] = [];
let skippedMsAtEnding = Number.NaN;
let allInside: () => void;
const inside = new Promise<void>((resolve) => {
  allInside = resolve;
});

let between: Between;
let test: TestRelay;
const skippedMs = () => test.clock.now() - Date.now();
beforeAll(async () => {
  between = await Between.start({
    kill: async () => {},
    onDone: ({ handler, operation, body }) => {
      if (handler !== 'Api' || operation !== 'reveals.GetItem') return;
      reads[body.includes('"ConsistentRead":true') ? 'consistent' : 'eventual'] += 1;
      if (reads.consistent === waiters) allInside();
    },
    onStreamed: () => {},
    rewrite: () => undefined,
  });
  test = await startTestRelay({
    through: between.through,
    httpPort: 0,
    onHttp: ({ method }) => {
      if (method === 'GET') answeredAt.push({ relayMs: test.clock.now(), skippedMs: skippedMs() });
    },
    onEvent: (_bus, event) => {
      if (event['detail-type'] === 'Contact Reveal Completed') skippedMsAtEnding = skippedMs();
    },
  });
});
afterAll(async () => {
  await test.close();
  await between.close();
});

it(`answers ${waiters} who wait at once when their reveal has ended, at a few reads each`, async () => {
  const url = `${test.relay.deployment.httpUrl}/reveals`;
  const { taskId } = test.fiber.addTask({ taskId: 'waited-for-1', durationMs: 4_000 });
  const json = { 'content-type': 'application/json' };
  await fetch(url, { method: 'POST', headers: json, body: JSON.stringify({ taskId }) });

  const answers = Promise.all(
    Array.from({ length: waiters }, async () => {
      const answer = await fetch(`${url}/${taskId}?wait=25`);
      return { status: answer.status, body: (await answer.json()) as { status: string; settledAt: string } };
    }),
  );
  await inside;
  const answered = (await test.relay.deployment.fastForward?.during(answers)) ?? [];

  expect(answered.map(({ status, body }) => [status, body.status])).toEqual(answered.map(() => [200, 'completed']));
  // As late as they asked for; how long the machine took to answer so many at once comes on top of it, and is its own.
  expect(Math.max(...answeredAt.map(({ skippedMs }) => skippedMs)) - skippedMsAtEnding).toBeLessThanOrEqual(2_000);
  // One read when they come, one for the result, and at most one a second in between.
  expect(reads.consistent).toBe(2 * waiters);
  expect(reads.eventual).toBeLessThanOrEqual(25 * waiters);
  const lastMs = Math.max(...answeredAt.map(({ relayMs }) => relayMs));
  const latest = (lastMs - Date.parse(answered[0]?.body.settledAt ?? '')) / 1_000;
  const each = (reads.consistent + reads.eventual) / waiters;
  console.info(
    `${waiters} waiters: the last answer ${latest.toFixed(1)} s after the record, ${each.toFixed(1)} reads each`,
  );
});
