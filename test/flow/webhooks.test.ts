import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { redrive } from '../../cli/redrive/command.ts';
import { outputNames, webhookAttempts, webhookWaits } from '../../lambdas/contract.ts';
import { contactsOf } from '../../local/fiber/index.ts';
import { localClientOptions } from '../../local/services/client-options.ts';
import { startTestRelay, type TestRelay } from '../support/relay.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { assemblyWith } from '../support/webhook-assembly.ts';
import { isSignedBy, WebhookReceiverServer } from '../support/webhook-receiver.ts';

let test: TestRelay;
/** Gets results; gets pointers, of endings that are no completions too. */
let crm: WebhookReceiverServer;
let log: WebhookReceiverServer;
beforeAll(async () => {
  [crm, log] = await Promise.all([WebhookReceiverServer.listen(), WebhookReceiverServer.listen()]);
  const allowAddresses = ['127.0.0.1'];
  const assembly = await assemblyWith([
    { name: 'crm', url: crm.url, include: 'result', events: ['Contact Reveal Completed'], allowAddresses },
    { name: 'log', url: log.url, allowAddresses },
  ]);
  test = await startTestRelay({ assembly, httpPort: 0 });
});
afterAll(async () => {
  await test.close();
  await Promise.all([crm.close(), log.close()]);
});
afterEach(() => {
  for (const receiver of [crm, log]) {
    receiver.received.length = 0;
    receiver.next();
    receiver.usual = 200;
  }
});

interface ReceiverParts {
  readonly name: string;
  readonly queue: string;
  readonly deadLetters: string;
  readonly secret: string;
}
const partsOf = (name: string) =>
  (JSON.parse(String(test.relay.outputs[outputNames.webhooks])) as ReceiverParts[]).find(
    (receiver) => receiver.name === name,
  ) as ReceiverParts;
const messagesIn = (url: string) => {
  const { stack, queues } = test.relay.deployment;
  const arn = stack.ofType('AWS::SQS::Queue').find(({ reference }) => reference === url)?.attributes.Arn ?? '';
  return queues.messages(arn);
};
const secretOf = (name: string) => test.relay.secrets.valueOf(partsOf(name).secret) ?? '';

/** Lets relay time pass until something is so. */
const until = (isSo: () => boolean | Promise<boolean>) => {
  const becomes = expect.poll(isSo, { timeout: 250_000 }).toBe(true);
  return test.relay.deployment.fastForward?.during(becomes);
};
const isDrained = (name: string) => messagesIn(partsOf(name).queue).length === 0;

/** What `npm run redrive` prints. */
async function redriven(webhook: string): Promise<string> {
  const outputs = `${await temporaryFolder()}/outputs.json`;
  await writeFile(outputs, JSON.stringify({ RevealRelay: test.relay.outputs }));
  let printed = '';
  const screen = {
    write: (text: string) => {
      printed += text;
    },
  };
  await redrive({
    given: ['--outputs', outputs, '--webhook', webhook],
    environment: {},
    stdout: screen,
    stderr: screen,
    aws: localClientOptions(test.relay.deployment.endpointUrl),
    interrupted: new AbortController().signal,
  });
  return printed;
}

const ask = async (method: string, path: string, body?: object) => {
  const response = await fetch(`${test.relay.deployment.httpUrl}${path}`, {
    method,
    ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  return (await response.json()) as Record<string, unknown>;
};

describe('a receiver of webhooks', () => {
  it('is sent the event and the result, signed, and the record says so', async () => {
    const { record } = await test.play('completed-1');
    await until(() => isDrained('crm') && isDrained('log'));

    const [webhook, ...more] = crm.received;
    expect(more).toEqual([]);
    const { emails, phoneNumbers } = contactsOf('completed-1');
    const published = test.relay.published.find(({ detail }) => detail.revealId === 'completed-1');
    expect(webhook).toMatchObject({
      headers: { 'webhook-id': record?.eventId, 'content-type': 'application/json', 'user-agent': 'reveal-relay' },
      body: { type: 'Contact Reveal Completed', timestamp: published?.time },
    });
    expect(webhook?.body.data).toEqual({ ...published?.detail, result: { emails, phoneNumbers } });
    expect(webhook && isSignedBy(`whsec_${secretOf('crm')}`, webhook)).toBe(true);
    expect(webhook && isSignedBy(secretOf('log'), webhook)).toBe(false);

    expect(log.received.map(({ body }) => body.data)).toEqual([published?.detail]);

    const { deliveries } = await ask('GET', '/reveals/completed-1');
    const delivered = {
      event: 'Contact Reveal Completed',
      eventId: record?.eventId,
      state: 'delivered',
      attempts: [{ at: expect.any(String), status: 200 }],
    };
    expect(deliveries).toEqual(
      expect.arrayContaining([
        { receiver: 'crm', ...delivered },
        { receiver: 'log', ...delivered },
      ]),
    );
  });

  it('is told of a failure, and gets back the reference and the facts of its caller', async () => {
    test.fiber.addTask({ taskId: 'refused', durationMs: 1, faults: [{ atPoll: 'every', fault: 'status-422' }] });
    const custom = { campaign: 'autumn', row: 17, isVip: true };
    expect(await ask('POST', '/reveals', { taskId: 'refused', reference: 'lead-17', custom })).toMatchObject({
      custom,
    });
    await until(() => log.received.length > 0);

    expect(log.received[0]?.body).toMatchObject({
      type: 'Contact Reveal Failed',
      data: { revealId: 'refused', reference: 'lead-17', custom, reason: 'request-refused' },
    });
    expect(crm.received).toEqual([]);
    expect(test.relay.published.find(({ detail }) => detail.revealId === 'refused')?.detail).not.toHaveProperty(
      'custom',
    );
  });

  it('that is busy is asked again later, each time a little more so, and holds up no other', async () => {
    crm.next(500, 404, 301);
    const { record } = await test.play('completed-2');
    await until(() => log.received.length === 1);
    await until(() => isDrained('crm'));

    expect(crm.received.map(({ headers }) => headers['webhook-id'])).toEqual(Array(4).fill(record?.eventId));
    const times = crm.received.map(({ headers }) => Number(headers['webhook-timestamp']));
    const waits = times.slice(1).map((time, at) => time - (times[at] ?? 0));
    for (const [at, wait] of waits.entries()) {
      expect(wait).toBeGreaterThanOrEqual((webhookWaits[at] ?? 0) - 1);
    }
    const { deliveries } = await ask('GET', '/reveals/completed-2');
    expect(deliveries).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          receiver: 'crm',
          attempts: [500, 404, 301, 200].map((status) => expect.objectContaining({ status })),
        }),
      ]),
    );
  });

  it('gets nothing that was erased while it was busy', async () => {
    crm.next((response) => {
      void ask('DELETE', '/reveals/completed-3/result').then(() => response.writeHead(503).end());
    });
    await test.play('completed-3');
    await until(() => isDrained('crm'));

    expect(crm.received.map(({ body }) => Object.keys(body.data).filter((name) => name.startsWith('result')))).toEqual([
      ['result'],
      ['resultMissing'],
    ]);
    expect(crm.received[1]?.body.data.resultMissing).toBe('erased');
  });

  it('that never takes it is asked as often as is stated, over more than a day, and then it lies with the dead letters', async () => {
    crm.usual = 500;
    await test.play('completed-4');
    await until(() => messagesIn(partsOf('crm').deadLetters).length === 1);

    expect(crm.received).toHaveLength(webhookAttempts);
    const times = crm.received.map(({ headers }) => Number(headers['webhook-timestamp']));
    expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeGreaterThan(86_400);
    const [letter] = messagesIn(partsOf('crm').deadLetters);
    for (const { email } of contactsOf('completed-4').emails) expect(letter?.body).not.toContain(email);
    const { deliveries } = await ask('GET', '/reveals/completed-4');
    expect(deliveries).toEqual(
      expect.arrayContaining([expect.objectContaining({ receiver: 'crm', state: 'given-up' })]),
    );
  });

  it('knows both secrets for as long as both are good', async () => {
    const before = secretOf('crm');
    const after = `whsec_${randomBytes(32).toString('base64')}`;
    test.relay.secrets.put(partsOf('crm').secret, after);
    // What was read is good for a minute.
    crm.next((response, webhook) => response.writeHead(isSignedBy(after, webhook) ? 200 : 401).end());
    crm.usual = (response, webhook) => response.writeHead(isSignedBy(after, webhook) ? 200 : 401).end();
    await test.play('completed-5');
    await until(() => isDrained('crm'));

    const last = crm.received.at(-1);
    expect(last && isSignedBy(after, last) && isSignedBy(before, last)).toBe(true);
    expect(last?.headers['webhook-signature']?.split(' ')).toHaveLength(2);
  });
});

describe('a receiver that answers 410', () => {
  it('is asked no more, until what it missed is sent again and it takes that', async () => {
    const { deadLetters } = partsOf('log');
    log.next(410);
    await test.play('quick-1');
    await until(() => messagesIn(deadLetters).length === 1);
    await test.play('quick-2');
    await until(() => messagesIn(deadLetters).length === 2);
    expect(log.received).toHaveLength(1);
    expect((await ask('GET', '/reveals/quick-2')).deliveries).toEqual(
      expect.arrayContaining([expect.objectContaining({ receiver: 'log', state: 'off', attempts: [] })]),
    );

    expect(await redriven('log')).toBe(
      'Contact Reveal Completed of quick-1 (not delivered): sent again\nContact Reveal Completed of quick-2 (not delivered): sent again\n2 letters: 2 sent again, 0 dropped, 0 left, 0 failed\n',
    );
    await until(() => isDrained('log'));
    expect(log.received).toHaveLength(3);
    await test.play('quick-3');
    await until(() => log.received.length === 4);
    expect(messagesIn(deadLetters)).toEqual([]);
  });
});
