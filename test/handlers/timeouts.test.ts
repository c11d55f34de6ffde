import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  answeringClientOptions,
  attempt,
  burstClientOptions,
  requestHandler,
  sdkClientOptions,
} from '../../lambdas/aws/sdk.ts';
import { fiberDefaults } from '../../lambdas/fiber/fiber-client.ts';
import { aheadMs } from '../../lambdas/polling/tuning.ts';
import { sweepActionFor } from '../../lambdas/reveal/sweep.ts';
import { localClientOptions } from '../../local/services/client-options.ts';
import { LocalStack } from '../../local/template/template.ts';
import type { Definition } from '../../local/workflow/definition.ts';
import { testAssembly } from '../support/assembly.ts';

interface Retry {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds: number;
  readonly BackoffRate: number;
  readonly MaxAttempts: number;
  readonly MaxDelaySeconds: number;
}
type Task = Definition['States'][string] & { readonly TimeoutSeconds: number; readonly Retry: readonly Retry[] };

let stack: LocalStack;
let folder: string;
let definition: Definition & { readonly TimeoutSeconds: number };
let tasks: Task[];

beforeAll(async () => {
  const assembly = await testAssembly();
  folder = assembly.folder;
  stack = new LocalStack(assembly.stackName, assembly.template);
  const [machine] = stack.ofType('AWS::StepFunctions::StateMachine');
  definition = JSON.parse(String(machine?.properties().DefinitionString));
  tasks = Object.values(definition.States).filter(({ Type }) => Type === 'Task') as Task[];
});

const handlers = () => stack.ofType('AWS::Lambda::Function');
const timeoutOf = (name: string) => {
  const handler = handlers().find(({ path }) => path.endsWith(`/${name}`));
  return Number(handler?.properties().Timeout) * 1_000;
};
/** The one for what fails; those before it are for what is never retried, and for what waits until Lambda has room. */
const retryOf = ({ Retry }: Task): Retry => {
  const retry = Retry.at(-1);
  if (!retry?.ErrorEquals.includes('States.ALL')) throw new Error('no retrier for all the rest');
  return retry;
};
const isCaught = ({ Catch }: Task) => Catch !== undefined;
/** How long a state can go on that fails until its attempts are used up, jitter at its longest. */
const longestMs = (task: Task) => {
  const { IntervalSeconds, BackoffRate, MaxAttempts, MaxDelaySeconds } = retryOf(task);
  const pauses = Array.from({ length: MaxAttempts }, (_, nth) =>
    Math.min(MaxDelaySeconds, IntervalSeconds * BackoffRate ** nth),
  );
  return 1_000 * (task.TimeoutSeconds * (1 + MaxAttempts) + pauses.reduce((sum, pause) => sum + pause, 0));
};

describe('timeouts', () => {
  it('nest on the way to AWS: connect, request, handler, task, all attempts of a state, workflow', () => {
    for (const task of tasks) {
      const nested = [
        requestHandler.connectionTimeout,
        requestHandler.requestTimeout,
        timeoutOf('Poll'),
        task.TimeoutSeconds * 1_000,
        longestMs(task),
        definition.TimeoutSeconds * 1_000,
      ];
      expect(nested).toEqual([...new Set(nested)].sort((a, b) => a - b));
    }
  });

  it('leave the poll handler time for a wait for its slot, a whole request to the vendor, and the write of its result', () => {
    const { connectTimeoutMs, totalTimeoutMs } = fiberDefaults;
    expect(connectTimeoutMs).toBeLessThan(totalTimeoutMs);
    expect(aheadMs + totalTimeoutMs + requestHandler.requestTimeout).toBeLessThan(timeoutOf('Poll'));
  });

  it('leave every handler time for more than one call to AWS', () => {
    for (const { properties } of handlers()) {
      expect(Number(properties().Timeout) * 1_000).toBeGreaterThan(2 * requestHandler.requestTimeout);
    }
  });

  it('keep the sweeper from a reveal for as long as a failing Admit, StartTask or Poll may still be at it', () => {
    const waiting = { status: 'running', createdAt: new Date(0).toISOString() } as Parameters<typeof sweepActionFor>[0];
    for (const task of tasks.filter(isCaught)) {
      const record = task === definition.States.StartTask ? waiting : { ...waiting, taskId: 'task-1' };
      expect(sweepActionFor(record, longestMs(task))).toBe('leave');
    }
  });

  it('reach the bundles: each client that has a request timeout throws when it is over', async () => {
    for (const { assetFolder, path } of handlers()) {
      const bundle = await readFile(`${folder}/${assetFolder}/index.js`, 'utf8');
      expect([path, bundle.includes('throwOnRequestTimeout:!0')]).toEqual([path, true]);
    }
  });
});

describe('one retry layer for each dependency', () => {
  it('makes at most seven calls where one was meant, from a workflow whose every attempt fails at that call', () => {
    const calls = (task: Task) => (1 + retryOf(task).MaxAttempts) * sdkClientOptions.maxAttempts;
    for (const task of tasks.filter(isCaught)) expect(calls(task)).toBe(7);
    // Nobody catches what fails to settle.
    for (const task of tasks.filter((task) => !isCaught(task))) expect(calls(task)).toBe(16);
  });

  it('makes at most three calls behind the HTTP API, where nobody above tries again', () => {
    expect(answeringClientOptions.maxAttempts).toBe(3);
  });

  it('makes at most three calls behind an event, and one behind the schedule, which comes again', () => {
    const retries = stack
      .ofType('AWS::Lambda::EventInvokeConfig')
      .map(({ properties }) => Number(properties().MaximumRetryAttempts));
    expect(retries.toSorted().map((retry) => (1 + retry) * sdkClientOptions.maxAttempts)).toEqual([1, 3, 3]);
  });

  it('drops a sweep that could not be started before the next one: Lambda would keep it for six hours', () => {
    const sweep = handlers().find(({ path }) => path.endsWith('/Sweep'));
    const config = stack
      .ofType('AWS::Lambda::EventInvokeConfig')
      .map(({ properties }) => properties())
      .find(({ FunctionName }) => FunctionName === sweep?.reference);
    expect(config).toMatchObject({ MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 300 });
  });

  it('starts an execution at most eighteen times behind an event: Lambda comes too seldom to wait out a rate limit', () => {
    expect(3 * burstClientOptions.maxAttempts).toBe(18);
  });
});

describe('a call to AWS that is accepted and never answered', () => {
  let silent: Server;
  let endpoint: string;
  let connections = 0;
  beforeAll(async () => {
    silent = createServer(() => {
      connections += 1;
    });
    await new Promise<void>((listening) => silent.listen(0, '127.0.0.1', listening));
    endpoint = `http://127.0.0.1:${(silent.address() as { port: number }).port}`;
  });
  afterAll(() => {
    silent.close();
  });

  it('ends with a fault that names the service, after one attempt', async () => {
    const client = new DynamoDBClient({
      ...localClientOptions(endpoint),
      ...sdkClientOptions,
      requestHandler: { ...requestHandler, requestTimeout: 50 },
    });
    const get = new GetItemCommand({ TableName: 'Reveals', Key: { revealId: { S: 'somebody' } } });
    await expect(attempt('DynamoDB', () => client.send(get))).rejects.toMatchObject({
      name: 'RelayFault',
      message: 'DynamoDB did not do what was asked: TimeoutError.',
    });
    expect(connections).toBe(1);
    client.destroy();
  });
});
