import { writeFile } from 'node:fs/promises';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { redrive } from '../../../cli/redrive/command.ts';
import { redriveUsage } from '../../../cli/redrive/redrive-arguments.ts';
import { burstClientOptions } from '../../../lambdas/aws/sdk.ts';
import { eventTypes, outputNames } from '../../../lambdas/contract.ts';
import { localClientOptions } from '../../../local/services/client-options.ts';
import { Lab } from '../../faults/lab.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

let lab: Lab;
let outputs: string;
beforeAll(async () => {
  lab = await Lab.start();
  outputs = `${await temporaryFolder()}/outputs.json`;
  await writeFile(outputs, JSON.stringify({ Other: { Url: 'x' }, RevealRelay: lab.test.relay.outputs }));
});
afterAll(() => lab.close());

/** What `npm run redrive` does and prints, on this relay. */
async function run(line: string, environment: Record<string, string> = { RELAY_OUTPUTS: outputs }) {
  const printed = { stdout: '', stderr: '' };
  const screen = (name: keyof typeof printed) => ({
    write: (text: string) => {
      printed[name] += text;
    },
  });
  const code = await redrive({
    given: line.split(' ').filter(Boolean),
    environment,
    stdout: screen('stdout'),
    stderr: screen('stderr'),
    aws: localClientOptions(lab.test.relay.deployment.endpointUrl),
    interrupted: new AbortController().signal,
  });
  return { code, ...printed };
}

/** @returns the id of the event */
async function ask(detail: object): Promise<string> {
  const { relay } = lab.test;
  const entry = {
    EventBusName: String(relay.outputs[outputNames.eventBus]),
    Source: 'crm',
    DetailType: eventTypes.requested,
    Detail: JSON.stringify(detail),
  };
  const events = new EventBridgeClient(localClientOptions(relay.deployment.endpointUrl));
  const { Entries = [] } = await events.send(new PutEventsCommand({ Entries: [entry] }));
  return Entries[0]?.EventId ?? '';
}

/** Lets relay time pass until a reveal has ended. */
async function ended(taskId: string) {
  for (;;) {
    const record = await lab.test.relay.record(taskId);
    if (record && record.status !== 'running') return record;
    await lab.pass(5_000);
  }
}

it('starts what a fault had stopped, and leaves a malformed request to its sender, until it is told to drop it', async () => {
  // Lambda's three attempts, of as many calls each as the SDK makes.
  const times = 3 * burstClientOptions.maxAttempts;
  lab.between.arm([{ handler: 'Request', operation: 'reveals.PutItem', times, how: 'failing' }]);
  const { taskId } = lab.addTask({ durationMs: 1 });
  const stopped = await ask({ taskId });
  const malformed = await ask({ task: 'ada@example.com' });
  // Lambda tries again after one minute and after two more.
  while (lab.letters().length < 2) await lab.pass(30_000);
  expect(lab.between.disarm()).toEqual([]);

  const before = lab.letters();
  const dry = await run('--dry-run');
  expect(dry.code).toBe(0);
  expect(dry.stdout).toContain(`request ${stopped} for ${taskId} (RelayFault): would be sent again\n`);
  expect(dry.stdout).toMatch(/\n2 letters: 1 would be sent again, 0 would be dropped, 1 left, 0 failed\n$/);
  expect(lab.letters()).toEqual(before);
  expect(await lab.test.relay.record(taskId)).toBeUndefined();

  const redriven = await run('');
  expect(redriven.code).toBe(0);
  expect(redriven.stdout).toMatch(
    new RegExp(`^request ${stopped} for ${taskId} \\(RelayFault\\): sent again as [0-9a-f-]{36}$`, 'm'),
  );
  expect(redriven.stdout).toMatch(
    new RegExp(
      `^request ${malformed} \\(rejected: The detail .* must hold either taskId or linkedinUrl.*\\): left$`,
      'm',
    ),
  );
  expect(redriven.stdout).toMatch(/\n2 letters: 1 sent again, 0 dropped, 1 left, 0 failed\n$/);
  expect(redriven.stderr).toContain('--drop-rejected');
  expect(redriven.stdout).not.toContain('@');
  expect(await ended(taskId)).toMatchObject({ status: 'completed', generation: 1 });

  expect((await run('--drop-rejected')).stdout).toMatch(/\n1 letter: 0 sent again, 1 dropped, 0 left, 0 failed\n$/);
  expect(lab.letters()).toEqual([]);
  expect(await run('')).toEqual({
    code: 0,
    stdout: '0 letters: 0 sent again, 0 dropped, 0 left, 0 failed\n',
    stderr: '',
  });
});

it('sends what EventBridge could not hand over, a request that is running already included', async () => {
  const { relay } = lab.test;
  const { taskId } = lab.addTask({ durationMs: 1 });
  const queue = relay.deployment.stack.ofType('AWS::SQS::Queue')[0]?.attributes.Arn ?? '';
  const letter = JSON.stringify({
    id: '1',
    'detail-type': eventTypes.requested,
    source: 'crm',
    time: '2026-11-23T12:00:00Z',
    resources: [],
    detail: { taskId },
  });
  const attributes = { ERROR_CODE: { DataType: 'String', StringValue: 'NO_PERMISSIONS' } };
  for (let copies = 0; copies < 2; copies += 1) relay.queues.send(queue, letter, attributes);
  const { [outputNames.deadLetters]: url, [outputNames.eventBus]: bus } = relay.outputs;
  const { stdout } = await run(`--queue ${url} --bus ${bus}`, { RELAY_OUTPUTS: '/nowhere' });
  expect(stdout.match(/request 1 for \S+ \(NO_PERMISSIONS\): sent again as/g)).toHaveLength(2);
  expect(await ended(taskId)).toMatchObject({ status: 'completed', generation: 1 });
});

it('says what to do when the queue cannot be read, and ends with 1', async () => {
  const { code, stderr } = await run('--queue https://sqs.us-east-1.amazonaws.com/1/none --bus b');
  expect(code).toBe(1);
  expect(stderr).toMatch(/^The queue could not be read \(QueueDoesNotExist: .*\): check its URL/);
});

it.each([
  ['', {}, 'Say which relay: --outputs FILE, or --queue URL and --bus NAME.'],
  ['--queue https://q.example', {}, '--queue and --bus go together'],
  ['', { DEAD_LETTERS_URL: 'https://q.example' }, 'DEAD_LETTERS_URL and EVENT_BUS_NAME go together'],
  ['--queue q --bus b', {}, 'the queue is no URL'],
  ['--outputs /nowhere --bus b', {}, '--outputs says where queue and bus are'],
  ['--outputs /nowhere', {}, '/nowhere cannot be read: write it with `npx cdk deploy --outputs-file /nowhere`'],
  ['--outputs package.json', {}, 'package.json has no stack with the outputs DeadLettersUrl, EventBusName'],
  ['--outputs README.md', {}, 'README.md is no JSON'],
  ['--limit 0', {}, '--limit takes a number from 1 to 100000'],
  ['--all', {}, "Unknown option '--all'"],
])('refuses wrong usage (%s %j), and ends with 2', async (line, environment, message) => {
  const { code, stdout, stderr } = await run(line, environment);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr.trimEnd().split('\n').at(-1)).toContain(message);
  expect(stderr).toMatch(/^Usage: npm run redrive -- \[options\]\n/);
});

it('does not guess between two relays in one account', async () => {
  const file = `${await temporaryFolder()}/outputs.json`;
  await writeFile(file, JSON.stringify({ A: lab.test.relay.outputs, B: lab.test.relay.outputs }));
  expect((await run(`--outputs ${file}`)).stderr).toContain(`${file} has several relays (A, B)`);
});

it('prints the usage when it is asked for it', async () => {
  expect(await run('--help')).toEqual({ code: 0, stdout: redriveUsage, stderr: '' });
});
