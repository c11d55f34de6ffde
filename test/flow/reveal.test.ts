import { gunzipSync } from 'node:zlib';
import { GetCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contactsOf, type ScenarioName } from '../../local/fiber/index.ts';
import { startTestRelay, type TestRelay } from '../support/relay.ts';

/** What was published on the relay's bus, not the account's. */
const published = ({ relay }: TestRelay) =>
  relay.events
    .filter(({ event }) => event.source === 'reveal-relay')
    .map(({ event }) => ({ type: event['detail-type'], detail: event.detail as Record<string, unknown> }));

describe('a reveal', () => {
  it('goes from request to stored result to published event', async () => {
    await using test = await startTestRelay();
    const { execution, record } = await test.play('completed-1');

    expect(execution.status).toBe('SUCCEEDED');
    const { emails, lowQualityEmails, phoneNumbers } = contactsOf('completed-1');
    const found = {
      emails: emails.length,
      lowQualityEmails: lowQualityEmails.length,
      phoneNumbers: phoneNumbers.length,
    };
    expect(record).toMatchObject({
      revealId: 'completed-1',
      taskId: 'completed-1',
      generation: 1,
      status: 'completed',
      result: { emails, lowQualityEmails, phoneNumbers },
      found,
      charge: { method: 'charged-for-async-process', creditsCharged: 12 },
      publishedAt: expect.any(String),
      expiresAt: expect.any(Number),
    });
    expect(published(test)).toEqual([
      {
        type: 'Contact Reveal Completed',
        detail: expect.objectContaining({
          schemaVersion: 1,
          eventId: record?.eventId,
          revealId: 'completed-1',
          found,
          credits: 12,
        }),
      },
    ]);
    expect(JSON.parse(execution.output ?? '')).toEqual({
      revealId: 'completed-1',
      outcome: 'completed',
      polls: record?.polls,
      found,
    });
  });

  it('keeps a result that is too large for one item, whole', async () => {
    await using test = await startTestRelay();
    const { record } = await test.play('large-1');
    const parts: Uint8Array[] = [];
    for (let index = 0; index < Number(record?.resultParts); index += 1) {
      const Key = { revealId: 'large-1', part: `result#1#00${index}` };
      const TableName = String(test.relay.outputs.RevealsTableName);
      const { Item } = await test.relay.tables.send(new GetCommand({ TableName, Key }));
      parts.push(Item?.bytes);
    }
    expect(JSON.parse(gunzipSync(Buffer.concat(parts)).toString())).toMatchObject(contactsOf('large-1'));
    expect(record).not.toHaveProperty('result');
  });

  it('is attached to by whoever asks again, while it runs and when its result is there', async () => {
    await using test = await startTestRelay();
    const plays = await Promise.all([test.play('completed-2'), test.play('completed-2'), test.play('completed-2')]);
    const later = await test.play('completed-2');
    expect([...plays, later].map(({ execution }) => execution.status)).toEqual(Array(4).fill('SUCCEEDED'));
    expect(published(test)).toHaveLength(1);
    expect(later.record).toMatchObject({ generation: 1, polls: test.fiber.stats().pollsPerTask['completed-2'] });
  });

  it('that did not complete starts over when somebody asks again', async () => {
    await using test = await startTestRelay();
    test.fiber.addTask({ taskId: 'second-chance', durationMs: 20_000, faults: [{ atPoll: 1, fault: 'status-404' }] });
    const first = await test.play('second-chance');
    const second = await test.play('second-chance');
    expect([first.record?.status, second.record?.status, second.record?.generation]).toEqual([
      'errored',
      'completed',
      2,
    ]);
    const ids = published(test).map(({ detail }) => detail.eventId);
    expect(new Set(ids).size).toBe(2);
  });
});

describe('every scenario of the vendor', () => {
  /** Those that pause or slow down the whole key play on a relay of their own. */
  const aboutTheKey: ScenarioName[] = [
    'error-401',
    'error-402',
    'error-403',
    'error-429',
    'rate-limited',
    'rate-limited-bare',
  ];
  let shared: TestRelay;
  beforeAll(async () => {
    shared = await startTestRelay();
  });
  afterAll(() => shared.close());

  it.each<[ScenarioName, string, string]>([
    ['quick', 'completed', 'SUCCEEDED'],
    ['slow', 'completed', 'SUCCEEDED'],
    ['partial', 'completed', 'SUCCEEDED'],
    ['low-quality', 'completed', 'SUCCEEDED'],
    ['empty', 'completed', 'SUCCEEDED'],
    ['new-fields', 'completed', 'SUCCEEDED'],
    ['low-credits', 'completed', 'SUCCEEDED'],
    ['null-lists', 'completed', 'SUCCEEDED'],
    ['flaky-500', 'completed', 'SUCCEEDED'],
    ['rate-limited', 'completed', 'SUCCEEDED'],
    ['rate-limited-bare', 'completed', 'SUCCEEDED'],
    ['failed', 'failed', 'RevealFailed'],
    ['failed-not-done', 'failed', 'RevealFailed'],
    ['never', 'timed-out', 'RevealTimedOut'],
    ['error-400', 'errored', 'RevealErrored'],
    ['error-401', 'errored', 'RevealErrored'],
    ['error-402', 'errored', 'RevealErrored'],
    ['error-403', 'errored', 'RevealErrored'],
    ['error-404', 'errored', 'RevealErrored'],
    ['error-422', 'errored', 'RevealErrored'],
    ['error-429', 'errored', 'RevealErrored'],
    ['error-500', 'errored', 'RevealErrored'],
    ['error-503', 'errored', 'RevealErrored'],
    ['malformed-json', 'errored', 'RevealErrored'],
    ['malformed-html', 'errored', 'RevealErrored'],
    ['malformed-shape', 'errored', 'RevealErrored'],
    ['malformed-wrong-type', 'errored', 'RevealErrored'],
    ['malformed-truncated', 'errored', 'RevealErrored'],
    ['malformed-gzip', 'errored', 'RevealErrored'],
    ['redirect', 'errored', 'RevealErrored'],
    ['reset', 'errored', 'RevealErrored'],
  ])('%s: ends as %s, with one event', async (scenario, status, end) => {
    await using own = aboutTheKey.includes(scenario) ? await startTestRelay() : undefined;
    const test = own ?? shared;
    const { execution, record } = await test.play({ scenario });
    expect(record).toMatchObject({ status, publishedAt: expect.any(String) });
    expect(execution.error ?? execution.status).toBe(end);
    const events = published(test).filter(
      ({ type, detail }) => type !== 'Low Credits' && detail.revealId === record?.revealId,
    );
    expect(events.map(({ type, detail }) => [type, detail.outcome])).toEqual([
      [status === 'completed' ? 'Contact Reveal Completed' : 'Contact Reveal Failed', status],
    ]);
    expect(test.fiber.stats().rejectedPolls).toBe(0);
  });
});

describe('a warning of the vendor that few credits are left', () => {
  it('is published beside the completion, with the number and without contact data', async () => {
    await using test = await startTestRelay();
    await test.play('low-credits-1');
    const [, warning] = published(test);
    expect(warning).toEqual({
      type: 'Low Credits',
      detail: {
        schemaVersion: 1,
        eventId: expect.stringMatching(/^[0-9a-f]{32}$/),
        revealId: 'low-credits-1',
        availableCredits: expect.any(Number),
        settledAt: expect.any(String),
      },
    });
  });
});

describe('bad days', () => {
  it('wait out a refused key, say so on the record, and go on by themselves once it is replaced', async () => {
    await using test = await startTestRelay();
    test.fiber.setKeys('the-new-key');
    const waiting = test.play('completed-3');
    const table = { TableName: String(test.relay.outputs.RevealsTableName) };
    const read = async () =>
      (await test.relay.tables.send(new GetCommand({ ...table, Key: { revealId: 'completed-3', part: 'reveal' } })))
        .Item;
    await expect.poll(read, { interval: 5 }).toMatchObject({ pausedBecause: 'key-refused', status: 'running' });

    test.relay.secrets.put(String(test.relay.outputs.ApiKeySecretArn), 'the-new-key');
    expect((await waiting).record).toMatchObject({ status: 'completed' });
    expect((await waiting).record).not.toHaveProperty('pausedBecause');
  });

  it('spend a handful of polls on an account without credits, however many reveals wait', async () => {
    await using test = await startTestRelay({ fiber: { credits: 0 } });
    const plays = await Promise.all(Array.from({ length: 40 }, (_, n) => test.play(`completed-${n}`)));
    for (const { record } of plays) expect(record).toMatchObject({ status: 'errored', reason: 'out-of-credits' });
    expect(test.fiber.stats().polls).toBeLessThan(40);
    expect(published(test)).toHaveLength(40);
  });
});

describe('an input that is no request', () => {
  let test: TestRelay;
  beforeAll(async () => {
    test = await startTestRelay();
  });
  afterAll(() => test.close());

  it.each([
    ['no task id', {}],
    ['an empty task id', { taskId: '' }],
    ['a task id that is a number', { taskId: 7 }],
    ['fields nobody knows', { taskId: 'completed-1', person: 'ada@example.com' }],
    ['a task id of 10,000 characters', { taskId: 'x'.repeat(10_000) }],
    ['an e-mail address for a task id', { taskId: 'ada@example.com' }],
    ['a list', ['completed-1']],
    ['a reveal that nobody claimed', { revealId: 'completed-1' }],
  ])('(%s) fails by name, says what to do, and leaves nothing behind', async (_name, input) => {
    const { execution } = await test.playInput(input);
    expect(execution).toMatchObject({
      status: 'FAILED',
      error: 'InvalidInput',
      cause: expect.stringContaining('{"taskId"'),
    });
    expect(execution.cause).not.toContain('ada');
    expect([published(test), test.fiber.stats().polls]).toEqual([[], 0]);
    const { Items } = await test.relay.tables.send(
      new ScanCommand({ TableName: String(test.relay.outputs.RevealsTableName) }),
    );
    expect(Items).toEqual([]);
  });
});
