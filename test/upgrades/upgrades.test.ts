import { readdir, readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { outcomes, outputNames } from '../../lambdas/contract.ts';
import { httpEvent } from '../support/doors.ts';
import { startTestRelay, type TestRelay } from '../support/relay.ts';

/**
 * What earlier versions have left behind: executions sleep through a deployment and wake up in the new code, and records stay for a
 * month. A folder for each version that changed either; none of them is ever edited. Only `expiresAt` is not as it was: these stay.
 */
const versions = (await readdir(new URL('.', import.meta.url))).filter((name) => /^\d/.test(name));

type Json = Record<string, unknown>;
const read = async (version: string, name: string): Promise<Json> =>
  JSON.parse(await readFile(new URL(`./${version}/${name}.json`, import.meta.url), 'utf8'));

describe.each(versions)('what version %s has left behind', (version) => {
  let test: TestRelay;
  let records: Record<string, Json>;
  beforeAll(async () => {
    test = await startTestRelay();
    records = (await read(version, 'records')) as Record<string, Json>;
  });
  afterAll(() => test.close());

  const invoke = (handler: string, payload: unknown) => test.relay.handlers.get(handler)?.invoke(payload);
  const put = (Item: Json | undefined) =>
    test.relay.tables.send(new PutCommand({ TableName: String(test.relay.outputs[outputNames.revealsTable]), Item }));
  /** A running reveal of that version, under an id of its own, whose task is done by now. */
  const running = async (revealId: string) => {
    test.fiber.addTask({ taskId: revealId, durationMs: 1 });
    const record = { ...records.running, revealId, taskId: revealId };
    await put(record);
    return { revealId, call: { executionArn: String(records.running?.executionArn), input: { taskId: revealId } } };
  };

  it.each(['state-before-poll', 'state-before-poll-without-turn'])('is polled on: %s', async (name) => {
    const { revealId, call } = await running(name);
    const state = { ...(await read(version, name)), revealId };
    expect(await invoke('Poll', { ...call, state })).toMatchObject({ revealId, outcome: 'completed' });
    expect(await test.relay.record(revealId)).toMatchObject({ status: 'completed' });
  });

  it('is settled after an error that was caught', async () => {
    const { call } = await running('caught');
    const state = await read(version, 'state-of-a-caught-error');
    expect(await invoke('Settle', { ...call, state })).toMatchObject({ outcome: 'errored', reason: 'relay-fault' });
    expect(await test.relay.record('caught')).toMatchObject({ status: 'errored', publishedAt: expect.any(String) });
  });

  it('is settled as its state says', async () => {
    const { revealId, call } = await running('refused');
    const state = { ...(await read(version, 'state-before-settle-not-revealed')), revealId };
    expect(await invoke('Settle', { ...call, state })).toMatchObject({ outcome: 'errored', reason: 'task-not-found' });
  });

  it('is announced once its result is stored', async () => {
    const { executionArn, taskId, publishedAt: _, eventId: _id, ...record } = records.completed ?? {};
    await put({ ...record, taskId, executionArn, open: 'open' });
    const state = await read(version, 'state-before-settle-revealed');
    expect(await invoke('Settle', { state, executionArn, input: { taskId } })).toMatchObject({ outcome: 'completed' });
    const announced = test.relay.published.filter(({ detail }) => detail.revealId === taskId);
    expect(announced.map((event) => event['detail-type'])).toEqual(['Contact Reveal Completed']);
  });

  it.each(['running', ...outcomes])('is shown: a record that is %s', async (status) => {
    const record = records[status];
    await put(record);
    const answer = (await invoke('Api', httpEvent('GET', `/reveals/${record?.revealId}`))) as Json;
    expect(answer.statusCode).toBe(200);
    expect(JSON.parse(String(answer.body))).toMatchObject({ status });
  });

  it('is shown and erased: a result in parts', async () => {
    const { result, ...record } = records.completed ?? {};
    const packed = gzipSync(JSON.stringify(result));
    const parts = [packed.subarray(0, 100), packed.subarray(100)];
    const revealId = 'in-parts';
    await put({ ...record, revealId, resultParts: parts.length });
    for (const [at, bytes] of parts.entries())
      await put({ revealId, part: `result#${record.generation}#00${at}`, bytes });
    const call = async (method: string, path: string) => {
      const { body } = (await invoke('Api', httpEvent(method, path))) as Json;
      return JSON.parse(String(body));
    };
    const { emails } = result as Json;
    expect(await call('GET', `/reveals/${revealId}`)).toMatchObject({ result: { emails } });
    expect(await call('DELETE', `/reveals/${revealId}/result`)).not.toHaveProperty('result');
    const left = new QueryCommand({
      TableName: String(test.relay.outputs[outputNames.revealsTable]),
      KeyConditionExpression: 'revealId = :id',
      ExpressionAttributeValues: { ':id': revealId },
    });
    expect((await test.relay.tables.send(left)).Items).toMatchObject([
      { part: 'reveal', erasedAt: expect.any(String) },
    ]);
  });

  it('states what it cost in figures, though its record has only the charge', async () => {
    await put(records.completed);
    const answer = (await invoke('Api', httpEvent('GET', `/reveals/${records.completed?.revealId}`))) as Json;
    expect(JSON.parse(String(answer.body))).toMatchObject({ creditsCharged: 12 });
  });

  it('is read by the sweeper, which fails on none of it', async () => {
    for (const record of Object.values(records)) await put(record);
    expect(await invoke('Sweep', {})).toMatchObject({ failed: 0 });
  });
});
