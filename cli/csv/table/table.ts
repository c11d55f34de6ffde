/** How a file is written: what is read as one is written as one. */
export type Form =
  | {
      readonly kind: 'csv';
      readonly delimiter: string;
      readonly newline: string;
      /** Excel takes a file without a byte order mark for one in the code page of the machine. */
      readonly bom: boolean;
    }
  | { readonly kind: 'jsonl' };

/** The rows of a file, whatever it was written as. */
export interface Table {
  readonly columns: readonly string[];
  /** In the order of the columns. Text in CSV, any JSON in JSON Lines, undefined for a field that a line has not. */
  readonly rows: readonly (readonly unknown[])[];
  readonly form: Form;
}

/** A cell as text: as it is looked at, and as it stands in CSV. */
export function cellText(cell: unknown): string {
  if (cell === undefined || cell === null) return '';
  return typeof cell === 'object' ? JSON.stringify(cell) : String(cell);
}
