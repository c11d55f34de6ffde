/** Each gap in which a kill can hit, one by one: what the next process makes of it. */

import { randomUUID } from 'node:crypto';
import { PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, expect, it } from 'vitest';
import { eventTypes, outputNames, revealsKey } from '../../lambdas/contract.ts';
import { executionArn, executionName } from '../../lambdas/reveal/life/admission.ts';
import { newRecord } from '../../lambdas/reveal/record.ts';
import { Journal } from '../../local/data/journal.ts';
import type { PendingInvocation } from '../../local/functions/asynchronous-invocations.ts';
import type { RunningExecution } from '../../local/workflow/running-executions.ts';
import { startTestRelay, type TestRelay } from '../support/relay.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

let data: string;
beforeEach(async () => {
  data = await temporaryFolder();
});

const journal = <Item>(name: string) => new Journal<Item>(`${data}/${name}.jsonl`);

/** Starts a relay in the folder of the last one, and plays on until this many events are out. */
async function playOn(events: number): Promise<TestRelay> {
  let published = 0;
  let isOut = () => {};
  const out = new Promise<void>((resolve) => {
    isOut = resolve;
  });
  const test = await startTestRelay({
    data,
    onEvent: (_bus, { source }) => {
      if (source === 'reveal-relay' && ++published === events) isOut();
    },
  });
  await test.relay.deployment.fastForward?.during(out);
  return test;
}

const eventIds = ({ relay }: TestRelay) => relay.published.map(({ detail }) => detail.eventId);

it('an execution that was under way begins again, and its reveal ends once', async () => {
  const first = await startTestRelay({ data });
  const arn = await first.relay.startReveal({ taskId: 'completed-1' });
  await expect.poll(() => first.relay.record('completed-1')).toHaveProperty('nextPollAt');
  await first.close();

  await using second = await playOn(1);
  expect(await second.relay.ended(arn)).toMatchObject({ status: 'SUCCEEDED' });
  expect(await second.relay.record('completed-1')).toMatchObject({ status: 'completed', generation: 1 });
});

it('a reveal that was claimed and never started is started by the sweeper', async () => {
  const first = await startTestRelay({ data });
  const { [outputNames.stateMachine]: machine, [outputNames.revealsTable]: TableName } = first.relay.outputs;
  const nowMs = first.clock.now();
  const claim = { revealId: 'quick-1', generation: 1, createdAt: new Date(nowMs).toISOString() };
  const arn = executionArn(String(machine), executionName(claim));
  const record = newRecord({ taskId: 'quick-1' }, { generation: 1, executionArn: arn, claimedBy: 'a door', nowMs });
  await first.relay.tables.send(
    new PutCommand({ TableName: String(TableName), Item: { ...record, [revealsKey.sort]: revealsKey.record } }),
  );
  await first.close();

  await using second = await playOn(1);
  expect(await second.relay.ended(arn)).toMatchObject({ status: 'SUCCEEDED' });
  expect(await second.relay.record('quick-1')).toMatchObject({ status: 'completed', generation: 1 });
});

it.each([
  ['quick-1', 'completed', 'SUCCEEDED'],
  ['failed-1', 'failed', 'FAILED'],
])(
  'a result that was stored and not announced is announced under the id it would have had (%s)',
  async (taskId, status, end) => {
    const first = await startTestRelay({ data });
    const { executionArn: arn, execution, record } = await first.play(taskId);
    const ids = eventIds(first);
    await first.relay.tables.send(
      new UpdateCommand({
        TableName: String(first.relay.outputs[outputNames.revealsTable]),
        Key: { revealId: taskId, part: revealsKey.record },
        UpdateExpression: 'REMOVE publishedAt, eventId',
      }),
    );
    await first.close();
    const { name, input } = execution;
    const machine = String(first.relay.outputs[outputNames.stateMachine]);
    journal<RunningExecution>('executions').opened(arn, { machine, name, input });

    await using second = await playOn(1);
    expect(await second.relay.ended(arn)).toMatchObject({ status: end });
    expect(eventIds(second)).toEqual(ids);
    expect(await second.relay.record(taskId)).toMatchObject({
      status,
      settledAt: record?.settledAt,
      polls: record?.polls,
      publishedAt: expect.any(String),
    });
  },
);

it('a request that was accepted on the bus and not delivered is delivered', async () => {
  const first = await startTestRelay({ data });
  const functionArn = first.relay.handlers.get('Request')?.arn ?? '';
  await first.close();
  const event = {
    version: '0',
    id: randomUUID(),
    'detail-type': eventTypes.requested,
    source: 'crm',
    time: new Date().toISOString(),
    resources: [],
    detail: { taskId: 'quick-1' },
  };
  journal<PendingInvocation>('invocations').opened('1', { functionArn, event });

  await using second = await playOn(1);
  expect(await second.relay.record('quick-1')).toMatchObject({ status: 'completed', claimedBy: `event:${event.id}` });
  expect(journal('invocations').open.size).toBe(0);
});

it('dead letters are still there', async () => {
  const first = await startTestRelay({ data });
  const [queue = ''] = first.relay.deployment.stack
    .ofType('AWS::SQS::Queue')
    .map(({ attributes }) => attributes.Arn ?? '');
  first.relay.queues.send(queue, '{"lost":false}');
  await first.close();
  await using second = await startTestRelay({ data });
  expect(second.relay.queues.messages(queue).map(({ body }) => body)).toEqual(['{"lost":false}']);
});
