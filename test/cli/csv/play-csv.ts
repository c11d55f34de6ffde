import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { type CsvContext, csv } from '../../../cli/csv/csv.ts';
import { filesOnDisk } from '../../../cli/csv/table/files.ts';
import type { TestRelay } from '../../support/relay.ts';

export interface CsvRun {
  readonly code: number;
  readonly stdout: string;
  readonly bytes: Buffer;
  readonly stderr: string;
}

/** The context of `npm run reveal -- csv` on a relay, and what it prints. */
export function csvContext({ relay }: TestRelay, given: readonly string[], more: Partial<CsvContext> = {}) {
  const printed: Buffer[] = [];
  const said = { text: '' };
  const context: CsvContext = {
    given,
    environment: { REVEAL_RELAY_URL: relay.deployment.httpUrl ?? '' },
    stdin: Readable.from([]),
    stdout: { write: (content: string | Uint8Array) => printed.push(Buffer.from(content)) },
    stderr: {
      write: (text: string) => {
        said.text += text;
      },
    },
    credentials: async () => {
      throw new Error('no credentials here');
    },
    interrupted: new AbortController().signal,
    files: filesOnDisk,
    now: Date.now,
    // Long enough for a relay whose minutes are milliseconds.
    sleep: () => sleep(200),
    confirm: undefined,
    ...more,
  };
  return { context, printed: () => Buffer.concat(printed), said: () => said.text };
}

/** What `npm run reveal -- csv` does and prints. */
export async function runCsv(
  test: TestRelay,
  given: readonly string[],
  more: Partial<CsvContext> = {},
): Promise<CsvRun> {
  const { context, printed, said } = csvContext(test, given, more);
  const code = await csv(context);
  return { code, stdout: printed().toString(), bytes: printed(), stderr: said() };
}
