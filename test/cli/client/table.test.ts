import { expect, it } from 'vitest';
import { table } from '../../../cli/client/table.ts';

const columns = [
  { header: 'STATUS', cell: (row: Row) => row.status },
  { header: 'FOUND', cell: (row: Row) => row.found, align: 'right' as const, goes: 2 },
  { header: 'NOTE', cell: (row: Row) => row.note, most: 6, goes: 1 },
  { header: 'ID', cell: (row: Row) => row.id },
];
interface Row {
  status: string;
  found: string;
  note: string;
  id: string;
}
const row = (changes: Partial<Row>): Row => ({ status: 'running', found: '', note: '', id: 'a', ...changes });

it('is as wide as its widest cells, and leaves out columns without anything in them', () => {
  const rows = [row({ status: 'cancelled (by-caller)' }), row({ found: '12', id: 'bcd' })];
  expect(table(rows, columns)).toEqual({
    lines: ['STATUS                 FOUND  ID', 'cancelled (by-caller)         a', 'running                   12  bcd'],
    isCut: false,
  });
});

it('cuts a cell that may be long, and lets none move the cursor', () => {
  const { lines } = table([row({ note: 'a\u001b[2J, and more' })], columns);
  expect(lines).toEqual(['STATUS   NOTE    ID', 'running  a?[2J…  a']);
});

it('gives up columns that matter less, one after the other, and then the end of the last', () => {
  const rows = [row({ found: '12', note: 'lead-7', id: 'person-1-b835' })];
  expect(table(rows, columns, 37).lines[1]).toBe('running     12  lead-7  person-1-b835');
  expect(table(rows, columns, 36).lines[1]).toBe('running     12  person-1-b835');
  expect(table(rows, columns, 28).lines[1]).toBe('running  person-1-b835');
  expect(table(rows, columns, 20)).toEqual({ lines: ['STATUS   ID', 'running  person-1-b…'], isCut: true });
});

it('keeps a column that fits where one that matters more does not', () => {
  const rows = [row({ found: 'a dozen', note: 'lead-7', id: 'person-1-b835' })];
  expect(table(rows, columns, 31).lines[1]).toBe('running  a dozen  person-1-b835');
  expect(table(rows, columns, 30).lines[1]).toBe('running  lead-7  person-1-b835');
});
