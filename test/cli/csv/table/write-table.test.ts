import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import { type Findings, withoutReveal } from '../../../../cli/csv/findings.ts';
import type { Table } from '../../../../cli/csv/table/table.ts';
import { addedNames, formula, writeTable } from '../../../../cli/csv/table/write-table.ts';

const form = { kind: 'csv', delimiter: ',', newline: '\n', bom: false } as const;
const found: Findings = {
  status: 'completed',
  reason: '',
  workEmails: ['a@example.com', '=b@example.com'],
  personalEmails: [],
  otherEmails: [],
  phones: ['+12085550152', '+44 20 7946 0958'],
  lowQualityEmails: ['old@example.com'],
  credits: 12,
  revealId: 'person-1-0',
};
const table = (columns: string[], ...rows: unknown[][]): Table => ({ columns, rows, form });
const write = (of: Table, more: Partial<Parameters<typeof writeTable>[2]> = {}) =>
  writeTable(
    of,
    of.rows.map(() => found),
    { form, withLowQuality: false, guarded: true, ...more },
  );

const parse = (text: string) => Papa.parse<string[]>(text, { delimiter: ',' }).data;

describe('writing a list', () => {
  it('keeps the columns of the input and adds its own, several values in one cell', () => {
    expect(write(table(['name', 'url'], ['Ada, the first', 'u']), { withLowQuality: true })).toBe(
      [
        'name,url,status,reason,work_emails,personal_emails,other_emails,phones,credits,reveal_id,low_quality_emails',
        '"Ada, the first",u,completed,,"a@example.com; =b@example.com",,,"+12085550152; +44 20 7946 0958",12,person-1-0,old@example.com',
        '',
      ].join('\n'),
    );
  });

  it('writes lists as lists and leaves out nothing in JSON Lines', () => {
    const text = write(table(['a', 'status'], [{ b: 1 }, undefined]), { form: { kind: 'jsonl' } });
    expect(JSON.parse(text)).toEqual({
      a: { b: 1 },
      reveal_status: 'completed',
      reason: '',
      work_emails: ['a@example.com', '=b@example.com'],
      personal_emails: [],
      other_emails: [],
      phones: ['+12085550152', '+44 20 7946 0958'],
      credits: 12,
      reveal_id: 'person-1-0',
    });
  });

  it('gives a name that is taken a beginning of its own, and refuses where that is taken too', () => {
    expect(addedNames(['status', 'phones'], false)).toEqual([
      'reveal_status',
      'reason',
      'work_emails',
      'personal_emails',
      'other_emails',
      'reveal_phones',
      'credits',
      'reveal_id',
    ]);
    expect(() => addedNames(['status', 'reveal_status'], false)).toThrow(
      /^column-name-taken: .*"status" and "reveal_status"/,
    );
  });

  it.each([
    '=1+2',
    '=HYPERLINK("x")',
    '+cmd',
    '-1+cmd|x',
    '@SUM(A1)',
    '\t=1',
    '\r=1',
    '\n=1',
    '＝1',
    '+1; =2',
    '+12085550152; =cmd',
  ])('keeps %j from being a formula, in cells and in names', (cell) => {
    const [names, row] = parse(write(table([cell], [cell])));
    expect([names?.[0], row?.[0]]).toEqual([`'${cell}`, `'${cell}`]);
    const free = parse(write(table([cell], [cell]), { guarded: false }))[1];
    expect(free?.[0]).toBe(cell);
  });

  it.each([
    '+12085550152',
    '+44 20 7946 0958',
    '+1 (208) 555-0152',
    '+1 208 555 0152; +49.30.1234',
    '-12.5',
    '+3',
    '-1,000.00',
    '-',
    'a=b',
    '',
  ])('leaves %j as it is: it computes nothing', (cell) => {
    expect(formula.test(cell)).toBe(false);
    expect(parse(write(table(['a', 'b'], [cell, 'x'])))[1]?.[0]).toBe(cell);
  });

  it('says nothing of a row that was not asked for but why', () => {
    const text = writeTable(table(['a'], ['x']), [withoutReveal('refused', 'no profile')], {
      form: { ...form, bom: true, delimiter: ';' },
      withLowQuality: false,
      guarded: true,
    });
    expect(text).toMatch(/^\ufeffa;status;.*\nx;refused;no profile;;;;;0;\n$/);
  });
});
