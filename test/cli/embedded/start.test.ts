import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { start } from '../../../cli/embedded/start.ts';
import { startUsage } from '../../../cli/embedded/start-arguments.ts';
import { StandInFiber } from '../../../local/fiber/index.ts';
import { testAssembly } from '../../support/assembly.ts';

const repository = fileURLToPath(new URL('../../..', import.meta.url));

/** What `npm start` runs, in a process of its own, as somebody would who scripts against it. */
async function npmStart(given: string[], environment: Record<string, string> = {}) {
  const { FIBER_API_KEY: _key, FIBER_BASE_URL: _url, ...inherited } = process.env;
  const child = spawn(process.execPath, ['--import', 'tsx', 'bin/start.ts', ...given], {
    cwd: repository,
    env: { ...inherited, ...environment },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const code = await new Promise((resolve) => child.once('close', resolve));
  return { code, stdout, stderr };
}

/** The same in this process, with what was synthesised for all tests. */
async function startHere(
  given: string[],
  environment: Record<string, string> = {},
  interrupted: AbortSignal = new AbortController().signal,
  onText: (text: string) => void = () => {},
) {
  const printed = { stdout: '', stderr: '' };
  const screen = (name: keyof typeof printed) => ({
    write: (text: string) => {
      printed[name] += text;
      onText(text);
    },
  });
  const [stdout, stderr] = [screen('stdout'), screen('stderr')];
  const code = await start({ given, environment, stdout, stderr, interrupted, assembly: await testAssembly() });
  return { code, ...printed };
}

it('prints one JSON object and nothing else with --json, and ends with 0 when it is revealed', async () => {
  const { code, stdout, stderr } = await npmStart(['--json', '--task-id', 'completed-7', '--speed', '2000']);
  expect(stderr).toContain('completed-7');
  const report = JSON.parse(stdout);
  expect(Object.keys(report)).toEqual(['taskId', 'outcome', 'polls', 'seconds', 'record', 'answer', 'events']);
  expect(report).toMatchObject({
    taskId: 'completed-7',
    outcome: 'completed',
    polls: expect.any(Number),
    seconds: expect.any(Number),
    record: { revealId: 'completed-7', status: 'completed', answer: { contentType: 'application/json' } },
    answer: { contentType: 'application/json', text: expect.stringContaining('"done":true') },
    events: [{ 'detail-type': 'Contact Reveal Completed', detail: { revealId: 'completed-7' } }],
  });
  expect(code).toBe(0);
});

it('shows progress, result and event to people, and ends with 1 when nothing was revealed', async () => {
  const { code, stdout, stderr } = await startHere(['--scenario', 'error-404', '--speed', '2000']);
  expect(stdout).toMatch(
    /^Revealing error-404-\w+ at the stand-in vendor, scenario error-404, every wait divided by 2000\n/,
  );
  expect(stdout).toMatch(/ {2}Admit +0 polls\n/);
  expect(stdout).toContain('not revealed: errored (task-not-found)');
  expect(stdout).toContain('Contact Reveal Failed');
  expect(stderr).toBe('');
  expect(code).toBe(1);
});

it('asks the server at FIBER_BASE_URL for the task, with the key', async () => {
  const fiber = await StandInFiber.listen({ apiKey: 'my-key' });
  const { taskId } = fiber.addTask({ durationMs: 0 });
  const environment = { FIBER_BASE_URL: fiber.url, FIBER_API_KEY: 'my-key' };
  const { code, stdout } = await startHere(['--task-id', taskId, '--speed', '2000', '--json'], environment);
  expect(JSON.parse(stdout)).toMatchObject({ taskId, outcome: 'completed' });
  expect(code).toBe(0);
  expect(fiber.stats()).toMatchObject({ pollsPerTask: { [taskId]: expect.any(Number) } });
  await fiber.close();
});

it('prints a rejected request as JSON too', async () => {
  const { code, stdout } = await startHere(['--task-id', 'x'.repeat(10_000), '--json']);
  const { taskId: _, ...report } = JSON.parse(stdout);
  expect(report).toEqual({
    outcome: 'rejected',
    polls: 0,
    seconds: expect.any(Number),
    record: null,
    answer: null,
    events: [],
  });
  expect(code).toBe(1);
});

it('stops looking when it is interrupted, and ends with 130', async () => {
  const interruption = new AbortController();
  const running = startHere(['--scenario', 'never', '--speed', '1'], {}, interruption.signal, (text) => {
    if (text.includes('WaitForSlot')) interruption.abort();
  });
  expect(await running).toMatchObject({ code: 130, stdout: expect.stringMatching(/Stopped looking\..*\n$/) });
});

it('prints the usage when it is asked for it', async () => {
  expect(await startHere(['--help'])).toEqual({ code: 0, stdout: startUsage, stderr: '' });
});

it('explains wrong usage on stderr, and ends with 2', async () => {
  const { code, stdout, stderr } = await npmStart(['--speed', '2', '--task-id', 'x'], { FIBER_API_KEY: 'sk-secret' });
  expect(stdout).toBe('');
  expect(stderr).toMatch(/^--speed 2 is for the stand-in.*\n\nUsage: npm start -- \[options\]/);
  expect(stderr).not.toContain('sk-secret');
  expect(code).toBe(2);
});
