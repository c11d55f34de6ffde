/** The rows as a table for a terminal, and a progress bar for the wait. */
import type { Row } from './fleet/simulate.ts';

const columns: readonly (readonly [head: string, cell: (row: Row) => string])[] = [
  ['load', ({ load, reveals }) => (load === 'L5' ? `L5 ${reveals}` : load)],
  ['durations', ({ distribution }) => distribution],
  ['limiter', ({ limiter }) => limiter],
  ['policy', ({ policy }) => policy],
  ['seed', ({ seed }) => String(seed)],
  ['429s', ({ rejected }) => String(rejected)],
  ['polls', ({ pollsPerReveal }) => pollsPerReveal.toFixed(2)],
  ['transitions', ({ transitionsPerReveal }) => transitionsPerReveal.toFixed(1)],
  ['mean', ({ meanDelay }) => meanDelay.toFixed(1)],
  ['p50', ({ p50 }) => p50.toFixed(1)],
  ['p95', ({ p95 }) => p95.toFixed(1)],
  ['p99', ({ p99 }) => p99.toFixed(1)],
  ['max', ({ maxDelay }) => maxDelay.toFixed(0)],
  ['drain', ({ drain }) => drain.toFixed(0)],
  ['bound', ({ bound }) => (bound === null ? '-' : bound.toFixed(1))],
  ['handlers', ({ handlers }) => String(handlers)],
  ['lost', ({ lost }) => String(lost)],
  ['ratio', ({ ratio }) => (ratio === null ? '-' : ratio.toFixed(3))],
];

const textColumns = 4;

export function table(rows: readonly Row[]): string {
  const cells = [columns.map(([head]) => head), ...rows.map((row) => columns.map(([, cell]) => cell(row)))];
  const widths = columns.map((_, i) => Math.max(...cells.map((line) => line[i]!.length)));
  return cells
    .map((line) =>
      line
        .map((cell, i) => (i < textColumns ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

export const legend = `polls and loop transitions per reveal; delays, drain and bound in seconds. The bound and the ratio are of the mean delay at a steady
rate (L2 to L4) and of the drain for a burst (L5). A reveal not found within an hour of the last start counts as found then. handlers: so many
at once are enough in 99 of 100 moments; lost: reveals whose handler was refused for lack of concurrency until the workflow gave up.`;

/** A bar on stderr, only where somebody can see it. */
export function progress(done: number, of: number, label: string): void {
  if (!process.stderr.isTTY) return;
  const width = 30;
  const full = Math.round((width * done) / of);
  const bar = '#'.repeat(full) + '.'.repeat(width - full);
  process.stderr.write(done === of ? '\r\x1b[K' : `\r\x1b[K[${bar}] ${done}/${of} ${label}`);
}
