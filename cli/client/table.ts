import { plain } from '../plain-text.ts';

/** One column of a table. */
export interface Column<Row> {
  readonly header: string;
  readonly cell: (row: Row) => string;
  /** @default left */
  readonly align?: 'right';
  /** At most so many characters of a cell are shown. @default all of them */
  readonly most?: number;
  /** In a terminal that is too narrow columns go in this order, the first first, unless one fits where others have gone; those without one stay. */
  readonly goes?: number;
}

const gap = '  ';

/**
 * A header and a line for each row, in columns as wide as their widest cell: no cell breaks them. Columns without anything in
 * them are left out. What still does not fit is cut in the last column.
 *
 * @param width of the terminal, in characters; undefined where lines may be of any length
 */
export function table<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  width?: number,
): { lines: string[]; isCut: boolean } {
  const filled = columns.map((column) => filledIn(column, rows)).filter(({ cells }) => cells.some(Boolean));
  const kept = width === undefined ? filled : fitted(filled, width);
  const lines = [
    kept.map(({ header }) => header),
    ...rows.map((_, row) => kept.map(({ cells }) => cells[row] ?? '')),
  ].map((cells) =>
    kept
      .map(({ align, wide }, at) => aligned(cells[at] ?? '', wide, align))
      .join(gap)
      .trimEnd(),
  );
  return {
    lines: width === undefined ? lines : lines.map((line) => cut(line, width)),
    isCut: width !== undefined && lines.some((line) => line.length > width),
  };
}

type Filled<Row> = Column<Row> & { readonly cells: readonly string[]; readonly wide: number };

function filledIn<Row>(column: Column<Row>, rows: readonly Row[]): Filled<Row> {
  const cells = rows.map((row) => cut(plain(column.cell(row)), column.most ?? Number.POSITIVE_INFINITY));
  const wide = Math.max(column.header.length, ...cells.map(({ length }) => length));
  return { ...column, cells, wide };
}

/** Where one that matters more is too wide, what it leaves is there for the others. */
function fitted<Row>(columns: readonly Filled<Row>[], width: number): readonly Filled<Row>[] {
  const wanted = columns.toSorted((one, other) => (other.goes ?? forEver) - (one.goes ?? forEver));
  const kept = new Set<Filled<Row>>();
  let room = width + gap.length;
  for (const column of wanted) {
    const wide = column.wide + gap.length;
    if (column.goes !== undefined && wide > room) continue;
    kept.add(column);
    room -= wide;
  }
  return columns.filter((column) => kept.has(column));
}

const forEver = Number.MAX_SAFE_INTEGER;

const aligned = (text: string, wide: number, align?: 'right') =>
  align === 'right' ? text.padStart(wide) : text.padEnd(wide);

const cut = (text: string, most: number) => (text.length > most ? `${text.slice(0, Math.max(0, most - 1))}…` : text);
