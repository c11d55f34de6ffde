import { createServer, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { DescribeExecutionCommand } from '@aws-sdk/client-sfn';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sdkClientOptions } from '../../lambdas/aws/sdk.ts';
import { stepFunctions } from '../../lambdas/runtime/clients.ts';
import { localClientOptions } from '../../local/services/client-options.ts';
import { listenOnLoopback, stopListening } from '../../local/services/loopback.ts';

type Treatment = 'answer' | 'reset' | 'fail' | 'throttle';

let server: Server;
let endpoint: string;
let requests: number;
/** What becomes of a request, by how many its connection has carried before. */
let treat: (served: number) => Treatment;
beforeEach(async () => {
  requests = 0;
  const served = new Map<Socket, number>();
  server = createServer((request, response) => {
    requests += 1;
    const before = served.get(request.socket) ?? 0;
    served.set(request.socket, before + 1);
    const treatment = treat(before);
    if (treatment === 'reset') request.socket.resetAndDestroy();
    else if (treatment === 'fail') response.writeHead(500).end('{"__type":"InternalError"}');
    else if (treatment === 'throttle') response.writeHead(400).end('{"__type":"ThrottlingException"}');
    else response.end('{"status":"RUNNING"}');
  });
  endpoint = await listenOnLoopback(server);
});
afterEach(() => stopListening(server));

/** Asks so many times, one after the other, and says what the last answer was. */
async function ask(times: number): Promise<string | undefined> {
  const client = stepFunctions({ ...localClientOptions(endpoint), ...sdkClientOptions });
  const describe = new DescribeExecutionCommand({ executionArn: 'arn:aws:states:us-east-1:1:execution:Relay:one' });
  let last: string | undefined;
  for (let time = 0; time < times; time += 1) {
    last = await client.send(describe).then(
      ({ status }) => status,
      (error: Error) => error.name,
    );
  }
  client.destroy();
  return last;
}

describe('a connection that has died since its last request', () => {
  it('costs one more request, and no failure', async () => {
    treat = (served) => (served === 0 ? 'answer' : 'reset');
    expect(await ask(2)).toBe('RUNNING');
    expect(requests).toBe(3);
  });

  it('is given up on when the next one is reset as well', async () => {
    treat = () => 'reset';
    expect(await ask(1)).toBe('TimeoutError');
    expect(requests).toBe(2);
  });

  it.each([
    ['a failure of the service', 'fail', 'InternalError'],
    ['a throttle', 'throttle', 'ThrottlingException'],
  ] as const)('is not %s, which is left to whoever called us', async (_what, treatment, name) => {
    treat = () => treatment;
    expect(await ask(1)).toBe(name);
    expect(requests).toBe(1);
  });

  it('is not a service that refuses connections', async () => {
    await stopListening(server);
    expect(await ask(1)).not.toBe('RUNNING');
    server = createServer();
    await listenOnLoopback(server);
  });
});
