import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Runs npm: the one that runs the tests, where one does. On Windows it is no program that can be started without a shell. @returns what it prints */
export async function npm(given: readonly string[], cwd: string): Promise<string> {
  const { npm_execpath: own } = process.env;
  const options = { cwd, maxBuffer: 8 * 1024 * 1024 };
  const running = own?.endsWith('.js')
    ? promisify(execFile)(process.execPath, [own, ...given], options)
    : promisify(execFile)('npm', given, { ...options, shell: process.platform === 'win32' });
  return (await running).stdout;
}
