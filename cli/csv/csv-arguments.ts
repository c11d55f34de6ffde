import { parseArgs } from 'node:util';
import { readTarget, type Target, wholeNumber } from '../client/client-arguments.ts';
import { UsageError } from '../usage-error.ts';
import type { Kind } from './table/column.ts';
import type { Format } from './table/read-table.ts';
import type { Wish } from './wish.ts';

/** A file, or `-` for what is piped. */
export interface Place {
  readonly path: string;
  readonly isPiped: boolean;
  readonly isGzip: boolean;
  readonly format: Format;
}

export interface CsvOptions {
  readonly input: Place;
  readonly output: Place;
  readonly column: string | undefined;
  readonly kind: Kind | undefined;
  readonly wish: Wish;
  /** The caller's own name for the run. */
  readonly key: string | undefined;
  readonly withLowQuality: boolean;
  readonly guarded: boolean;
  readonly yes: boolean;
  readonly force: boolean;
  readonly target: Target;
}

export type CsvArguments = { readonly help: true } | ({ readonly help: false } & CsvOptions);

/**
 * Reads the command line of `npm run reveal -- csv`.
 *
 * @throws UsageError saying what is wrong and what to give instead
 */
export function readCsvArguments(
  given: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): CsvArguments {
  const { values, positionals } = parse(given);
  if (values.help) return { help: true };
  const [input, ...more] = positionals;
  if (input === undefined)
    throw new UsageError('Give the file: csv people.csv --out contacts.csv, or - for standard input.');
  if (more.length > 0) throw new UsageError('csv takes one file at a time.');
  if (values.out === undefined)
    throw new UsageError('Say with --out where the result is to go, - for standard output.');
  const format = oneOf('format', values.format, ['csv', 'tsv', 'jsonl']);
  const from = placeOf(input, format ?? 'csv');
  const output = placeOf(values.out, format ?? from.format);
  const maxAge = wholeNumber('max-age', values['max-age']);
  const maxCredits = wholeNumber('max-credits', values['max-credits']);
  const { key } = values;
  if (key !== undefined && !/^[!-~]{1,128}$/.test(key))
    throw new UsageError('--key takes 1 to 128 letters, digits or signs without white space.');
  if (output.isPiped && key === undefined && (maxAge === 0 || maxCredits !== undefined)) {
    throw new UsageError(
      'Give a --key of your own where the result is piped: what is paid for is asked for once under the same key.',
    );
  }
  return {
    help: false,
    input: from,
    output,
    column: values.column,
    kind: oneOf('kind', values.kind, ['profile', 'task']),
    wish: {
      find: values.find?.split(','),
      maxAge,
      ifMissing: values['if-missing'],
      maxCredits,
      priority: values.priority,
    },
    key,
    withLowQuality: values['low-quality'] ?? false,
    guarded: !values['no-guard'],
    yes: values.yes ?? false,
    force: values.force ?? false,
    target: readTarget(values, environment),
  };
}

function placeOf(path: string, otherwise: Format): Place {
  const isGzip = /\.gz$/i.test(path);
  const extension = /\.([a-z]+)(?:\.gz)?$/i.exec(path)?.[1]?.toLowerCase() ?? '';
  const known: Partial<Record<string, Format>> = { csv: 'csv', tsv: 'tsv', jsonl: 'jsonl', ndjson: 'jsonl' };
  return { path, isPiped: path === '-', isGzip, format: known[extension] ?? otherwise };
}

function oneOf<Value extends string>(
  option: string,
  text: string | undefined,
  values: readonly Value[],
): Value | undefined {
  const value = values.find((candidate) => candidate === text);
  if (text !== undefined && value === undefined) throw new UsageError(`--${option} takes ${values.join(', ')}.`);
  return value;
}

function parse(given: readonly string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  try {
    return parseArgs({
      args: [...given],
      allowPositionals: true,
      options: {
        out: text,
        format: text,
        column: text,
        kind: text,
        find: text,
        'max-age': text,
        'if-missing': text,
        'max-credits': text,
        key: text,
        priority: text,
        'low-quality': flag,
        'no-guard': flag,
        yes: { type: 'boolean', short: 'y' },
        force: flag,
        url: text,
        token: text,
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
