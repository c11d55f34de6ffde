import { describe, expect, it } from 'vitest';
import { findColumn } from '../../../../cli/csv/table/column.ts';
import type { Table } from '../../../../cli/csv/table/table.ts';

const url = (slug: string) => `https://www.linkedin.com/in/${slug}`;
const table = (columns: string[], ...rows: unknown[][]): Table => ({ columns, rows, form: { kind: 'jsonl' } });

describe('the column that says whom to look for', () => {
  it.each<[string, Table, number, string]>([
    ['by what is in it', table(['a', 'b'], ['Ada', url('ada')], ['Bob', '']), 1, 'profile'],
    [
      'by its name, where bare names stand in it',
      table(['Name', 'LinkedIn URL'], ['Ada', 'ada-example']),
      1,
      'profile',
    ],
    [
      'by its content and not by its name',
      table(['LinkedIn', 'x'], ['Ada', url('ada')], ['B', url('bob')]),
      1,
      'profile',
    ],
    [
      'by name and content, where others hold profiles too',
      table(['sent by', 'linkedin_url'], [url('carl'), url('ada')]),
      1,
      'profile',
    ],
    ['by the name of a column of tasks', table(['who', 'taskId'], ['Ada', 'task-1']), 1, 'task'],
    [
      'not by the address of a company',
      table(['company linkedin', 'b'], [`https://www.linkedin.com/company/x`, url('ada')]),
      1,
      'profile',
    ],
    ['though half of it cannot be read', table(['p', 'q'], [url('ada'), 1], ['none', 2]), 0, 'profile'],
  ])('is found %s', (_how, given, at, kind) => {
    expect(findColumn(given, undefined, undefined)).toEqual({ at, kind });
  });

  it('is the one that is named, in any spelling, and holds what is said', () => {
    const given = table(['Id', 'Profile of'], ['a', url('ada')]);
    expect(findColumn(given, 'profile-of', undefined)).toEqual({ at: 1, kind: 'profile' });
    expect(findColumn(given, 'id', 'task')).toEqual({ at: 0, kind: 'task' });
    expect(findColumn(table(['task id'], [url('ada')]), undefined, undefined)).toEqual({ at: 0, kind: 'profile' });
  });

  it.each<[string, Table, string | undefined, RegExp]>([
    [
      'several hold profiles',
      table(['a', 'b', 'c'], [url('ada'), url('bob'), 'x']),
      undefined,
      /^ambiguous-column: .*"a", "b"\. Name/,
    ],
    ['profiles and tasks', table(['a', 'task'], [url('ada'), 'x']), undefined, /^ambiguous-column: .*"a", "task"/],
    ['the same name twice', table(['x', 'x'], ['a', 'b']), 'x', /^ambiguous-column/],
    ['none', table(['a', 'b'], ['x', 'y']), undefined, /^no-column: .*There is: "a", "b"/],
    ['the name is another', table(['a'], [url('ada')]), 'z', /^no-column: There is no column "z". There is: "a"/],
  ])('is asked for where it cannot be told: %s', (_why, given, name, message) => {
    expect(() => findColumn(given, name, undefined)).toThrow(message);
  });
});
