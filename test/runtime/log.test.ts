import { beforeAll, expect, it } from 'vitest';
import { envNames, handlerSettings } from '../../lambdas/contract.ts';
import { RelayFault } from '../../lambdas/reveal/errors.ts';
import { relayHandler } from '../../lambdas/runtime/relay-handler.ts';
import { withResolvers } from '../../local/workflow/with-resolvers.ts';
import { printed } from '../support/doors.ts';

beforeAll(() => {
  for (const setting of handlerSettings.poll) process.env[envNames[setting]] = '1';
});

const linesOf = (output: string): Record<string, unknown>[] =>
  output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

it('prints the id of its invocation on each line, though several go on in one process', async () => {
  const turns = [withResolvers<void>(), withResolvers<void>()];
  const handler = relayHandler('poll', ({ log }) => async (turn: number) => {
    log.info('begins', { turn });
    await turns[turn]?.promise;
    log.info('ends', { turn });
  });
  const output = await printed(async () => {
    const both = [handler(0, { awsRequestId: 'request-0' }), handler(1, { awsRequestId: 'request-1' })];
    turns[1]?.resolve();
    await both[1];
    turns[0]?.resolve();
    await both[0];
  });
  const lines = linesOf(output);
  expect(lines).toHaveLength(4);
  for (const { requestId, turn } of lines) expect(requestId).toBe(`request-${turn}`);
});

it('says of a failed call to AWS its name, its code and its request id, and nothing else', async () => {
  const handler = relayHandler('poll', () => async () => {
    throw new RelayFault('DynamoDB', 'TimeoutError', { code: 'ECONNRESET', awsRequestId: 'aws-1' });
  });
  const [line] = linesOf(await printed(() => handler({}, { awsRequestId: 'request-1' }).catch(() => {})));
  expect(line).toEqual({
    level: 'ERROR',
    message: 'handler failed',
    timestamp: expect.any(String),
    service: 'reveal-relay-poll',
    sampling_rate: 0,
    requestId: 'request-1',
    errorName: 'RelayFault',
    problem: 'DynamoDB did not do what was asked: TimeoutError.',
    code: 'ECONNRESET',
    awsRequestId: 'aws-1',
  });
});
