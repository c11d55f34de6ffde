import type { Screen } from './progress.ts';

/** The command line cannot be followed as it was given. Ends with exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/**
 * Says what is wrong with a command line. The error comes last, where the eye is, and a screenful of usage only to who asks for it.
 *
 * @param usage of the command, which begins with `Usage: ` and the command on a line of its own
 * @returns the exit code
 */
export function refuseUsage({ message }: UsageError, usage: string, stderr: Screen): 2 {
  const [first = ''] = usage.split('\n');
  stderr.write(`${first}\nAll of it: the same with --help\n\n${message}\n`);
  return 2;
}
