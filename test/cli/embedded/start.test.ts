import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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
  ask?: (question: string) => Promise<string>,
) {
  const printed = { stdout: '', stderr: '' };
  const screen = (name: keyof typeof printed) => ({
    write: (text: string) => {
      printed[name] += text;
      onText(text);
    },
  });
  const [stdout, stderr] = [screen('stdout'), screen('stderr')];
  const assembly = await testAssembly();
  const code = await start({ given, environment, stdout, stderr, interrupted, assembly, ...(ask && { ask }) });
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

it('goes from a profile to a stored contact and an event, and shows the start and its cost', async () => {
  const { code, stdout, stderr } = await startHere(['--speed', '2000']);
  expect(stdout).toMatch(
    /^Revealing https:\/\/www\.linkedin\.com\/in\/completed-1 at the stand-in vendor, scenario completed, every wait divided by 2000\n/,
  );
  const lines = stdout.split('\n').map((line) => line.trim().replace(/ +/g, ' '));
  const at = (pattern: RegExp) => lines.findIndex((line) => pattern.test(line));
  const order = [
    /^\d+:\d\d waiting to start a task, 12 credits by list price$/,
    /^\d+:\d\d started task completed-\w+ for 12 credits$/,
    /^\d+:\d\d \w+ live-enriching \d+ polls/,
    /^revealed after \d+:\d\d and \d+ polls$/,
    /^Stored in \S+ under person-1-[0-9a-f]{40}$/,
    /^profile https:\/\/www\.linkedin\.com\/in\/completed-1$/,
    /^start 12 credits$/,
    /^e-mails work\.\w+@example\.com \(work\), /,
    /^Contact Reveal Completed$/,
  ].map(at);
  expect(order).not.toContain(-1);
  expect(order).toEqual([...order].sort((a, b) => a - b));
  expect(stderr).toBe('');
  expect(code).toBe(0);
});

it('shows what was given back, and looks for no more than it was asked to', async () => {
  const given = ['--profile', 'https://www.linkedin.com/in/empty-1', '--find', 'phone-numbers', '--speed', '2000'];
  const { code, stdout } = await startHere(given);
  expect(stdout).toMatch(/started task empty-\w+ for 4 credits\n/);
  expect(stdout).toMatch(/ 4 credits refunded\n/);
  expect(stdout).toMatch(/looked for +phone-numbers\n/);
  expect(stdout).toContain('nothing found after');
  expect(code).toBe(0);
});

it('says of what is no profile what to give, as JSON too, and starts nothing', async () => {
  const { code, stdout } = await startHere(['--profile', 'https://www.linkedin.com/company/example', '--json']);
  expect(JSON.parse(stdout)).toEqual({
    taskId: null,
    outcome: 'rejected',
    polls: 0,
    seconds: expect.any(Number),
    record: null,
    answer: null,
    events: [],
  });
  expect(code).toBe(1);
  const { stdout: shown } = await startHere(['--profile', 'https://www.linkedin.com/company/example']);
  expect(shown).toMatch(/not revealed: rejected.*\n.*linkedinUrl.*\/in\//);
});

describe('a start that costs credits', () => {
  let fiber: StandInFiber;
  let environment: Record<string, string>;
  beforeAll(async () => {
    fiber = await StandInFiber.listen({ apiKey: 'my-key', ordinaryDuration: () => 0 });
    environment = { FIBER_BASE_URL: fiber.url, FIBER_API_KEY: 'my-key' };
  });
  afterAll(() => fiber.close());
  const given = ['--profile', 'https://www.linkedin.com/in/example', '--speed', '2000', '--json'];
  const never = new AbortController().signal;

  it('is refused where nobody can be asked, with what to do', async () => {
    const { code, stdout, stderr } = await startHere(given, environment);
    expect(stderr).toMatch(/^A start at http:\S+ costs 12 credits, and nobody is here to be asked: add --yes/m);
    expect(stderr + stdout).not.toContain('my-key');
    expect(code).toBe(2);
    expect(fiber.stats().starts).toBe(0);
  });

  it.each(['', 'n', 'no', 'yesterday'])('is not made when the answer is %j', async (answer) => {
    const questions: string[] = [];
    const ask = async (question: string) => {
      questions.push(question);
      return answer;
    };
    expect(await startHere([...given, '--find', 'work-emails'], environment, never, undefined, ask)).toEqual({
      code: 1,
      stdout: '',
      stderr: 'Nothing was started, and nothing charged.\n',
    });
    expect(questions).toEqual([expect.stringMatching(/linkedin\.com\/in\/example.*work-emails\..*5 credits/s)]);
    expect(fiber.stats().starts).toBe(0);
  });

  it('is made once it is agreed to, and once with --yes', async () => {
    const yes = await startHere(given, environment, never, undefined, async () => 'Y');
    expect(JSON.parse(yes.stdout)).toMatchObject({ outcome: 'completed', record: { startCreditsCharged: 12 } });
    expect(fiber.stats().starts).toBe(1);
    const { code, stdout } = await startHere([...given, '--yes'], environment);
    expect(JSON.parse(stdout)).toMatchObject({ outcome: 'completed', taskId: expect.stringMatching(/^completed-/) });
    expect(code).toBe(0);
    expect(fiber.stats().starts).toBe(2);
  });

  it('names the task that is paid for when nobody looks any more', async () => {
    const interruption = new AbortController();
    const slow = ['--profile', 'https://www.linkedin.com/in/never-1', '--yes'];
    const { code, stdout } = await startHere(slow, environment, interruption.signal, (text) => {
      if (text.includes('started task')) interruption.abort();
    });
    expect(stdout).toMatch(/The task is paid for: look at it again with npm start -- --task-id 'never-\w+'\n$/);
    expect(code).toBe(130);
  });
});

it('shows progress, result and event of a task too, and ends with 1 when nothing was revealed', async () => {
  const { code, stdout, stderr } = await startHere(['--task-id', 'error-404-1', '--speed', '2000']);
  expect(stdout).toMatch(
    /^Revealing error-404-1 at the stand-in vendor, scenario error-404, every wait divided by 2000\n/,
  );
  expect(stdout).toMatch(/ {2}Admit +0 polls\n/);
  expect(stdout).toContain('not revealed: errored (task-not-found)');
  expect(stdout).toContain('Contact Reveal Failed');
  expect(stdout).not.toContain('waiting to start');
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
  expect(stderr).toMatch(/^Usage: npm start -- \[options\]\n.*\n\n--speed 2 is for the stand-in.*\n$/);
  expect(stderr).not.toContain('sk-secret');
  expect(code).toBe(2);
});
