import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { doctor } from '../../../cli/doctor/doctor.ts';
import { doctorUsage } from '../../../cli/doctor/doctor-arguments.ts';
import type { Finding } from '../../../cli/doctor/finding.ts';
import type { AwsOptions } from '../../../cli/doctor/secret-key.ts';
import { outputNames } from '../../../lambdas/contract.ts';
import { StandInFiber, type StandInFiberOptions } from '../../../local/fiber/index.ts';
import { localClientOptions } from '../../../local/services/client-options.ts';
import { atRawVendor, type OnWire, respond } from '../../support/raw-vendor.ts';
import { startTestRelay, type TestRelay } from '../../support/relay.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const apiKey = 'fiber-key-77b1c0';

async function run(given: string[], environment: Record<string, string>, aws?: AwsOptions) {
  const printed = { stdout: '', stderr: '' };
  const screen = (name: keyof typeof printed) => ({
    write: (text: string) => {
      printed[name] += text;
    },
  });
  const context = { given, environment, interrupted: new AbortController().signal, ...(aws && { aws }) };
  const code = await doctor({ ...context, stdout: screen('stdout'), stderr: screen('stderr') });
  expect(printed.stdout + printed.stderr).not.toContain(apiKey);
  return { code, ...printed };
}

let fibers: StandInFiber[] = [];
afterEach(async () => {
  await Promise.all(fibers.map((fiber) => fiber.close()));
  fibers = [];
});
async function vendor(options: Partial<StandInFiberOptions> = {}) {
  const fiber = await StandInFiber.listen({ apiKey, ...options });
  fibers.push(fiber);
  return fiber;
}

/** What is found out about this account, beside the defaults or a deployment. */
async function examine(baseUrl: string, { key = apiKey, given = [] as string[] } = {}) {
  const { code, stdout } = await run(['--json', ...given], { FIBER_API_KEY: key, FIBER_BASE_URL: baseUrl });
  const { findings } = JSON.parse(stdout) as { findings: Finding[] };
  const changes = findings.filter(({ kind }) => kind === 'change').map(({ text }) => text);
  return { code, changes, of: (subject: string) => findings.find((finding) => finding.subject === subject) };
}

/** The outputs of a deployed relay that is set to this. */
async function outputsOf(settings: object, others: Record<string, string> = {}) {
  const file = `${await temporaryFolder()}/outputs.json`;
  const outputs = {
    [outputNames.settings]: JSON.stringify({ pollsPerMinute: 240, startsPerMinute: 120, keyShare: 1, ...settings }),
    [outputNames.apiKeySecret]: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:Key-a1b2c3',
    [outputNames.api]: 'https://abc123.execute-api.eu-west-1.amazonaws.com/',
    ...others,
  };
  await writeFile(file, JSON.stringify({ RevealRelay: outputs }));
  return file;
}

describe('beside an account, the doctor', () => {
  it('says line by line that all is well, and ends with 0', async () => {
    const { url } = await vendor({ credits: 5_000 });
    const { code, stdout } = await run([], { FIBER_API_KEY: apiKey, FIBER_BASE_URL: url });
    expect(stdout.replaceAll(url, 'URL')).toBe(`The account at URL, compared with the defaults of this version
  ok      key      The vendor takes it, and it is no sandbox key.
  ok      polls    The account allows 240 polls a minute, and the relay uses all of them: set a keyShare below 1 if others use the key.
  ok      starts   The account allows 120 starts a minute, and the relay uses all of them: set a keyShare below 1 if others use the key.
  ok      credits  5000 credits are left, enough for 416 starts of everything; the period ends on 2026-12-01.
  note    cap      maxCreditsPerDay is not set: starts may spend up to 1440 credits a minute, until none are left.
  ok      prices   As the relay reckons: 12 for everything, 9 for work-emails and personal-emails, 5 for work-emails, 5 for personal-emails, 4 for phone-numbers.
Nothing to change.
`);
    expect(code).toBe(0);
  });

  it('says which settings are above what the account allows, and ends with 1', async () => {
    const { url } = await vendor({ limit: { polls: 120, starts: 60 } });
    expect(await examine(url)).toMatchObject({
      code: 1,
      changes: [
        'Set pollsPerMinute to 120: the account allows 120 polls a minute, the relay is set to 240.',
        'Set startsPerMinute to 60: the account allows 60 starts a minute, the relay is set to 120.',
      ],
    });
  });

  it('notes what the account allows beyond what the relay is set to', async () => {
    const { url } = await vendor({ limit: { polls: 40, starts: 120, windowMs: 5_000 } });
    const { code, of } = await examine(url);
    expect(of('polls')).toMatchObject({
      kind: 'note',
      text: 'The account allows 40 polls in 5 seconds, the relay is set to 240: a pollsPerMinute of 480 would use it all.',
    });
    expect(code).toBe(0);
  });

  it.each([
    [5, 'Top up the account: 5 credits are left, and a start costs up to 12.'],
    [20, 'Top up the account: 20 credits are left, enough for 1 start.'],
    [99, 'Top up the account: 99 credits are left, enough for 8 starts.'],
  ])('says to top up when %d credits are left', async (credits, change) => {
    const { url } = await vendor({ credits });
    expect(await examine(url)).toMatchObject({ code: 1, changes: [change] });
  });

  it('knows a sandbox key', async () => {
    const key = 'sk_test_41';
    const { url } = await vendor({ apiKey: key });
    expect((await examine(url, { key })).changes).toEqual([
      'Give a live key in FIBER_API_KEY: this is a sandbox key, with which nothing is charged and no reveal is played.',
    ]);
  });

  it('reads credits and prices that are stated in hundredths', async () => {
    const { url } = await vendor({ credits: 5_000, statement: 'hundredths' });
    const { code, of } = await examine(url);
    expect(of('credits')).toMatchObject({ kind: 'fine', text: expect.stringMatching(/^5000 credits are left, /) });
    expect(of('prices')).toMatchObject({
      kind: 'fine',
      text: expect.stringMatching(/: 12 for .*, stated in hundredths\.$/),
    });
    expect(code).toBe(0);
  });

  it('does not guess what credits are stated in', async () => {
    const { url } = await vendor({ credits: 7, statement: 'without-prices' });
    const { code, of } = await examine(url);
    expect(of('credits')).toMatchObject({
      kind: 'note',
      text: expect.stringMatching(/^The vendor states 7, and no price/),
    });
    expect(of('prices')).toMatchObject({ kind: 'note' });
    expect(code).toBe(0);
  });

  it('says once, and without the key, that the vendor refuses it', async () => {
    const { url } = await vendor({ apiKey: 'another' });
    expect((await examine(url)).changes).toEqual([
      'Give a live key in FIBER_API_KEY: the vendor refuses this key (status 401).',
    ]);
    expect((await examine(url, { key: 'no key' })).changes).toEqual([
      'Give a live key in FIBER_API_KEY: the vendor refuses this key.',
    ]);
  });

  it('says how long to wait when it has asked too often', async () => {
    const { url } = await vendor({ limit: { questions: 0 }, now: () => 1_000_000 });
    const { code, changes } = await examine(url);
    expect(changes).toEqual([
      expect.stringMatching(/^Wait \d+ s and run this again: the vendor answers no more questions about the account/),
    ]);
    expect(code).toBe(1);
  });

  it('says that nobody answers', async () => {
    const fiber = await StandInFiber.listen({ apiKey });
    await fiber.close();
    expect(await examine(fiber.url)).toMatchObject({
      code: 1,
      changes: [`Check the network and the address: ${fiber.url} does not answer (no-connection).`],
    });
  });

  it.each<[string, OnWire, string]>([
    ['a fault', respond({ message: 'no' }, {}, '503 Oh'), 'server-error, status 503'],
    ['a page', respond('<html>'), 'not-json, status 200'],
    ['an end', '', 'cut-off'],
  ])('says what it could not read when the vendor sends %s', async (_what, onWire, why) => {
    const { answer } = await atRawVendor(onWire, examine);
    expect(answer.changes).toEqual([
      `Run this again later: the limits could not be read (${why}).`,
      `Run this again later: the credits could not be read (${why}).`,
    ]);
  });

  it('puts the key into a header and into no address', async () => {
    const { request } = await atRawVendor(respond({ output: {} }), examine);
    const [lines, keys] = [request.match(/^GET .*$/gm), request.match(/^x-api-key: .*$/gm)];
    expect(lines?.map((line) => line.trim()).sort()).toEqual([
      'GET /v1/get-org-credits HTTP/1.1',
      'GET /v1/rate-limits HTTP/1.1',
    ]);
    expect(keys).toHaveLength(2);
    expect(request.split(apiKey)).toHaveLength(3);
  });
});

describe('beside a deployed relay, the doctor', () => {
  let test: TestRelay;
  let fiberBaseUrl: string;
  let secret: { [name: string]: string };
  let aws: AwsOptions;
  beforeAll(async () => {
    test = await startTestRelay({ apiKey });
    fiberBaseUrl = test.fiber.url;
    secret = { [outputNames.apiKeySecret]: String(test.relay.outputs[outputNames.apiKeySecret]) };
    aws = localClientOptions(test.relay.deployment.endpointUrl);
  });
  afterAll(() => test.close());

  it('compares what that is set to, with the key of its secret', async () => {
    const file = await outputsOf({ fiberBaseUrl, pollsPerMinute: 300, keyShare: 0.5, maxCreditsPerDay: 1_200 }, secret);
    const { code, stdout } = await run(['--outputs', file], {}, aws);
    expect(stdout).toContain(`The account at ${fiberBaseUrl}, compared with ${file}\n`);
    expect(stdout).toContain('change  polls    Set pollsPerMinute to 240: the account allows 240 polls a minute, ');
    expect(stdout).toContain('120 starts a minute, and the relay uses 60 of them (keyShare 0.5).');
    expect(stdout).toContain('A day costs 1200 credits at most, which is 100 starts of everything.');
    expect(code).toBe(1);
  });

  it('compares a cap with what is left, and with what a start costs', async () => {
    const high = await outputsOf({ fiberBaseUrl, maxCreditsPerDay: 200_000 }, secret);
    expect((await run([], { RELAY_OUTPUTS: high }, aws)).stdout).toContain(
      'Top up the account: 100000 credits are left, less than the 200000 that a day may cost (maxCreditsPerDay).',
    );
    const low = await outputsOf({ fiberBaseUrl, maxCreditsPerDay: 5 }, secret);
    expect((await run(['--outputs', low], {}, aws)).stdout).toContain('Set maxCreditsPerDay to 12 or more: at 5, ');
  });

  it('sends the key to the vendor of the relay alone, and prefers one that it is given', async () => {
    const other = await vendor({ apiKey: 'another' });
    const file = await outputsOf({ fiberBaseUrl: other.url }, secret);
    const { stdout } = await run(['--outputs', file], { FIBER_BASE_URL: fiberBaseUrl, FIBER_API_KEY: 'another' }, aws);
    expect(stdout).toContain(`The account at ${other.url}, `);
    expect(stdout).toContain('ok      key');
  });

  it('says what to do when the secret cannot be read, or holds no key', async () => {
    const nobody = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:Nobody-a1b2c3';
    const file = await outputsOf({ fiberBaseUrl }, { [outputNames.apiKeySecret]: nobody });
    const { code, stdout } = await run(['--outputs', file], {}, aws);
    expect(stdout).toMatch(
      /change {2}key {6}Put the key into the secret \(output FillApiKeyWith\), or let yourself read it/,
    );
    expect(code).toBe(1);
    const unreachable = { ...aws, endpoint: 'http://127.0.0.1:9', maxAttempts: 1 };
    expect((await run(['--outputs', file], {}, unreachable)).stdout).toMatch(/change {2}key {6}Log in to AWS, /);
  });
});

describe('beside a relay of npm run local, the doctor', () => {
  it('asks its stand-in', async () => {
    const { url } = await vendor({ apiKey: 'placeholder-key' });
    const file = await outputsOf({ fiberBaseUrl: url }, { [outputNames.api]: 'http://127.0.0.1:8787' });
    expect(await run(['--outputs', file], {})).toMatchObject({ code: 0, stdout: expect.stringContaining(url) });
  });

  it('needs the key of a real vendor', async () => {
    const file = await outputsOf(
      { fiberBaseUrl: 'https://api.fiber.ai' },
      { [outputNames.api]: 'http://127.0.0.1:8787' },
    );
    expect(await run(['--outputs', file], {})).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^Set FIBER_API_KEY to the key that `npm run local` was given/m),
    });
  });
});

describe('wrong usage', () => {
  it('is explained, and ends with 2', async () => {
    expect(await run([], {})).toEqual({
      code: 2,
      stdout: '',
      stderr:
        'Usage: npm run reveal -- doctor [options]\nAll of it: the same with --help\n\nSay what to look at: --outputs FILE of a relay, or set FIBER_API_KEY to compare an account with the defaults.\n',
    });
    expect((await run(['--nonsense'], {})).stderr).toMatch(/^Unknown option '--nonsense'/m);
    expect((await run(['--outputs', '/nowhere.json'], {})).stderr).toMatch(/^\/nowhere\.json cannot be read/m);
    expect((await run(['--outputs='], {})).stderr).toMatch(/^--outputs is empty/m);
    const old = await outputsOf({}, { [outputNames.settings]: 'nothing' });
    expect((await run(['--outputs', old], {})).stderr).toMatch(/the output RelaySettings cannot be read\. Deploy this/);
  });

  it('is answered from the command line of the client', async () => {
    const repository = fileURLToPath(new URL('../../..', import.meta.url));
    const child = spawn(process.execPath, ['--import', 'tsx', 'bin/reveal.ts', 'doctor', '--help'], {
      cwd: repository,
    });
    let stdout = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    expect(await new Promise((resolve) => child.once('close', resolve))).toBe(0);
    expect(stdout).toBe(doctorUsage);
  });
});
