import { parseArgs } from 'node:util';
import { UsageError } from '../usage-error.ts';
import { chooseVendor, type VendorChoice } from '../vendor-choice.ts';
import { readSpeed } from './given-speed.ts';

/** What `npm run local` was asked to do. */
export type ServeArguments =
  | { readonly help: true }
  | {
      readonly help: false;
      readonly port: number;
      /** Folder. */
      readonly data: string;
      readonly speed: number;
      /** Whether to say where the relay is that runs already, and to start none. */
      readonly where: boolean;
      readonly vendor: VendorChoice;
      /** An address that is told by webhooks. */
      readonly webhook?: string;
    };

export const serveUsage = `Usage: npm run local -- [options]

Runs the whole relay on this machine until it is stopped: HTTP API, workflow, tables, bus, schedules. What runs when it ends,
however it ends, goes on when it is started again.

  --port N     where the HTTP API listens, on 127.0.0.1 (default: 8787)
  --data DIR   where the records are kept, for each vendor another folder (default: .local)
  --speed N    divide every wait by N, at least 1 (default: 1)
  --where      say where the relay is that runs on this folder, and what a shell needs for the AWS CLI to ask it
  --webhook URL  tell this address how reveals ended, with what was found: http on 127.0.0.1, or https. Not together
                 with --speed: the relay then runs ahead of receivers, which refuse what is signed in their future
  --help       print this

  FIBER_API_KEY     ask the real Fiber AI with this key
  FIBER_BASE_URL    ask this address in its place: https, with a path or without, or http on this machine

Without these two it asks a stand-in, where a start costs nothing: POST /reveals with {"linkedinUrl": "https://www.linkedin.com/in/ada-example"}
reveals a person. A slug named after a scenario has it played, such as quick-2 or never-3; so has a task's id.
`;

/**
 * Reads the command line of `npm run local`.
 *
 * @throws UsageError saying what is wrong and what to give instead
 */
export function readServeArguments(
  given: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): ServeArguments {
  const options = parse(given);
  if (options.help) return { help: true };
  const vendor = chooseVendor(environment);
  const port = /^\d{1,5}$/.test(options.port) ? Number(options.port) : Number.NaN;
  if (!(port <= 65_535)) throw new UsageError('--port takes a number from 0 (any that is free) to 65535.');
  if (options.data.trim() === '') throw new UsageError('--data is empty: give a folder.');
  const { webhook } = options;
  if (webhook !== undefined && !/^(http:\/\/127\.0\.0\.1[:/]|https:\/\/)/.test(webhook)) {
    throw new UsageError('--webhook takes an address such as http://127.0.0.1:9000/ or https://crm.example.com/.');
  }
  const told = webhook === undefined ? {} : { webhook };
  const { data, where = false } = options;
  const speed = readSpeed(options.speed, vendor) ?? 1;
  return { help: false, port, data, speed, where, vendor, ...told };
}

function parse(given: readonly string[]) {
  try {
    return parseArgs({
      args: [...given],
      options: {
        port: { type: 'string', default: '8787' },
        data: { type: 'string', default: '.local' },
        speed: { type: 'string' },
        where: { type: 'boolean' },
        webhook: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
