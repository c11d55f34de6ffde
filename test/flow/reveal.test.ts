import { DeleteCommand, GetCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { contactsOf, type ScenarioName } from '../../local/fiber/index.ts';
import { some } from '../support/more.ts';
import { startTestRelay, type TestRelay } from '../support/relay.ts';

/** What was published on the relay's bus, not the account's. */
const published = ({ relay }: TestRelay) =>
  relay.events
    .filter(({ event }) => event.source === 'reveal-relay')
    .map(({ event }) => ({ type: event['detail-type'], detail: event.detail as Record<string, unknown> }));

const maxWaitSeconds = 600;

/** One relay for all that do not change the vendor's keys or credits. */
let test: TestRelay;
beforeAll(async () => {
  // Longer than any scenario that ends, and soon over for those that do not.
  test = await startTestRelay({ maxWaitSeconds });
});
afterAll(() => test.close());
const budgetTable = () =>
  Object.values(test.relay.handlers.get('Poll')?.environment ?? {}).find((value) => value.includes('PollBudget'));
/** A refused key or a 429 concerns every reveal: each test begins with a budget that knows of none. */
afterEach(async () => {
  await test.relay.tables.send(new DeleteCommand({ TableName: budgetTable(), Key: { id: 'budget' } }));
});

/** The events about one reveal on the relay's own bus. */
const eventsOf = (revealId: unknown, of: TestRelay = test) =>
  published(of).filter(({ detail }) => detail.revealId === revealId);

describe('an execution', () => {
  it.each([200, 255])(
    'with an input of %i KiB is told that it is none, as any other that is no request',
    async (kib) => {
      const { execution } = await test.playInput({ taskId: 'large-input', more: 'x'.repeat(kib * 1_024 - 100) });
      expect(execution).toMatchObject({ status: 'FAILED', error: 'InvalidInput' });
      expect(await test.relay.record('large-input')).toBeUndefined();
    },
  );
});

describe('a reveal', () => {
  it('goes from request to stored result to published event', async () => {
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
    expect(eventsOf('completed-1')).toEqual([
      {
        type: 'Contact Reveal Completed',
        detail: expect.objectContaining({
          schemaVersion: 1,
          eventId: record?.eventId,
          revealId: 'completed-1',
          found,
          credits: 12,
          creditsCharged: 12,
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

  it('is attached to by whoever asks again, while it runs and when its result is there', async () => {
    const plays = await Promise.all([test.play('completed-2'), test.play('completed-2'), test.play('completed-2')]);
    const later = await test.play('completed-2');
    expect([...plays, later].map(({ execution }) => execution.status)).toEqual(Array(4).fill('SUCCEEDED'));
    expect(eventsOf('completed-2')).toHaveLength(1);
    expect(later.record).toMatchObject({ generation: 1, polls: test.fiber.stats().pollsPerTask['completed-2'] });
  });

  it('completes if its task is not found in its first seconds, as one that has just been started', async () => {
    const { fiber } = test;
    fiber.addTask({ taskId: 'just-started', durationMs: 1, faults: [{ atPoll: 1, times: 2, fault: 'status-404' }] });
    const { record } = await test.play('just-started');
    expect(record).toMatchObject({ status: 'completed', polls: 3, lastError: { problem: 'task-not-found' } });
  });

  it('that did not complete starts over when somebody asks again', async () => {
    test.fiber.addTask({ taskId: 'second-chance', durationMs: 20_000, faults: [{ atPoll: 1, fault: 'status-422' }] });
    const first = await test.play('second-chance');
    const second = await test.play('second-chance');
    expect([first.record?.status, second.record?.status, second.record?.generation]).toEqual([
      'errored',
      'completed',
      2,
    ]);
    const ids = eventsOf('second-chance').map(({ detail }) => detail.eventId);
    expect(new Set(ids).size).toBe(2);
  });
});

describe('a task that alone is refused', () => {
  it('ends as that reveal, while the others never wait for a key', async () => {
    const { fiber, relay } = test;
    const others = ['beside-1', 'beside-2', 'beside-3'];
    for (const taskId of others) fiber.addTask({ taskId, durationMs: 150_000 });
    fiber.addTask({
      taskId: 'forbidden',
      durationMs: 150_000,
      faults: [{ atPoll: 2, times: 1_000, fault: 'status-403' }],
    });
    const [refused, ...accepted] = await Promise.all(['forbidden', ...others].map((taskId) => test.play(taskId)));

    expect(refused?.record).toMatchObject({ status: 'errored', reason: 'task-refused' });
    expect(accepted.map(({ record }) => record?.status)).toEqual(['completed', 'completed', 'completed']);
    const { Item } = await relay.tables.send(
      new GetCommand({ TableName: budgetTable(), Key: { id: 'budget' }, ConsistentRead: true }),
    );
    expect(Item?.broken ?? 0).toBe(0);
    expect(Item?.mended).toBeUndefined();
  });
});

/** One of each kind; the others differ in what the vendor sends, which test/fiber reads. */
const usual = new Set<ScenarioName>([
  'quick',
  'low-quality',
  'empty',
  'low-credits',
  'null-lists',
  'flaky-500',
  'rate-limited',
  'failed',
  'never',
  'error-401',
  'error-402',
  'error-404',
  'error-500',
  'malformed-json',
  'malformed-gzip',
  'reset',
]);

describe('every scenario of the vendor', () => {
  const scenarios: [ScenarioName, string, string][] = [
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
    ['malformed-gzip', 'completed', 'SUCCEEDED'],
    ['redirect', 'errored', 'RevealErrored'],
    ['reset', 'errored', 'RevealErrored'],
  ];
  it.each(some(scenarios, ([name]) => usual.has(name)))(
    '%s: ends as %s, with one event',
    async (scenario, status, end) => {
      const { execution, record } = await test.play({ scenario });
      expect(record).toMatchObject({ status, publishedAt: expect.any(String) });
      expect(execution.error ?? execution.status).toBe(end);
      const events = eventsOf(record?.revealId).filter(({ type }) => type !== 'Low Credits');
      expect(events.map(({ type, detail }) => [type, detail.outcome])).toEqual([
        [status === 'completed' ? 'Contact Reveal Completed' : 'Contact Reveal Failed', status],
      ]);
      expect(test.fiber.stats().rejectedPolls).toBe(0);
    },
  );
});

describe('a warning of the vendor that few credits are left', () => {
  it('is published beside the completion, with the number and without contact data', async () => {
    await test.play('low-credits-1');
    const [, warning] = eventsOf('low-credits-1');
    expect(warning).toEqual({
      type: 'Low Credits',
      detail: {
        schemaVersion: 1,
        eventId: expect.stringMatching(/^[0-9a-f]{32}$/),
        revealId: 'low-credits-1',
        availableCredits: expect.any(Number),
        getMoreCreditsUrl: expect.stringMatching(/^https:/),
        settledAt: expect.any(String),
      },
    });
  });
});

describe('bad days', () => {
  it.each([
    ['a refused key', 'key-refused', 'the-old-key'],
    ['a secret that nobody has filled yet', 'key-unavailable', ''],
  ])('wait out %s, say so on the record, and go on by themselves once it is replaced', async (_what, reason, key) => {
    await using test = await startTestRelay({ fiber: { apiKey: 'the-new-key' } });
    const secret = String(test.relay.outputs.ApiKeySecretArn);
    test.relay.secrets.put(secret, key);
    const waiting = test.play('completed-3');
    const isPaused = { pausedBecause: reason, status: 'running' };
    const read = () => test.relay.record('completed-3');
    await expect.poll(read).toMatchObject(isPaused);
    // Without a key there is nothing to ask the vendor with.
    expect(test.fiber.stats().polls > 0).toBe(key !== '');

    test.relay.secrets.put(secret, 'the-new-key');
    expect((await waiting).record).toMatchObject({ status: 'completed' });
    expect((await waiting).record).not.toHaveProperty('pausedBecause');
  });

  it('spend a handful of polls on an account without credits, however many reveals wait', async () => {
    await using test = await startTestRelay({ maxWaitSeconds, fiber: { credits: 0 } });
    const plays = await Promise.all(Array.from({ length: 20 }, (_, n) => test.play(`completed-${n}`)));
    for (const { record } of plays) expect(record).toMatchObject({ status: 'errored', reason: 'out-of-credits' });
    expect(test.fiber.stats().polls).toBeLessThan(20);
    expect(published(test)).toHaveLength(20);
  });
});

describe('an input that is no request', () => {
  const storedIds = async () => {
    const scan = new ScanCommand({ TableName: String(test.relay.outputs.RevealsTableName) });
    return (await test.relay.tables.send(scan)).Items?.map(({ revealId, part }) => `${revealId} ${part}`);
  };

  it.each([
    ['no task id', {}],
    ['an empty task id', { taskId: '' }],
    ['a task id that is a number', { taskId: 7 }],
    ['fields nobody knows', { taskId: 'completed-1', person: 'ada@example.com' }],
    ['a task id of 10,000 characters', { taskId: 'x'.repeat(10_000) }],
    ['an e-mail address for a task id', { taskId: 'ada@example.com' }],
    ['a list', ['completed-1']],
    ['a reveal that nobody claimed', { revealId: 'nobody-claimed-it' }],
  ])('(%s) fails by name, says what to do, and leaves nothing behind', async (_name, input) => {
    const before = await storedIds();
    const [events, polls] = [published(test).length, test.fiber.stats().polls];
    const { execution } = await test.playInput(input);
    expect(execution).toMatchObject({
      status: 'FAILED',
      error: 'InvalidInput',
      cause: expect.stringContaining('{"taskId"'),
    });
    expect(execution.cause).not.toContain('ada');
    expect([published(test).length, test.fiber.stats().polls]).toEqual([events, polls]);
    expect(await storedIds()).toEqual(before);
  });
});
