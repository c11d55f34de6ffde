import { inLines } from '../in-lines.ts';
import { type Screen, widthOf } from '../progress.ts';
import type { Json } from './client-text.ts';
import { type Column, table } from './table.ts';

/** How much was found; nothing for a reveal that has not completed. */
const countOf =
  (kind: 'emails' | 'phoneNumbers') =>
  ({ found, status }: Json) =>
    status === 'completed' ? String(((found ?? {}) as Json)[kind] ?? '') : '';

const columns: readonly Column<Json>[] = [
  { header: 'STARTED (UTC)', cell: ({ createdAt }) => String(createdAt).slice(0, 16).replace('T', ' '), goes: 2 },
  { header: 'STATUS', cell: ({ status, erasedAt }) => (erasedAt ? `${status}, erased` : String(status)) },
  { header: 'REASON', cell: ({ reason }) => String(reason ?? ''), goes: 4 },
  { header: 'E-MAILS', cell: countOf('emails'), align: 'right', goes: 3 },
  { header: 'PHONES', cell: countOf('phoneNumbers'), align: 'right', goes: 3 },
  { header: 'REFERENCE', cell: ({ reference }) => String(reference ?? ''), most: 24, goes: 1 },
  { header: 'ID', cell: ({ revealId }) => String(revealId) },
];

/** Prints reveals as a table that fits the terminal; whole, where there is none. */
export function printList(
  reveals: readonly Json[],
  { isFiltered, hasMore }: { readonly isFiltered: boolean; readonly hasMore: boolean },
  { stdout, stderr }: { readonly stdout: Screen; readonly stderr: Screen },
): void {
  const more = hasMore ? ['There are more: --all lists them.'] : [];
  if (reveals.length === 0) {
    const none = isFiltered
      ? 'No reveal is like that.'
      : 'There are no reveals yet: npm run reveal -- start --profile URL starts one.';
    stdout.write(`${hasMore ? 'No reveal on this page is like that.' : none}\n`);
  } else {
    const { lines, isCut } = table(reveals, columns, widthOf(stdout));
    stdout.write(lines.map((line) => `${line}\n`).join(''));
    if (isCut) more.push('Ids are cut to fit: they are whole in a wider terminal, in a pipe and with --json.');
  }
  for (const line of more) stderr.write(`${inLines(line, widthOf(stderr)).join('\n')}\n`);
}
