import { ListExecutionsCommand, StartExecutionCommand, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EmbeddedRelay } from '../../../local/relay.ts';
import { RelayClock } from '../../../local/time/relay-time.ts';
import { stateMachine, tinyAssembly } from '../../support/tiny-stack.ts';

const echo = 'export const handler = async (event) => event;';
/** Fails as often as it is told, and counts how often it was asked. */
const flaky = `
  const asked = new Map();
  export const handler = async ({ id, failures }) => {
    const count = (asked.get(id) ?? 0) + 1;
    asked.set(id, count);
    if (count <= failures) throw Object.assign(new Error('not yet'), { name: 'NotYet' });
    return { count };
  };`;
/** Fails with the errors that it is given, one after the other, and counts how often it was asked. */
const failing = `
  const asked = new Map();
  export const handler = async ({ id, errors }) => {
    const count = (asked.get(id) ?? 0) + 1;
    asked.set(id, count);
    const name = errors.flatMap(([name, times]) => Array(times).fill(name))[count - 1];
    if (name) throw Object.assign(new Error(String(count)), { name });
    return { count };
  };`;
const huge = `export const handler = async () => ({ text: 'x'.repeat(300_000) });`;

const task = (name: string, more = {}) => ({ Type: 'Task', Resource: `\${${name}.Arn}`, TimeoutSeconds: 60, ...more });

const machines = {
  Echo: {
    StartAt: 'Say',
    States: { Say: task('echo', { Parameters: { 'input.$': '$', 'whole.$': '$$.Execution.Input' }, End: true }) },
  },
  Context: {
    StartAt: 'First',
    States: {
      First: task('echo', { ResultPath: '$.first', Parameters: { 'state.$': '$$.State.Name' }, Next: 'Second' }),
      Second: task('echo', {
        Parameters: {
          'first.$': '$.first.state',
          'state.$': '$$.State.Name',
          'retries.$': '$$.State.RetryCount',
          'id.$': '$$.Execution.Id',
          'name.$': '$$.Execution.Name',
          'machine.$': '$$.StateMachine.Id',
        },
        End: true,
      }),
    },
  },
  Flaky: {
    StartAt: 'Try',
    States: {
      Try: task('flaky', {
        Retry: [{ ErrorEquals: ['NotYet'], IntervalSeconds: 60, MaxAttempts: 3, BackoffRate: 2 }],
        Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Caught' }],
        End: true,
      }),
      Caught: { Type: 'Fail', ErrorPath: '$.Error', CausePath: '$.Cause' },
    },
  },
  Patient: {
    StartAt: 'Try',
    States: {
      Try: task('failing', {
        Retry: [
          { ErrorEquals: ['Permanent'], MaxAttempts: 0 },
          { ErrorEquals: ['Throttled'], IntervalSeconds: 10, MaxAttempts: 10_000, BackoffRate: 2, MaxDelaySeconds: 60 },
          { ErrorEquals: ['States.ALL'], IntervalSeconds: 1, MaxAttempts: 2 },
        ],
        End: true,
      }),
    },
  },
  Waiting: {
    StartAt: 'Wait',
    TimeoutSeconds: 7_200,
    States: { Wait: { Type: 'Wait', SecondsPath: '$.seconds', End: true } },
  },
  Until: {
    StartAt: 'Wait',
    States: { Wait: { Type: 'Wait', TimestampPath: '$.at', Next: 'End' }, End: task('echo', { End: true }) },
  },
  Huge: {
    StartAt: 'Grow',
    States: {
      Grow: task('huge', { Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Never' }], End: true }),
      Never: { Type: 'Succeed' },
    },
  },
};

let relay: EmbeddedRelay;

beforeAll(async () => {
  const assembly = await tinyAssembly({
    functions: { echo, flaky, failing, huge },
    resources: Object.fromEntries(
      Object.entries(machines).map(([name, definition]) => [name, stateMachine(definition)]),
    ),
  });
  relay = await EmbeddedRelay.start({ assembly, clock: RelayClock.start(Number.POSITIVE_INFINITY) });
});
afterAll(() => relay.close());

const arnOf = (machine: keyof typeof machines) => `arn:aws:states:us-east-1:000000000000:stateMachine:Tiny-${machine}`;

const startExecution = (machine: keyof typeof machines, input: unknown, name?: string) =>
  relay.sfn.send(new StartExecutionCommand({ stateMachineArn: arnOf(machine), input: JSON.stringify(input), name }));

async function run(machine: keyof typeof machines, input: unknown, name?: string) {
  const { executionArn = '' } = await startExecution(machine, input, name);
  await relay.ended(executionArn);
  const execution = await relay.describe(executionArn);
  return { ...execution, output: execution.output === undefined ? undefined : JSON.parse(execution.output) };
}

it('hands the input to the function of the task and its answer to the caller', async () => {
  const execution = await run('Echo', { taskId: 'a' });
  expect(execution.status).toBe('SUCCEEDED');
  expect(execution.output).toEqual({ input: { taskId: 'a' }, whole: { taskId: 'a' } });
  expect(execution.executionArn).toMatch(/^arn:aws:states:us-east-1:000000000000:execution:Tiny-Echo:[0-9a-f-]{36}$/);
});

it.each([null, false, 0, '', 'text', [], {}, [[]], { nested: null }])('passes the input %j as it is', async (input) => {
  expect((await run('Echo', input)).output).toEqual({ input, whole: input });
});

it('tells a task the context it runs in', async () => {
  const { executionArn, output } = await run('Context', {}, 'my-name');
  expect(output).toEqual({
    first: 'First',
    state: 'Second',
    retries: 0,
    id: executionArn,
    name: 'my-name',
    machine: arnOf('Context'),
  });
});

it('retries by the name of the error, in the time that the definition says', async () => {
  const { status, output, startDate, stopDate } = await run('Flaky', { id: 'two', failures: 2 });
  expect({ status, output }).toEqual({ status: 'SUCCEEDED', output: { count: 3 } });
  const seconds = (Number(stopDate) - Number(startDate)) / 1_000;
  expect(seconds).toBeGreaterThanOrEqual(180);
  expect(seconds).toBeLessThan(200);
});

describe('a task with several retriers', () => {
  it('does not retry what the first one that names it gives no attempts, though a later one would', async () => {
    const { status, error, cause } = await run('Patient', { id: 'permanent', errors: [['Permanent', 9]] });
    expect({ status, error, ...JSON.parse(cause ?? '') }).toMatchObject({
      status: 'FAILED',
      error: 'Permanent',
      errorMessage: '1',
    });
  });

  it('counts the attempts of each by itself', async () => {
    const errors = [
      ['Other', 1],
      ['Throttled', 3],
      ['Other', 1],
      ['Throttled', 3],
    ];
    expect(await run('Patient', { id: 'both', errors })).toMatchObject({ status: 'SUCCEEDED', output: { count: 9 } });
    const { status, error, cause } = await run('Patient', { id: 'more', errors: [...errors, ['Other', 1]] });
    expect({ status, error, ...JSON.parse(cause ?? '') }).toMatchObject({
      status: 'FAILED',
      error: 'Other',
      errorMessage: '9',
    });
  });

  it('goes on for hours where it is told to', async () => {
    const { output, startDate, stopDate } = await run('Patient', { id: 'hours', errors: [['Throttled', 300]] });
    expect(output).toEqual({ count: 301 });
    expect((Number(stopDate) - Number(startDate)) / 60_000).toBeGreaterThanOrEqual(290);
  });
});

it('hands an error on to Catch as Step Functions words it, and fails by the paths of the Fail state', async () => {
  const { status, error, cause } = await run('Flaky', { id: 'many', failures: 99 });
  expect({ status, error }).toEqual({ status: 'FAILED', error: 'NotYet' });
  expect(JSON.parse(cause ?? '')).toMatchObject({ errorType: 'NotYet', errorMessage: 'not yet' });
});

it('waits in relay time, by seconds and until a timestamp', async () => {
  const { startDate, stopDate } = await run('Waiting', { seconds: 3_600 });
  expect((Number(stopDate) - Number(startDate)) / 1_000).toBeGreaterThanOrEqual(3_600);
  const at = new Date(relay.clock.now() + 86_400_000).toISOString();
  expect(Number((await run('Until', { at })).stopDate)).toBeGreaterThanOrEqual(Date.parse(at));
});

it('times out an execution that takes longer than it may', async () => {
  expect((await run('Waiting', { seconds: 7_300 })).status).toBe('TIMED_OUT');
});

it('ends an execution whose data grow over the limit, past any Catch', async () => {
  expect(await run('Huge', {})).toMatchObject({ status: 'FAILED', error: 'States.DataLimitExceeded' });
});

it('ends an execution whose task would be given more than 256 KiB, and no sooner', async () => {
  // The task gets it twice.
  expect(await run('Echo', 'x'.repeat(130_000))).toMatchObject({ status: 'SUCCEEDED' });
  expect(await run('Echo', 'x'.repeat(131_100))).toMatchObject({ status: 'FAILED', error: 'States.DataLimitExceeded' });
});

it('takes the same name and input twice while it runs, and refuses the name once it is used', async () => {
  const first = await startExecution('Waiting', { seconds: 60 }, 'once');
  const again = await startExecution('Waiting', { seconds: 60 }, 'once');
  expect(again.executionArn).toBe(first.executionArn);
  await expect(startExecution('Waiting', { seconds: 61 }, 'once')).rejects.toThrow(
    expect.objectContaining({ name: 'ExecutionAlreadyExists' }),
  );
  await relay.ended(first.executionArn ?? '');
  await expect(startExecution('Waiting', { seconds: 60 }, 'once')).rejects.toThrow(
    expect.objectContaining({ name: 'ExecutionAlreadyExists' }),
  );
});

it.each(['has space', 'a/b', 'x'.repeat(81), 'a:b', 'tab\t'])('refuses the execution name %j', async (name) => {
  await expect(startExecution('Echo', {}, name)).rejects.toThrow(expect.objectContaining({ name: 'InvalidName' }));
});

it('refuses input that is no JSON or too large, and machines and executions that do not exist', async () => {
  const send = (input: string, machine = arnOf('Echo')) =>
    relay.sfn.send(new StartExecutionCommand({ stateMachineArn: machine, input }));
  await expect(send('{')).rejects.toThrow(expect.objectContaining({ name: 'InvalidExecutionInput' }));
  await expect(send(JSON.stringify('x'.repeat(262_144)))).rejects.toThrow(
    expect.objectContaining({ name: 'ValidationException' }),
  );
  await expect(send('{}', arnOf('Echo').replace('Echo', 'Nobody'))).rejects.toThrow(
    expect.objectContaining({ name: 'StateMachineDoesNotExist' }),
  );
  await expect(relay.describe('arn:aws:states:us-east-1:000000000000:execution:Tiny-Echo:nobody')).rejects.toThrow(
    expect.objectContaining({ name: 'ExecutionDoesNotExist' }),
  );
});

it('stops an execution for good, even in the pause before a retry', async () => {
  const { executionArn = '' } = await startExecution('Flaky', { id: 'stopped', failures: 99 });
  while (!relay.history(executionArn).some(({ type }) => type === 'StateFailed')) await new Promise(setImmediate);
  await relay.sfn.send(new StopExecutionCommand({ executionArn, error: 'Enough', cause: 'of this' }));
  expect(await relay.describe(executionArn)).toMatchObject({ status: 'ABORTED', error: 'Enough', cause: 'of this' });
  // Whoever stops it again is told, as by others that speak this API: nothing may rely on being taken for granted.
  await expect(relay.sfn.send(new StopExecutionCommand({ executionArn }))).rejects.toThrow(
    expect.objectContaining({ name: 'ValidationException' }),
  );
  const asked = await run('Flaky', { id: 'stopped', failures: 0 });
  expect(asked.output).toEqual({ count: 2 });
});

it('lists executions by status, page by page, the newest first', async () => {
  const list = (nextToken?: string) =>
    relay.sfn.send(
      new ListExecutionsCommand({
        stateMachineArn: arnOf('Waiting'),
        statusFilter: 'TIMED_OUT',
        maxResults: 1,
        nextToken,
      }),
    );
  await run('Waiting', { seconds: 9_000 }, 'newest');
  const first = await list();
  expect(first.executions?.map(({ name }) => name)).toEqual(['newest']);
  const second = await list(first.nextToken);
  expect(second.executions?.[0]?.status).toBe('TIMED_OUT');
  expect(second.nextToken).toBeUndefined();
});

it('keeps what happened in an execution, with inputs and outputs', async () => {
  const { executionArn = '' } = await run('Echo', { secret: 'look for me' });
  const history = relay.history(executionArn);
  expect(history.map(({ type }) => type)).toEqual([
    'ExecutionStarted',
    'StateEntered',
    'StateExited',
    'ExecutionSucceeded',
  ]);
  expect(JSON.stringify(history)).toContain('look for me');
});

it('tells the default bus when an execution starts and how it ends', async () => {
  const { executionArn } = await run('Waiting', { seconds: 9_000 });
  const events = relay.events.filter(({ event }) => event.resources[0] === executionArn);
  expect(events.map(({ bus, event }) => [bus, event.source, event['detail-type'], event.detail.status])).toEqual([
    ['default', 'aws.states', 'Step Functions Execution Status Change', 'RUNNING'],
    ['default', 'aws.states', 'Step Functions Execution Status Change', 'TIMED_OUT'],
  ]);
  expect(events[1]?.event.detail).toMatchObject({
    executionArn,
    stateMachineArn: arnOf('Waiting'),
    input: '{"seconds":9000}',
    output: null,
    startDate: expect.any(Number),
    stopDate: expect.any(Number),
  });
});
