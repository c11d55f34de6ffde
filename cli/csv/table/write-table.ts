import Papa from 'papaparse';
import type { Findings } from '../findings.ts';
import { InputError } from './input-error.ts';
import { cellText, type Form, type Table } from './table.ts';

export interface Writing {
  readonly form: Form;
  readonly withLowQuality: boolean;
  /** Whether what a spreadsheet would take for a formula is kept from being one. */
  readonly guarded: boolean;
}

type Value = string | number | undefined | readonly string[];

const added: readonly [name: string, value: (findings: Findings) => Value][] = [
  ['status', ({ status }) => status],
  ['reason', ({ reason }) => reason],
  ['work_emails', ({ workEmails }) => workEmails],
  ['personal_emails', ({ personalEmails }) => personalEmails],
  ['other_emails', ({ otherEmails }) => otherEmails],
  ['phones', ({ phones }) => phones],
  ['credits', ({ credits }) => credits],
  ['reveal_id', ({ revealId }) => revealId],
];
const lowQuality: (typeof added)[number] = ['low_quality_emails', ({ lowQualityEmails }) => lowQualityEmails];

const columnsFor = (withLowQuality: boolean) => (withLowQuality ? [...added, lowQuality] : added);

/**
 * What the columns are called that are added. A name that the input has already is not written over: ours gets `reveal_` in front.
 *
 * @throws InputError where that is taken too
 */
export function addedNames(columns: readonly string[], withLowQuality: boolean): string[] {
  const taken = new Set(columns);
  return columnsFor(withLowQuality).map(([name]) => {
    const free = [name, `reveal_${name}`].find((candidate) => !taken.has(candidate));
    if (free === undefined) {
      throw new InputError(
        'column-name-taken',
        `The input has the columns "${name}" and "reveal_${name}": rename one of them.`,
      );
    }
    taken.add(free);
    return free;
  });
}

/** The file: the rows as they came, in their order, each with what was found. */
export function writeTable(table: Table, found: readonly Findings[], writing: Writing): string {
  const { form, withLowQuality } = writing;
  const values = columnsFor(withLowQuality).map(([, value]) => value);
  const names = [...table.columns, ...addedNames(table.columns, withLowQuality)];
  const rows = table.rows.map((row, at) => {
    const findings = found[at];
    if (!findings) throw new Error(`Row ${at} has no findings.`);
    return [...row, ...values.map((value) => value(findings))];
  });
  return form.kind === 'jsonl' ? jsonLines(names, rows) : csv(names, rows, { ...form, guarded: writing.guarded });
}

function jsonLines(names: readonly string[], rows: readonly (readonly unknown[])[]): string {
  const entries = (row: readonly unknown[]) => names.map((name, at) => [name, row[at]] as const);
  return rows.map((row) => `${JSON.stringify(Object.fromEntries(entries(row)))}\n`).join('');
}

function csv(
  names: readonly string[],
  rows: readonly (readonly unknown[])[],
  { delimiter, newline, bom, guarded }: Extract<Form, { kind: 'csv' }> & { guarded: boolean },
): string {
  const text = [names, ...rows].map((row) => row.map((cell) => (Array.isArray(cell) ? joined(cell) : cellText(cell))));
  const written = Papa.unparse(text, {
    delimiter,
    newline,
    // Whoever guesses the delimiter must not find the one between several values.
    quotes: (value: unknown) => typeof value === 'string' && value.includes(';'),
    ...(guarded && { escapeFormulae: formula }),
  });
  return `${bom ? '\ufeff' : ''}${written}${newline}`;
}

const joined = (values: readonly unknown[]) => values.map(cellText).join('; ');

/**
 * What a spreadsheet takes for a formula: it gets an apostrophe in front. Phone numbers and plain numbers begin like one and compute nothing.
 *
 * @see https://owasp.org/www-community/attacks/CSV_Injection
 */
export const formula =
  /^(?!\+\d[\d ().-]{2,}(?:; \+\d[\d ().-]{2,})*$)(?![+-]?\d+(?:[.,]\d+)*$)(?!-$)[=+\-@\t\r\n＝＋－＠]/;
