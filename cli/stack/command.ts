import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { handlerNames } from '../../lambdas/contract.ts';
import type { CommandContext } from '../command-context.ts';
import { refuseUsage, UsageError } from '../usage-error.ts';
import { readableTrace } from './readable-trace.ts';

export const stackUsage = `Usage: npm run --silent stack -- HANDLER < trace

Reads a stack trace of a handler on stdin and says where in the source it was: handlers run minified. Where the package is installed
it is npx reveal-relay-stack HANDLER < trace.

HANDLER is one of ${handlerNames.join(', ')}. The code that is here has to be what is deployed.
`;

export interface StackContext extends Pick<CommandContext, 'given' | 'stdout' | 'stderr'> {
  readonly stdin: AsyncIterable<Buffer | string>;
}

/**
 * Two folders up from here, in a clone and in the package: see `bundledHandlers`.
 */
const maps = join(import.meta.dirname, '../../dist/maps');

/** `npm run stack`. @returns the exit code: 0 fine, 2 wrong usage */
export async function stack({ given, stdin, stdout, stderr }: StackContext): Promise<number> {
  try {
    if (given.includes('--help')) {
      stdout.write(stackUsage);
      return 0;
    }
    const map = await mapOf(given);
    let text = '';
    for await (const chunk of stdin) text += chunk;
    stdout.write(readableTrace(text, map));
    return 0;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return refuseUsage(error, stackUsage, stderr);
  }
}

async function mapOf([name, ...more]: readonly string[]) {
  const handler = handlerNames.find((known) => known === name);
  if (!handler || more.length > 0)
    throw new UsageError(
      `${name ? `There is no handler ${[name, ...more].join(' ')}.` : 'Say which handler it is of.'} There is: ${handlerNames.join(', ')}.`,
    );
  const path = join(maps, `${handler}.js.map`);
  const text = await readFile(path, 'utf8').catch(() => {
    throw new UsageError('There are no source maps here yet: npm run bundle makes them.');
  });
  return JSON.parse(text);
}
