import { createServer } from 'node:http';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { reveal } from '../../../cli/client/client.ts';
import { clientUsage } from '../../../cli/client/client-usage.ts';
import { listPrices } from '../../../lambdas/contract.ts';
import { listenOnLoopback, stopListening } from '../../../local/services/loopback.ts';
import { startTestRelay, type TestRelay } from '../../support/relay.ts';

let relay: TestRelay;
beforeAll(async () => {
  relay = await startTestRelay({ httpPort: 0, speed: 2_000 });
});
afterAll(() => relay.close());

/** What `npm run reveal` does and prints, on this relay unless the arguments say otherwise. */
async function run(
  line: string,
  environment: Record<string, string> = {},
  { stdin = '', columns }: { stdin?: string; columns?: number } = {},
) {
  const printed = { stdout: '', stderr: '' };
  const screen = (name: keyof typeof printed) => ({
    ...(columns !== undefined && { isTTY: true, columns }),
    write: (text: string) => {
      printed[name] += text;
    },
  });
  const code = await reveal({
    given: line.split(' ').filter(Boolean),
    stdin: Readable.from([stdin]),
    environment: { REVEAL_RELAY_URL: relay.relay.deployment.httpUrl ?? '', ...environment },
    stdout: screen('stdout'),
    stderr: screen('stderr'),
    credentials: async () => {
      throw new Error('no credentials here');
    },
    interrupted: new AbortController().signal,
  });
  return { code, ...printed };
}

it('starts a reveal, watches it to its end, shows it, and erases it', async () => {
  const started = await run('start quick-1 --reference lead-7');
  expect(started).toMatchObject({ code: 0, stdout: expect.stringMatching(/^quick-1 started\n/), stderr: '' });

  const watched = await run('watch quick-1');
  expect(watched.stdout).toMatch(/quick-1: completed\n {2}reference +lead-7\n/);
  expect(watched.code).toBe(0);

  const shown = await run('get quick-1 --include lowQualityEmails');
  expect(shown.stdout).toMatch(/e-mails +\S+@example\.com \(work\)/);
  expect(shown.stdout).toMatch(/low quality +\S+@example\./);
  expect((await run('get quick-1')).stdout).not.toContain('low quality');

  expect((await run('start quick-1 --reference other')).stdout).toMatch(
    /^quick-1 is there already: completed, \d+ (minutes|hours) old \(its reference stays as it was first asked for\)\n$/,
  );
  expect(await run('cancel quick-1')).toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringContaining('409: Nothing to cancel'),
  });
  const erased = await run('erase quick-1');
  expect(erased.stdout).toMatch(/^quick-1: completed and erased\n/);
  expect(erased.stdout).not.toContain('@');
});

it('says that there was nothing to find, which is fine, and why a reveal failed, which is not', async () => {
  await run('start empty-1 failed-1');
  const empty = await run('watch empty-1');
  expect(empty.stdout).toMatch(/empty-1: completed \(nothing found\)\n/);
  expect(empty.stdout).toMatch(/charge +credits-refunded, \d+ credits refunded\n/);
  expect(empty.code).toBe(0);
  const failed = await run('watch failed-1');
  expect(failed.stdout).toMatch(/failure +\w+/);
  expect(failed.code).toBe(1);
});

it('has an answer read again', async () => {
  await run('start quick-reread');
  await run('watch quick-reread');
  expect(await run('reread quick-reread')).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^quick-reread: completed\n/),
  });
  await run('start never-2');
  expect(await run('reread never-2')).toMatchObject({ code: 1, stderr: expect.stringContaining('404: Look at') });
});

it('cancels a reveal and starts it over, and ends with 1 when what it watched did not complete', async () => {
  await run('start never-1');
  expect((await run('cancel never-1')).stdout).toMatch(/^never-1: cancelled \(cancelled-by-caller\)\n/);
  expect(await run('watch never-1')).toMatchObject({ code: 1 });
  expect((await run('resume never-1')).stdout).toMatch(/^never-1 started again, as generation 2\n/);
});

it('sends several ids as one batch, says what became of each, and ends with 1 if one was refused', async () => {
  const fine = await run('start quick-2 quick-3');
  expect(fine).toEqual({
    code: 0,
    stdout: 'quick-2 started\nquick-3 started\nstarted 2, there already 0, refused 0\n',
    stderr: '',
  });
  const mixed = await run('start quick-2 ada@example.com');
  expect(mixed.code).toBe(1);
  expect(mixed.stdout).toMatch(/422: Correct the body as the detail says\. This item: taskId must hold only/);
  expect(mixed.stdout).toMatch(/started 0, there already 1, refused 1\n$/);
});

it('starts a reveal of a person, says what it costs, shows what it has cost, and erases it by the person', async () => {
  const profile = 'https://www.linkedin.com/in/quick-ada';
  const started = await run(`start --profile ${profile} --find work-emails,personal-emails`);
  expect(started).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^person-1-[0-9a-f]{40} started \(list price 9 credits\)\nFollow it: /),
  });
  const [id = ''] = started.stdout.split(' ');
  await run(`watch ${id}`);
  const shown = await run(`get ${id}`);
  expect(shown.stdout).toContain(`profile          ${profile}\n`);
  expect(shown.stdout).toMatch(/looks for +work-emails, personal-emails \(list price 9 credits\)\n/);
  expect(shown.stdout).toMatch(/task +started\n/);
  expect(shown.stdout).toMatch(/start charged +9 credits\n/);

  const again = await run('start --profile linkedin.com/in/Quick-Ada');
  expect(again.stdout).toMatch(/is there already: completed, \d+ minutes old \(not asked for phone-numbers\)\n$/);
  const erased = await run(`erase --profile ${profile}`);
  expect(erased.stdout).toMatch(/^person-1-\w+: completed and erased\n/);
  expect(erased.stdout).not.toMatch(/quick-ada|@/);
});

it('shows what was given back of what a start has cost', async () => {
  const [id = ''] = (await run('start --profile https://www.linkedin.com/in/empty-bob')).stdout.split(' ');
  const { stdout } = await run(`watch ${id}`);
  expect(stdout).toMatch(/start charged +12 credits\n/);
  expect(stdout).toMatch(/charge +credits-refunded, 12 credits, 12 credits refunded\n/);
});

it('starts people and tasks as one batch that is capped under its key', async () => {
  const people = '--profile https://www.linkedin.com/in/quick-b1 --profile https://www.linkedin.com/in/quick-b2';
  const { code, stdout } = await run(`start quick-b3 ${people} --max-credits 12 --key campaign-7 --find work-emails`);
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /^quick-b3 started\nhttps:\S+\/quick-b1: person-1-\w+ started\nhttps:\S+\/quick-b2: person-1-\w+ started\n/,
  );
  const [, one = '', two = ''] = stdout.match(/: (person-1-\w+).*: (person-1-\w+)/s) ?? [];
  const ended = [await run(`watch ${one}`), await run(`watch ${two}`)].map(({ stdout }) => stdout);
  expect(ended.join('')).toContain('start charged');
});

it('asks for a new result under a key', async () => {
  const asked = '--profile https://www.linkedin.com/in/quick-carl';
  const [id = ''] = (await run(`start ${asked}`)).stdout.split(' ');
  await run(`watch ${id}`);
  expect((await run(`start ${asked} --max-age 0 --key k-1`)).stdout).toContain('started again, as generation 2');
});

it('puts on the brake and lets go of it', async () => {
  expect(await run('starts')).toMatchObject({ code: 0, stdout: 'Tasks are started\n' });
  expect(await run('starts pause')).toMatchObject({ code: 0, stdout: 'Starts are paused: starts-paused\n' });
  const [id = ''] = (await run('start --profile https://www.linkedin.com/in/quick-braked')).stdout.split(' ');
  expect((await run(`get ${id}`)).stdout).toMatch(/task +waiting\n.*paused +starts-paused\n/s);
  expect(await run('starts go')).toMatchObject({ code: 0, stdout: 'Tasks are started\n' });
  expect(await run(`watch ${id}`)).toMatchObject({ code: 0 });
});

it('resumes with what somebody has found out about a start', async () => {
  await run('start never-3');
  await run('cancel never-3');
  expect(await run('resume never-3 --task-id other-task')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('409: Leave out taskId'),
  });
  expect((await run('resume never-3 --start-again')).stdout).toContain('started again, as generation 2');
});

it('cancels, resumes and erases several at once, with a line for each, and ends with 1 if one was refused', async () => {
  await run('start never-a never-b quick-many');
  await run('watch quick-many');
  const cancelled = await run('cancel never-a never-b never-a');
  expect(cancelled).toEqual({
    code: 0,
    stdout: 'never-a: cancelled (cancelled-by-caller)\nnever-b: cancelled (cancelled-by-caller)\ndone 2, refused 0\n',
    stderr: '',
  });
  const resumed = await run('resume -', {}, { stdin: 'never-a\n\n  never-b\r\nquick-many\nnever-a' });
  expect(resumed.stdout).toMatch(
    /^never-a started again, as generation 2\nnever-b started again, as generation 2\nquick-many is there already: completed.*\ndone 3, refused 0\n$/,
  );
  const erased = await run('erase - --json', {}, { stdin: 'never-a\nnobody' });
  expect(erased.code).toBe(1);
  expect(JSON.parse(erased.stdout)).toMatchObject({
    results: [
      { id: 'never-a', status: 200, body: { status: 'cancelled' } },
      { id: 'nobody', status: 404, body: { type: '/problems/no-such-reveal' } },
    ],
  });
  expect(await run('cancel quick-many never-b')).toMatchObject({
    code: 1,
    stdout: 'never-b: cancelled (cancelled-by-caller), generation 2\ndone 1, refused 1\n',
    stderr: expect.stringMatching(/^quick-many: 409: Nothing to cancel/),
  });
});

it('does nothing if one of the ids on stdin is none', async () => {
  await run('start never-c');
  const refused = await run('cancel -', {}, { stdin: 'never-c\nada@example.com\n' });
  expect(refused).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/Line 2 of stdin is no id: nothing was done\.\n$/),
  });
  expect((await run('get never-c')).stdout).toMatch(/^never-c: running\n/);
});

it('lists reveals under a header, with counts and reasons, and says that there is more unless it is asked for all', async () => {
  await run('start never-d --reference lead-7');
  for (const id of ['quick-a', 'quick-b', 'quick-c']) await run(`start ${id}`);
  await run('watch quick-c');
  await run('cancel never-d');
  const some = await run('list --limit 2');
  expect(some.stdout).toMatch(/^STARTED \(UTC\) +STATUS .*ID\n(\d{4}-\d\d-\d\d \d\d:\d\d {2}\w+ .*quick-[bc]\n){2}$/);
  expect(some.stderr).toBe('There are more: --all lists them.\n');
  const all = await run('list --limit 2 --all');
  for (const id of ['quick-a', 'quick-b', 'quick-c']) expect(all.stdout).toContain(`  ${id}\n`);
  expect(all.stdout).toMatch(/ completed +\d +\d +quick-c\n/);
  expect(all.stdout).toMatch(/ cancelled +cancelled-by-caller +lead-7 +never-d\n/);
  expect(all.stderr).toBe('');
  const json = JSON.parse((await run('list --all --json')).stdout);
  expect(json.reveals.map(({ revealId }: { revealId: string }) => revealId)).toContain('quick-a');
  expect(json).not.toHaveProperty('cursor');
  expect(JSON.parse((await run('list --limit 2 --json')).stdout)).toEqual({
    reveals: [expect.anything(), expect.anything()],
    cursor: expect.any(String),
  });
});

it.each([44, 80])('keeps to a terminal of %i columns, status and id first', async (columns) => {
  await run('start --profile https://www.linkedin.com/in/never-wide');
  await run('start never-e --reference a-reference-of-the-caller');
  const { stdout, stderr } = await run('list --all', {}, { columns });
  const lines = stdout.trimEnd().split('\n');
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(columns);
  expect(lines[0]).toMatch(/STATUS .*ID$/);
  expect(stdout).toMatch(/running .*never-e\n/);
  expect(stderr.includes('Ids are cut to fit')).toBe(columns < 60);
});

it('breaks no address and no word where a terminal is narrow, whether it shows a reveal or a problem', async () => {
  await run('start quick-narrow');
  await run('watch quick-narrow');
  const shown = await run('get quick-narrow', {}, { columns: 44 });
  expect(shown.stdout).toMatch(/^ {2}e-mails\n {4}work\.\w+@example\.com \(work\)/m);
  const refused = await run('cancel quick-narrow', {}, { columns: 44 });
  expect(refused.stderr).toMatch(/^409: Nothing to cancel: the reveal has\ncompleted\./);
  const several = await run('cancel quick-narrow nobody-narrow', {}, { columns: 44 });
  expect(several.stderr).toMatch(/^nobody-narrow: 404: Start the reveal first\nwith/m);
  for (const line of (shown.stdout + refused.stderr + several.stderr).split('\n'))
    expect(line.length).toBeLessThanOrEqual(44);
});

it('says that a list is empty', async () => {
  expect(await run('list --status errored')).toEqual({ code: 0, stdout: 'No reveal is like that.\n', stderr: '' });
});

it('prints what the API answers with --json, problems too', async () => {
  const { stdout } = await run('start quick-4 --json');
  expect(JSON.parse(stdout)).toMatchObject({ revealId: 'quick-4', status: 'running' });
  const watched = await run('watch quick-4 --json');
  expect(JSON.parse(watched.stdout)).toMatchObject({ status: 'completed', result: { emails: expect.any(Array) } });
  const refused = await run('get nobody --json');
  expect(JSON.parse(refused.stdout)).toMatchObject({ type: '/problems/no-such-reveal' });
  expect(refused).toMatchObject({ code: 1, stderr: '' });
});

it('says what to do when nobody answers, or somebody else does', async () => {
  const server = createServer((_request, response) => response.end('<html>')).unref();
  const url = await listenOnLoopback(server);
  expect(await run(`get a --url ${url}`)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("check that the relay's API is there"),
  });
  await stopListening(server);
  expect(await run(`get a --url ${url}`)).toEqual({
    code: 1,
    stdout: '',
    stderr: `Nobody answers at ${url}: start the relay with \`npm run local\`, or say with --url where it is.\n`,
  });
});

it('sends the token that it is given, and signs for an API on AWS otherwise', async () => {
  const seen: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    seen.push(request.headers.authorization);
    response.writeHead(403, { 'content-type': 'application/json' }).end('{"message":"Forbidden"}');
  });
  const url = await listenOnLoopback(server);
  const refused = await run(`get a --url ${url}/ --token abc`);
  await stopListening(server);
  expect(seen).toEqual(['Bearer abc']);
  expect(refused.stderr).toMatch(/^403: Forbidden API Gateway lets principals in that have execute-api:Invoke/);

  const unsigned = await run('get a --url https://x.execute-api.eu-west-1.amazonaws.com');
  expect(unsigned).toMatchObject({ code: 1, stderr: expect.stringMatching(/no credentials here.*log in to AWS/) });
});

it.each([
  ['', 'Give a command: start, get,'],
  ['reveal a', 'There is no command "reveal"'],
  ['get', 'Give the id: npm run reveal -- get ID'],
  ['get a b', 'get takes one id at a time'],
  ['get ../a', 'This is no id'],
  ['get a --status running', '--status is not for get'],
  ['list a', 'list takes no id'],
  ['start a b --reference c', '--reference names one reveal'],
  ['get a --url somewhere', '--url is no address'],
  ['get a --url http://relay.example --token t', 'The token would go over the network unencrypted'],
  ['start', 'Give the id of a task, or a profile'],
  ['start --profile a --max-age soon', '--max-age takes a whole number'],
  ['start --profile a --max-age 0', 'Give a --key of your own'],
  ['start a b --max-credits 5', 'Give a --key of your own'],
  ['start a --max-credits 5 --key k', '--max-credits caps a batch'],
  ['erase a --profile b', 'erase takes ids, or one --profile'],
  ['erase', 'Give ids, or - to read them from stdin: npm run reveal -- erase ID…'],
  ['cancel a ../b', 'This is no id'],
  ['cancel -', 'There is no id on stdin'],
  ['resume a --start-again --task-id b', 'not both'],
  ['resume a b --task-id c', '--task-id is the task of one reveal'],
  ['starts stop', 'starts takes pause or go'],
  ['cancel a --profile b', '--profile is not for cancel'],
  ['get a --verbose', "Unknown option '--verbose'"],
])('refuses wrong usage (%s), and ends with 2', async (line, message) => {
  const { code, stdout, stderr } = await run(line);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr.trimEnd().split('\n').at(-1)).toContain(message);
  expect(stderr).toMatch(/^Usage: npm run reveal -- COMMAND \[options\]\n/);
});

it('prints the usage when it is asked for it, with what each bundle costs', async () => {
  for (const { find, credits } of listPrices)
    expect(clientUsage).toMatch(new RegExp(` ${credits}  ${find.join(',')}\n`));
  expect(await run('--help')).toEqual({ code: 0, stdout: clientUsage, stderr: '' });
});
