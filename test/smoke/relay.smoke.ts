/** What only a deployed relay can show: permissions, deliveries, settings. Every task in it is made up, and erased in the end. */

import {
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { StopExecutionCommand } from '@aws-sdk/client-sfn';
import { afterAll, describe, expect, it, type TestContext } from 'vitest';
import {
  alarmStates,
  api,
  apiUrl,
  concurrencyLimit,
  dynamo,
  executionStatus,
  isOnAws,
  logGroup,
  recordOf,
  requestOnBus,
  sfn,
  stackResources,
  startExecution,
  sweepSchedule,
  tableName as TableName,
  takeLetter,
} from './deployed-relay.ts';

const run = `smoke-${Date.now().toString(36)}`;
const madeUp: string[] = [];
const newTask = (name: string) => {
  const id = `${run}-${name}`;
  madeUp.push(id);
  return id;
};
const soon = { interval: 1_000, timeout: 60_000 };
const withinTwoMinutes = { interval: 2_000, timeout: 120_000 };
/** A task that is not found is asked for again for two minutes, in case it has just been started. */
const afterTwoMinutes = { interval: 2_000, timeout: 240_000 };

/** What is worth knowing though nothing is wrong with it; printed in the end. */
const found: string[] = [];

afterAll(async () => {
  const answers = await Promise.all(madeUp.map((id) => api.call('DELETE', `/reveals/${id}/result`)));
  process.stdout.write(`\nFound at ${apiUrl}:\n${found.map((line) => `  ${line}\n`).join('')}`);
  expect(answers.filter(({ status }) => status !== 200 && status !== 404)).toEqual([]);
});

/** What a service says, or the end of the check where nobody stands in for that service. */
async function orSkip<Answer>(context: TestContext, asking: Promise<Answer>): Promise<Answer> {
  try {
    return await asking;
  } catch (error) {
    const { name, message } = error as Error;
    if (name !== 'NoSuchService' && name !== 'UnknownOperationException') throw error;
    const reason = `nobody stands in for this part of AWS here: ${name === 'NoSuchService' ? message : 'DynamoDB'}`;
    found.push(`not checked: ${context.task.name} (${reason})`);
    return context.skip(reason);
  }
}

describe('the deployment', () => {
  it('keeps records encrypted, restorable, protected and not for ever', async (context) => {
    const backups = await orSkip(context, dynamo.send(new DescribeContinuousBackupsCommand({ TableName })));
    expect(backups.ContinuousBackupsDescription).toMatchObject({
      PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: 'ENABLED' },
    });
    const { Table } = await dynamo.send(new DescribeTableCommand({ TableName }));
    expect(Table).toMatchObject({ SSEDescription: { Status: 'ENABLED' }, DeletionProtectionEnabled: true });
    const { TimeToLiveDescription } = await dynamo.send(new DescribeTimeToLiveCommand({ TableName }));
    expect(TimeToLiveDescription).toEqual({ TimeToLiveStatus: 'ENABLED', AttributeName: 'expiresAt' });
  });

  it('sweeps every five minutes', async (context) => {
    const schedule = await orSkip(context, sweepSchedule());
    expect(schedule).toMatchObject({ State: 'ENABLED', ScheduleExpression: 'rate(5 minutes)' });
  });

  it('has concurrency for its functions', async (context) => {
    const limit = await orSkip(context, concurrencyLimit());
    const advice = limit < 100 ? ', too few for a rush: docs/operations.md#handlersthrottled' : '';
    found.push(`Lambda concurrency of the account: ${limit}${advice}`);
    expect(limit).toBeGreaterThan(0);
  });

  it('has alarms, none of which is on but the one that these checks may set off', async (context) => {
    const states = await orSkip(context, alarmStates());
    const inState = (wanted: string) => [...states].filter(([, state]) => state === wanted).map(([name]) => name);
    found.push(`alarms: ${states.size}, on: ${inState('ALARM').join(', ') || 'none'}`);
    found.push(`alarms without data yet: ${inState('INSUFFICIENT_DATA').join(', ') || 'none'}`);
    expect(states.size).toBeGreaterThan(0);
    expect(inState('ALARM').filter((name) => name !== 'deadletters')).toEqual([]);
  });

  it('logs what its functions do and who calls its API, for a month', async (context) => {
    const names = await orSkip(context, stackResources('AWS::Logs::LogGroup'));
    const isOfFunction = (name: string) => !/access|vendedlogs/i.test(name);
    expect([names.some(isOfFunction), names.every(isOfFunction)]).toEqual([true, false]);
    for (const name of names) expect(await logGroup(name)).toMatchObject({ retentionInDays: 30 });
    const written = async (ofFunction: boolean) => {
      const groups = await Promise.all(names.filter((name) => isOfFunction(name) === ofFunction).map(logGroup));
      return groups.some(({ isWrittenTo }) => isWrittenTo);
    };
    await api.call('GET', '/reveals?limit=1');
    await expect.poll(() => written(true), withinTwoMinutes).toBe(true);
    await expect.poll(() => written(false), withinTwoMinutes).toBe(true);
    found.push(`log groups: ${names.length}, with lines of functions and of callers`);
  });

  it('refuses a request that nobody has signed', async (context) => {
    if (!isOnAws) context.skip('on this machine everybody may call');
    expect([401, 403]).toContain((await fetch(`${apiUrl}/reveals`)).status);
  });
});

it.each([
  ['a path that is none', 'GET', '/reveal', 404],
  ['a method that is none', 'PUT', '/reveals', 405],
])('answers %s with a problem', async (_what, method, path, status) => {
  const answer = await api.call(method, path);
  expect(answer).toMatchObject({ status, body: { type: expect.stringMatching(/^\/problems\//) } });
  found.push(`${method} ${path}: ${status}, ${answer.body.type}`);
});

it('answers a path with a slash at its end as the one without', async () => {
  expect(await api.call('GET', '/reveals/?limit=1')).toMatchObject({ status: 200 });
});

it('answers a signed request', async () => {
  expect(await api.call('GET', '/reveals?limit=1')).toMatchObject({
    status: 200,
    body: { reveals: expect.any(Array) },
  });
});

it('asks the vendor for a task that does not exist and ends it as errored, or says what it waits for', async () => {
  const id = newTask('unknown');
  const executionArn = await startExecution(id);
  const come = async () => {
    const { status, pausedBecause } = (await recordOf(id)) ?? {};
    return pausedBecause ?? status;
  };
  await expect.poll(come, afterTwoMinutes).toMatch(/^(errored|key-unavailable|key-refused|out-of-credits)$/);
  if ((await come()) === 'errored') await expect.poll(() => executionStatus(executionArn), soon).toBe('FAILED');
});

it('cancels by the API, which stops the execution', async () => {
  const id = newTask('cancelled');
  expect(await api.call('POST', '/reveals', { taskId: id })).toMatchObject({ status: 202 });
  expect(await api.call('DELETE', `/reveals/${id}`)).toMatchObject({ status: 200, body: { status: 'cancelled' } });
  const { executionArn } = (await recordOf(id)) ?? {};
  await expect.poll(() => executionStatus(executionArn), soon).toBe('ABORTED');
});

it('settles within two minutes what was stopped from outside', async () => {
  const id = newTask('stopped');
  const executionArn = await startExecution(id);
  await expect.poll(() => recordOf(id), { interval: 250, timeout: 60_000 }).toMatchObject({ status: 'running' });
  await sfn.send(new StopExecutionCommand({ executionArn }));
  await expect.poll(() => recordOf(id), withinTwoMinutes).toMatchObject({ status: 'cancelled' });
});

it('starts what is requested on the bus', async () => {
  const id = newTask('requested');
  const eventId = await requestOnBus({ taskId: id });
  await expect.poll(() => recordOf(id), soon).toMatchObject({ claimedBy: `event:${eventId}` });
});

it('lays a malformed request into the dead-letter queue', async () => {
  const eventId = await requestOnBus({ task: `${run}-malformed` });
  await expect
    .poll(() => takeLetter(eventId), soon)
    .toMatchObject({ requestPayload: { id: eventId }, responsePayload: { errorType: 'RequestRejected' } });
});

it.each(['cancelled', 'stopped'])('has announced what was %s, and will forget it', async (name) => {
  await expect
    .poll(() => recordOf(`${run}-${name}`), soon)
    .toMatchObject({ publishedAt: expect.stringMatching(/Z$/), expiresAt: expect.any(Number) });
});
