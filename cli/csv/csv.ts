import { ApiClient, UnreachableError } from '../client/api-client.ts';
import type { ClientContext } from '../client/client.ts';
import { plain } from '../plain-text.ts';
import type { Screen } from '../progress.ts';
import { UsageError } from '../usage-error.ts';
import { type CsvOptions, readCsvArguments } from './csv-arguments.ts';
import { csvUsage } from './csv-usage.ts';
import { PatientRelay } from './relay/patient-relay.ts';
import { RelayError } from './relay/relay.ts';
import { revealFile } from './reveal-file.ts';
import type { Files } from './table/files.ts';
import { InputError } from './table/input-error.ts';

export interface CsvContext extends ClientContext {
  readonly stdin: AsyncIterable<Uint8Array>;
  /** Takes the result, where that is piped. All else goes to `stderr`. */
  readonly stdout: Screen & { write(content: string | Uint8Array): unknown };
  readonly files: Files;
  /** Unix milliseconds. */
  readonly now: () => number;
  /** For so many milliseconds; rejects when the command is interrupted. */
  readonly sleep: (ms: number) => Promise<unknown>;
  /** Asks somebody. Undefined where nobody is there. */
  readonly confirm: ((question: string) => Promise<boolean>) | undefined;
}

/**
 * `npm run reveal -- csv`: from a list to a file.
 *
 * @returns the exit code: 0 the file is there, 1 the API said no or could not be reached, 2 wrong usage or input, 130 interrupted
 */
export async function csv(context: CsvContext): Promise<number> {
  const { stderr, interrupted } = context;
  try {
    const given = readCsvArguments(context.given, context.environment);
    if (!given.help) return await revealFile(given, { ...context, relay: relayOf(given, context) });
    context.stdout.write(csvUsage);
    return 0;
  } catch (error) {
    if (error instanceof UsageError) {
      stderr.write(`${plain(error.message)}\nAll options: npm run reveal -- csv --help\n`);
      return 2;
    }
    if (error instanceof InputError) {
      stderr.write(`${plain(error.message)}\n`);
      return 2;
    }
    if (interrupted.aborted) {
      stderr.write('Interrupted. The same command goes on where it was.\n');
      return 130;
    }
    if (!(error instanceof RelayError) && !isOfTheSystem(error)) throw error;
    stderr.write(`${plain(error.message)}\n`);
    return 1;
  }
}

function relayOf({ target }: CsvOptions, { credentials, interrupted, sleep }: CsvContext): PatientRelay {
  const client = new ApiClient(target, credentials, interrupted);
  return new PatientRelay(client, (error) => error instanceof UnreachableError, sleep);
}

/** A full disk, a folder that may not be written to: the message names the path. */
function isOfTheSystem(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error;
}
