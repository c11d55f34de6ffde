import { gunzipSync } from 'node:zlib';
import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contactsOf } from '../../local/fiber/index.ts';
import { startTestRelay, type TestRelay } from '../support/relay.ts';

let test: TestRelay;
beforeAll(async () => {
  test = await startTestRelay({ httpPort: 0, maxWaitSeconds: 600 });
});
afterAll(() => test.close());

const ask = (path: string, method = 'GET') => fetch(`${test.relay.deployment.httpUrl}/reveals/${path}`, { method });
const json = async (path: string, method?: string) =>
  (await ask(path, method)).json() as Promise<Record<string, unknown>>;

describe("the vendor's answer", () => {
  it('lies in the record beside its reading, and comes back as it came', async () => {
    const { record } = await test.play('completed-1');
    const { bytes, contentType } = (record as unknown as { answer: { bytes: Uint8Array; contentType: string } }).answer;
    const response = await ask('completed-1/answer');
    expect(response.headers.get('content-type')).toBe(contentType);
    const body = Buffer.from(await response.arrayBuffer());
    expect(body).toEqual(gunzipSync(bytes));
    expect(JSON.parse(body.toString())).toMatchObject({ output: { done: true, profile: contactsOf('completed-1') } });
  });

  it('lies in parts where it is too large, and what was found is read out of it', async () => {
    const { record } = await test.play('large-1');
    expect(record).toMatchObject({ answer: { parts: { count: 2, digest: expect.any(String) } } });
    expect(record).not.toHaveProperty('result');
    const { emails, phoneNumbers } = contactsOf('large-1');
    expect(await json('large-1')).toMatchObject({ result: { emails, phoneNumbers } });
    const body = await json('large-1/answer');
    expect(body).toMatchObject({ output: { profile: contactsOf('large-1') } });

    await ask('large-1/result', 'DELETE');
    expect(await json('large-1/answer')).toMatchObject({ type: '/problems/no-answer', status: 404 });
    const { Items } = await test.relay.tables.send(
      new QueryCommand({
        TableName: String(test.relay.outputs.RevealsTableName),
        KeyConditionExpression: 'revealId = :id',
        ExpressionAttributeValues: { ':id': 'large-1' },
      }),
    );
    expect(Items).toMatchObject([{ part: 'reveal', erasedAt: expect.any(String) }]);
    expect(Items?.[0]).not.toHaveProperty('answer');
  });

  it('is kept of a reveal that was given up on because nobody could read it, and read again when somebody can', async () => {
    const { record } = await test.play({ taskId: 'unread', scenario: 'malformed-shape' });
    expect(record).toMatchObject({
      status: 'errored',
      reason: 'answers-unusable',
      answer: { bytes: expect.any(Object) },
    });
    const body = await (await ask('unread/answer')).text();
    expect(body).not.toBe('');
    expect(await json('unread/reread', 'POST')).toMatchObject({ status: 'errored', reason: 'answers-unusable' });
  });
});

describe('what the vendor says beside the contact data', () => {
  it('reaches the caller, where a reveal failed, in the words of the vendor, and nobody else', async () => {
    const { record } = await test.play('failed-1');
    const failure = String(record?.failure);
    expect(await json('failed-1')).toMatchObject({ status: 'failed', reason: 'vendor-failed', failure });
    expect(JSON.stringify([test.logs, test.relay.events])).not.toContain(failure);
    expect(await json('failed-1/result', 'DELETE')).not.toHaveProperty('failure');
  });

  it('says so where there was nothing to find, and what came back of the credits', async () => {
    const { record } = await test.play('empty-1');
    expect(record).toMatchObject({ status: 'completed', creditsRefunded: expect.any(Number) });
    const { creditsRefunded } = record as { creditsRefunded: number };
    expect(await json('empty-1')).toMatchObject({ nothingFound: true, creditsRefunded });
    const event = test.relay.published.find(({ detail }) => detail.revealId === 'empty-1');
    expect(event?.detail).toMatchObject({ nothingFound: true, creditsRefunded, credits: -creditsRefunded });
    expect(event?.detail).not.toHaveProperty('creditsCharged');
  });
});
