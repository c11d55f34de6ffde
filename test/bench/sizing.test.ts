import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { cellsOf, columns, sizingTable } from '../../bench/sizing.ts';
import { longRun } from '../support/long-run.ts';

const page = await readFile(new URL('../../docs/operations.md', import.meta.url), 'utf8');
const section = page.split('\n## Sizing\n')[1]?.split('\n## ')[0] ?? '';
const shown = section.split('\n').filter((line) => line.startsWith('|'));
/** The cells below the head of a column, without the rule. */
const column = (at: number) => shown.slice(2).map((line) => line.split('|')[at + 1]?.trim() ?? '');

describe('the table under Sizing in docs/operations.md', longRun, () => {
  // A load at a time, as each takes seconds.
  it.each(columns)('says what the bench measures: $head', (measured) => {
    expect(column(columns.indexOf(measured) + 1)).toEqual(cellsOf(measured));
  });

  it('has the lines, the loads and the quotas that `npm run bench:sizing` prints', () => {
    expect(shown.join('\n')).toBe(sizingTable(columns.map((_, at) => column(at + 1))));
  });

  it('shows that nothing is lost in an account with a Lambda concurrency of 10', () => {
    const lost = shown.find((line) => line.startsWith('| reveals lost with a Lambda concurrency of 10')) ?? '';
    expect(lost.split('|').slice(2, 6).map(Number)).toEqual([0, 0, 0, 0]);
  });
});
