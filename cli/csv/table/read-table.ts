import Papa from 'papaparse';
import { jsonObject } from '../../json-object.ts';
import { InputError } from './input-error.ts';
import type { Table } from './table.ts';

/** What a file is read as. A `tsv` is a CSV whose delimiter is known. */
export type Format = 'csv' | 'tsv' | 'jsonl';

/**
 * Reads a file's bytes, once they are unpacked.
 *
 * @throws InputError
 */
export function readTable(bytes: Uint8Array, format: Format): Table {
  const bom = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  const text = utf8(bytes);
  if (text.trim() === '') throw new InputError('empty', 'There is nothing in the file.');
  return format === 'jsonl' ? readJsonLines(text) : readCsv(text, { bom, delimiter: format === 'tsv' ? '\t' : '' });
}

/** The text, without its byte order mark. */
function utf8(bytes: Uint8Array): string {
  const problem = () =>
    new InputError(
      'not-utf-8',
      'The file is in another encoding. In Excel save it as "CSV UTF-8", or convert it with iconv.',
    );
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw problem();
  }
  // UTF-16 without a mark is valid UTF-8 with a zero after each letter.
  if (text.includes('\0')) throw problem();
  return text;
}

const delimiters = [',', ';', '\t', '|'];

/** The one that tells most names apart in the header: unlike cells, names seldom hold one. */
function delimiterOf(text: string): string {
  const namesBy = (delimiter: string) => Papa.parse<string[]>(text, { delimiter, preview: 1 }).data[0]?.length ?? 0;
  return delimiters.reduce((best, other) => (namesBy(other) > namesBy(best) ? other : best));
}

/** @param delimiter empty where it is to be found out */
function readCsv(text: string, { bom, delimiter }: { bom: boolean; delimiter: string }): Table {
  const { data, errors, meta } = Papa.parse<string[]>(text, {
    delimiter: delimiter || delimiterOf(text),
    skipEmptyLines: true,
  });
  const broken = errors.find(({ type }) => type === 'Quotes');
  if (broken) {
    throw new InputError(
      'broken-quotes',
      `A quoted cell does not end as it should, from row ${(broken.row ?? 0) + 1} on.`,
    );
  }
  const [columns = [], ...rows] = data;
  if (columns.some((cell) => looksLikeAddress(cell))) {
    throw new InputError('no-header', 'The first row holds a profile: give the columns names in a first row.');
  }
  if (rows.length === 0) throw new InputError('no-rows', 'There is a header and nothing below it.');
  return {
    columns,
    rows: rows.map((row, at) => fitted(row, columns.length, at + 2)),
    form: { kind: 'csv', delimiter: meta.delimiter, newline: meta.linebreak, bom },
  };
}

/** A row as long as the header. @param line counted from 1, the header included */
function fitted(row: readonly string[], length: number, line: number): readonly string[] {
  if (row.slice(length).some((cell) => cell !== '')) {
    throw new InputError(
      'too-many-fields',
      `Row ${line} has ${row.length} fields and the header has ${length}: put cells that hold a delimiter in quotes.`,
    );
  }
  return Array.from({ length }, (_, at) => row[at] ?? '');
}

function readJsonLines(text: string): Table {
  const objects = text.split('\n').flatMap((line, at) => {
    if (line.trim() === '') return [];
    const object = jsonObject(line);
    if (!object) throw new InputError('not-json-lines', `Line ${at + 1} is no JSON object.`);
    return [object];
  });
  const columns = [...new Set(objects.flatMap((object) => Object.keys(object)))];
  const rows = objects.map((object) => columns.map((name) => (Object.hasOwn(object, name) ? object[name] : undefined)));
  return { columns, rows, form: { kind: 'jsonl' } };
}

/** Whether a cell says by itself that it is a profile: a bare name could be anything. */
export function looksLikeAddress(cell: string): boolean {
  return /(?:^|[/.@\s"'<(])linkedin\.com\/|^\s*urn:li:/i.test(cell);
}
