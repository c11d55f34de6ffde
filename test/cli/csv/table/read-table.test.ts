import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withoutReveal } from '../../../../cli/csv/findings.ts';
import { type Format, readTable } from '../../../../cli/csv/table/read-table.ts';
import { writeTable } from '../../../../cli/csv/table/write-table.ts';
import { runs } from '../../../support/more.ts';

const read = (text: string, format: Format = 'csv') => readTable(Buffer.from(text), format);

describe('reading a list', () => {
  it('takes comma, semicolon and tab, a byte order mark, and line breaks in quotes', () => {
    expect(read('\ufeffName;Note\r\n"Ada";"two\r\nlines; and ""quotes"""\r\n\r\nBob;\r\n')).toEqual({
      columns: ['Name', 'Note'],
      rows: [
        ['Ada', 'two\r\nlines; and "quotes"'],
        ['Bob', ''],
      ],
      form: { kind: 'csv', delimiter: ';', newline: '\r\n', bom: true },
    });
    expect(read('a\tb\n1\t2,3\n').form).toMatchObject({ delimiter: '\t', newline: '\n', bom: false });
    expect(read('a b,c\td\n1,2\n', 'tsv').columns).toEqual(['a b,c', 'd']);
    expect(read('url,note\nada,x;y;z\nbob,1;2;3\n').columns).toEqual(['url', 'note']);
    expect(read('profile\nada\n').rows).toEqual([['ada']]);
  });

  it('fills rows that are short and drops empty cells beyond the header', () => {
    expect(read('a,b\n1\n1,2,,\n').rows).toEqual([
      ['1', ''],
      ['1', '2'],
    ]);
  });

  it('takes JSON Lines with fields that come and go, as they are', () => {
    expect(read('{"a":1}\n\n{"b":{"c":null},"a":"x"}\r\n', 'jsonl')).toEqual({
      columns: ['a', 'b'],
      rows: [
        [1, undefined],
        ['x', { c: null }],
      ],
      form: { kind: 'jsonl' },
    });
  });

  it.each<[string, string | Uint8Array, Format, RegExp]>([
    ['nothing', '', 'csv', /^empty:/],
    ['a mark and white space', '\ufeff \n', 'csv', /^empty:/],
    ['a header alone', 'a,b\n', 'csv', /^no-rows:/],
    ['no header', 'Ada,https://www.linkedin.com/in/ada\nBob,https://www.linkedin.com/in/bob\n', 'csv', /^no-header:/],
    ['Latin-1', Buffer.from('Name\nJos\xe9\n', 'latin1'), 'csv', /^not-utf-8:/],
    ['UTF-16', Buffer.from('\ufeffName\nAda\n', 'utf16le'), 'csv', /^not-utf-8:/],
    ['UTF-16 without a mark', Buffer.from('Name\nAda\n', 'utf16le'), 'csv', /^not-utf-8:/],
    ['a quote that never ends', 'a,b\n1,"2\n3,4\n', 'csv', /^broken-quotes:/],
    ['a row that is longer than the header', 'a,b\n1,2\n1,2,3\n', 'csv', /^too-many-fields: Row 3 has 3 fields/],
    ['JSON that is no object', '{"a":1}\n[2]\n', 'jsonl', /^not-json-lines: Line 2/],
  ])('refuses %s by name, and repeats nothing of it', (_what, content, format, message) => {
    expect(() => readTable(Buffer.from(content), format)).toThrow(message);
  });

  it('gives back whatever was in the cells', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', 'é', '"', ',', ';', '\n', '\r', '\t', ' ', '😀') });
    const rows = fc.array(fc.tuple(fc.constant('x'), cell, cell, fc.constant('z')), { minLength: 1, maxLength: 8 });
    const form = fc.record({
      kind: fc.constant('csv' as const),
      delimiter: fc.constantFrom(',', ';', '\t'),
      newline: fc.constantFrom('\n', '\r\n'),
      bom: fc.boolean(),
    });
    fc.assert(
      fc.property(rows, form, (rows, form) => {
        const table = { columns: ['a', 'b', 'c', 'd'], rows, form };
        const found = rows.map(() => withoutReveal('refused', ''));
        const text = writeTable(table, found, { form, withLowQuality: false, guarded: false });
        expect(read(text).rows.map((row) => row.slice(0, 4))).toEqual(rows);
      }),
      runs(100, 2_000),
    );
  });
});
