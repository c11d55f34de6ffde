import { setTimeout as sleep } from 'node:timers/promises';
import { confirm as ask, isCancel } from '@clack/prompts';
import type { ClientContext } from '../client/client.ts';
import type { CsvContext } from './csv.ts';
import { filesOnDisk } from './table/files.ts';

/** The context of this process. Called once, by an entry point. */
export function ownCsvContext(context: ClientContext): CsvContext {
  const { interrupted: signal } = context;
  const isTerminal = process.stdin.isTTY === true && process.stderr.isTTY === true;
  const confirm = async (message: string) => {
    const answer = await ask({ message, output: process.stderr, signal, initialValue: false });
    return !isCancel(answer) && answer;
  };
  return {
    ...context,
    stdin: process.stdin,
    stdout: process.stdout,
    files: filesOnDisk,
    now: Date.now,
    sleep: (ms) => sleep(ms, undefined, { signal }),
    confirm: isTerminal ? confirm : undefined,
  };
}
