/** What only a deployed relay can show: permissions, deliveries, settings. Every task in it is made up, and erased in the end. */

import {
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { StopExecutionCommand } from '@aws-sdk/client-sfn';
import { afterAll, describe, expect, it } from 'vitest';
import {
  api,
  apiUrl,
  dynamo,
  executionStatus,
  isOnAws,
  recordOf,
  requestOnBus,
  sfn,
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

afterAll(async () => {
  const answers = await Promise.all(madeUp.map((id) => api.call('DELETE', `/reveals/${id}/result`)));
  expect(answers.filter(({ status }) => status !== 200 && status !== 404)).toEqual([]);
});

describe.runIf(isOnAws)('the deployment', () => {
  it('keeps records encrypted, restorable, protected and not for ever', async () => {
    const { Table } = await dynamo.send(new DescribeTableCommand({ TableName }));
    expect(Table).toMatchObject({ SSEDescription: { Status: 'ENABLED' }, DeletionProtectionEnabled: true });
    const { TimeToLiveDescription } = await dynamo.send(new DescribeTimeToLiveCommand({ TableName }));
    expect(TimeToLiveDescription).toEqual({ TimeToLiveStatus: 'ENABLED', AttributeName: 'expiresAt' });
    const backups = await dynamo.send(new DescribeContinuousBackupsCommand({ TableName }));
    expect(backups.ContinuousBackupsDescription).toMatchObject({
      PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: 'ENABLED' },
    });
  });

  it('sweeps every five minutes', async () => {
    expect(await sweepSchedule()).toMatchObject({ State: 'ENABLED', ScheduleExpression: 'rate(5 minutes)' });
  });

  it('refuses a request that nobody has signed', async () => {
    expect([401, 403]).toContain((await fetch(`${apiUrl}/reveals`)).status);
  });
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
  await expect.poll(come, withinTwoMinutes).toMatch(/^(errored|key-unavailable|key-refused|out-of-credits)$/);
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
