import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const repository = fileURLToPath(new URL('../..', import.meta.url));

const load = (...args: string[]) =>
  new Promise<{ code: unknown; stdout: string; stderr: string }>((resolve) =>
    execFile(
      process.execPath,
      ['--import', 'tsx', 'bench/load.ts', ...args],
      { cwd: repository },
      (error, stdout, stderr) => resolve({ code: error?.code ?? 0, stdout, stderr }),
    ),
  );

it('documents the Lambda concurrency that the load check can be given', async () => {
  const { code, stdout } = await load('--help');
  expect(code).toBe(0);
  expect(stdout).toContain('--concurrency N');
});

it.each([
  ['--concurrency', '0'],
  ['--concurrency', 'ten'],
  ['--concurrency', '1.5'],
  ['--reveals', '0'],
])('refuses %s %s and says what to do, before anything is started', async (option, value) => {
  const { code, stderr } = await load(option, value);
  expect(code).toBe(2);
  expect(stderr).toContain('whole number from 1');
  expect(stderr).toContain('bench:load -- --help');
});
