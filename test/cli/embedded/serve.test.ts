import { createServer } from 'node:http';
import { expect, it } from 'vitest';
import { serve } from '../../../cli/embedded/serve.ts';
import { readServeArguments, serveUsage } from '../../../cli/embedded/serve-arguments.ts';
import { lockFolder } from '../../../local/data/folder-lock.ts';
import { listenOnLoopback, stopListening } from '../../../local/services/loopback.ts';
import { testAssembly } from '../../support/assembly.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** `npm run local` in this process, told of each line that it prints. */
async function serveHere(
  given: string[],
  onLine: (line: string, interrupt: () => void) => void = () => {},
  environment: Record<string, string> = {},
) {
  const interruption = new AbortController();
  const printed = { stdout: '', stderr: '' };
  const screen = (name: keyof typeof printed) => ({
    write: (text: string) => {
      printed[name] += text;
      for (const line of text.trimEnd().split('\n')) onLine(line, () => interruption.abort());
    },
  });
  const code = await serve({
    given,
    environment,
    stdout: screen('stdout'),
    stderr: screen('stderr'),
    assembly: await testAssembly(),
    interrupted: interruption.signal,
  });
  return { code, ...printed };
}

it('says where it listens, prints each request and each event on a line, and ends with 0 when it is interrupted', async () => {
  const given = ['--port', '0', '--data', await temporaryFolder(), '--speed', '2000'];
  const { code, stdout, stderr } = await serveHere(given, (line, interrupt) => {
    const [, url] = /^listening on (\S+)$/.exec(line) ?? [];
    const body = JSON.stringify({ taskId: 'quick-1' });
    if (url) {
      void fetch(`${url}/reveals/jane@example.com`).then(() =>
        fetch(`${url}/reveals`, { method: 'POST', body, headers: { 'content-type': 'application/json' } }),
      );
    }
    if (line.startsWith('event ')) interrupt();
  });
  expect(stdout).toMatch(/^listening on http:\/\/127\.0\.0\.1:\d+$/m);
  expect(stdout).toMatch(/^POST \/reveals 202$/m);
  expect(stdout).toMatch(/^GET \/… 404$/m);
  expect(stdout).toMatch(/^event Contact Reveal Completed quick-1 completed \{.*\} id [0-9a-f]{32}$/m);
  expect(stdout).not.toContain('@');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
});

it('goes from a profile to a contact, and prints neither', async () => {
  const given = ['--port', '0', '--data', await temporaryFolder(), '--speed', '2000'];
  const { stdout } = await serveHere(given, (line, interrupt) => {
    const [, url] = /^listening on (\S+)$/.exec(line) ?? [];
    const body = JSON.stringify({ linkedinUrl: 'https://www.linkedin.com/in/ada-example-7' });
    if (url) void fetch(`${url}/reveals`, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
    if (line.startsWith('event ')) interrupt();
  });
  expect(stdout).toMatch(/^POST \/reveals 202$/m);
  expect(stdout).toMatch(/^event Contact Reveal Completed person-1-[0-9a-f]{40} completed \{"emails":2/m);
  expect(stdout).not.toMatch(/ada-example|@/);
});

it('says what to do when the port is taken, or the folder is', async () => {
  const data = await temporaryFolder();
  const server = createServer();
  const port = new URL(await listenOnLoopback(server)).port;
  expect(await serveHere(['--port', port, '--data', data])).toMatchObject({
    code: 1,
    stderr: 'The port is taken: give another one with --port.\n',
  });
  await stopListening(server);
  const unlock = await lockFolder(data, 'tables');
  expect(await serveHere(['--port', '0', '--data', data])).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^Process \d+ is using .*: end it first, or choose another folder\./),
  });
  await unlock();
});

it('prints the usage when it is asked for it', async () => {
  expect(await serveHere(['--help'])).toEqual({ code: 0, stdout: serveUsage, stderr: '' });
});

it.each([
  [['--port', '65536'], '--port takes a number from 0 (any that is free) to 65535.'],
  [['--port', '-1'], '--port'],
  [['--data', ' '], '--data is empty'],
  [['--speed', '0'], '--speed is "0"'],
  [['--verbose'], "Unknown option '--verbose'"],
])('refuses wrong usage (%j), and ends with 2', async (given, message) => {
  const { code, stderr } = await serveHere(given);
  expect(code).toBe(2);
  expect(stderr.trimEnd().split('\n').at(-1)).toContain(message);
  expect(stderr).toMatch(/^Usage: npm run local -- \[options\]\n/);
});

it('keeps real vendors in real time', () => {
  expect(() => readServeArguments(['--speed', '2'], { FIBER_API_KEY: 'sk-secret' })).toThrow(
    /--speed 2 is for the stand-in/,
  );
  expect(readServeArguments([], { FIBER_API_KEY: 'sk-secret' })).toMatchObject({
    port: 8_787,
    data: '.local',
    speed: 1,
  });
});

it('keeps the records of one vendor from every other', async () => {
  const folder = await temporaryFolder();
  const given = ['--port', '0', '--data', folder];
  const stopAtOnce = (line: string, interrupt: () => void) => {
    if (line.startsWith('listening on')) interrupt();
  };
  expect((await serveHere(given, stopAtOnce)).code).toBe(0);
  const other = await serveHere(given, stopAtOnce, { FIBER_API_KEY: 'sk-very-secret' });
  expect(other.code).toBe(1);
  expect(other.stderr).toBe(
    `The records in ${folder} are of tasks at the stand-in, and this relay would ask https://api.fiber.ai. Give another folder with --data, or the vendor that they are of.\n`,
  );
  expect((await serveHere(given, stopAtOnce)).code).toBe(0);
});
