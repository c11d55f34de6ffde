import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { burstClientOptions } from '../../lambdas/aws/sdk.ts';
import { handler } from '../../lambdas/request.ts';
import { listenOnLoopback, readBody, stopListening } from '../../local/services/loopback.ts';
import { type DoorSurroundings, startDoors } from '../support/doors.ts';

/** Requests to the table that are still to fail. */
let toFail = 0;
let doors: DoorSurroundings;
let before: Server;
beforeAll(async () => {
  doors = await startDoors();
  const table = process.env.AWS_ENDPOINT_URL_DYNAMODB ?? '';
  before = createServer(async (request, response) => {
    const body = await readBody(request, 1_000_000);
    toFail -= 1;
    if (toFail >= 0) return response.writeHead(500).end('{"__type":"InternalServerError"}');
    const { host: _, connection: __, ...headers } = request.headers as Record<string, string>;
    const answer = await fetch(table, { method: 'POST', headers, body: body ?? null });
    return response.writeHead(answer.status).end(await answer.text());
  });
  process.env.AWS_ENDPOINT_URL_DYNAMODB = await listenOnLoopback(before);
});
afterAll(async () => {
  await stopListening(before);
  await doors[Symbol.asyncDispose]();
});

it('has the patience with the table that it has with StartExecution: a burst is over in seconds', async () => {
  toFail = burstClientOptions.maxAttempts - 1;
  const time = '2026-11-23T12:00:00Z';
  await handler({
    id: 'e-1',
    'detail-type': 'Contact Reveal Requested',
    source: 'crm',
    time,
    detail: { taskId: 'patient' },
  });
  expect(toFail).toBeLessThan(0);
  expect(await doors.reveals.get('patient')).toMatchObject({ status: 'running', claimedBy: 'event:e-1' });
});
