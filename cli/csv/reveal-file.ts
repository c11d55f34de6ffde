import { UsageError } from '../usage-error.ts';
import type { CsvContext } from './csv.ts';
import type { CsvOptions } from './csv-arguments.ts';
import { type Findings, withoutReveal } from './findings.ts';
import { fingerprintOf, type Journal, keyOf } from './journal.ts';
import { type People, peopleIn } from './people.ts';
import { previewOf } from './preview.ts';
import { ProgressBar } from './progress-bar.ts';
import type { Relay } from './relay/relay.ts';
import { runList } from './run.ts';
import { closingText, type Outlook, outlookText, questionOf } from './summary.ts';
import { findColumn } from './table/column.ts';
import { readInput } from './table/input.ts';
import { formOf, OutputFile, packed } from './table/output.ts';
import { readTable } from './table/read-table.ts';
import { cellText, type Table } from './table/table.ts';
import { addedNames, writeTable } from './table/write-table.ts';

type Surroundings = CsvContext & { readonly relay: Relay };

/**
 * Reveals everybody in a file and writes the file again, with what was found.
 *
 * @returns the exit code
 * @throws UsageError, InputError, RelayError
 */
export async function revealFile(options: CsvOptions, context: Surroundings): Promise<number> {
  const { input, output, wish } = options;
  const { stderr, relay, files, now } = context;
  const bytes = await readInput(input, context.stdin, files);
  const table = readTable(bytes, input.format);
  const column = findColumn(table, options.column, options.kind);
  addedNames(table.columns, options.withLowQuality);
  const people = peopleIn(
    table.rows.map((row) => cellText(row[column.at])),
    column.kind,
  );
  const { wanted } = people;

  const { priority: _, ...paidFor } = wish;
  const fingerprint = fingerprintOf(bytes, { ...column, ...paidFor, key: options.key, url: options.target.url });
  const file = output.isPiped ? undefined : new OutputFile(output.path, files);
  const before = await file?.open(input.isPiped ? undefined : input.path, fingerprint, options.force);
  const began = before?.began ?? new Date(now()).toISOString();
  const key = options.key ?? keyOf({ began, fingerprint });
  const sinceBegan = () => now() - Date.parse(began);

  const asked = new Set(before?.taken.map(({ person }) => person));
  const places = wanted.map((_person, place) => place).filter((place) => !asked.has(place));
  const preview = await previewOf(wanted, places, { relay, wish, key, sinceBegan: sinceBegan(), sleep: context.sleep });
  const outlook: Outlook = {
    name: input.isPiped ? 'standard input' : input.path,
    column: table.columns[column.at] ?? '',
    kind: column.kind,
    rows: table.rows.length,
    people: wanted.length,
    nobody: people.subjects.filter((subject) => 'refused' in subject).length,
    asked: asked.size,
    preview,
    maxCredits: wish.maxCredits,
    paused: preview.toStart > 0 ? await pausedBecause(relay) : undefined,
  };
  stderr.write(outlookText(outlook));
  if (!(await isAgreed(outlook, options, context))) return 0;

  const { known } = before ?? preview;
  if (!before) await file?.begin({ began, fingerprint, known });
  const found = await reveal(wanted, before ?? { known, taken: [] }, { options, context, file, key, sinceBegan });
  const rows = findingsOfRows(people, found);
  await deliver(table, rows, options, { context, file });
  stderr.write(closingText(output.isPiped ? 'standard output' : output.path, rows));
  return 0;
}

async function isAgreed(
  outlook: Outlook,
  { yes, input }: CsvOptions,
  { confirm, interrupted }: Surroundings,
): Promise<boolean> {
  if (yes || outlook.preview.toStart === 0) return true;
  if (!confirm || input.isPiped) {
    throw new UsageError('There is nobody to ask: give --yes to have them looked for.');
  }
  const isAgreed = await confirm(questionOf(outlook));
  interrupted.throwIfAborted();
  return isAgreed;
}

async function pausedBecause(relay: Relay): Promise<string | undefined> {
  const { body } = await relay.call('GET', '/starts');
  return typeof body.pausedBecause === 'string' ? body.pausedBecause : undefined;
}

interface Running {
  readonly options: CsvOptions;
  readonly context: Surroundings;
  readonly file: OutputFile | undefined;
  readonly key: string;
  readonly sinceBegan: () => number;
}

async function reveal(
  wanted: People['wanted'],
  before: Pick<Journal, 'known' | 'taken'>,
  { options, context, file, key, sinceBegan }: Running,
): Promise<Findings[]> {
  const { relay, stderr, now, sleep, environment } = context;
  const hasColor = stderr.isTTY === true && !environment.NO_COLOR;
  const bar = new ProgressBar(stderr, now, hasColor);
  try {
    return await runList(wanted, before, {
      relay,
      wish: options.wish,
      key,
      withLowQuality: options.withLowQuality,
      sinceBegan,
      keep: async (taken) => file?.keep(taken),
      show: (tally) => bar.show(tally),
      sleep,
    });
  } finally {
    bar.stop();
  }
}

/** Everybody is paid for once: the first row about a person says what that has cost. */
function findingsOfRows({ subjects, isFirst }: People, found: readonly Findings[]): Findings[] {
  return subjects.map((subject, row) => {
    if ('refused' in subject) return withoutReveal('refused', subject.refused);
    const findings = found[subject.person];
    if (!findings) throw new Error(`Nobody knows what has become of row ${row}.`);
    return isFirst[row] ? findings : { ...findings, credits: 0 };
  });
}

async function deliver(
  table: Table,
  rows: readonly Findings[],
  { output, withLowQuality, guarded }: CsvOptions,
  { context, file }: Pick<Running, 'context' | 'file'>,
): Promise<void> {
  const text = writeTable(table, rows, { form: formOf(output.format, table.form), withLowQuality, guarded });
  const content = packed(text, output);
  if (file) await file.finish(content);
  else context.stdout.write(content);
}
