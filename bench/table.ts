/** The rows as a table for a terminal, and a progress bar for the wait. */
import type { Row } from './fleet/simulate.ts';
import type { StartsRow } from './fleet/simulate-starts.ts';

type Columns<R> = readonly (readonly [head: string, cell: (row: R) => string])[];

const columns: Columns<Row> = [
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

const startsColumns: Columns<StartsRow> = [
  ['load', ({ load }) => load],
  ['durations', ({ distribution }) => distribution],
  ['limiter', ({ limiter }) => limiter],
  ['starts', ({ waits }) => (waits ? 'wait for polls' : 'do not wait')],
  ['seed', ({ seed }) => String(seed)],
  ['polls/min', ({ pollsPerMinute }) => String(pollsPerMinute)],
  ['429s of starts', ({ startsRejected }) => String(startsRejected)],
  ['of polls', ({ pollsRejected }) => String(pollsRejected)],
  ['starts/min', ({ startsPerMinute }) => startsPerMinute.toFixed(1)],
  ['polls', ({ pollsPerReveal }) => pollsPerReveal.toFixed(2)],
  ['transitions', ({ transitionsPerReveal }) => transitionsPerReveal.toFixed(1)],
  ['found', ({ meanToDetection }) => meanToDetection.toFixed(1)],
  ['polled only', ({ meanPolledOnly }) => meanPolledOnly.toFixed(1)],
  ['ratio', ({ ratio }) => ratio.toFixed(3)],
  ['drain', ({ drain }) => drain.toFixed(0)],
  ['p50', ({ interactive }) => interactive.p50.toFixed(1)],
  ['max', ({ interactive }) => interactive.max.toFixed(1)],
  ['left', ({ left }) => String(left)],
];

const textColumns = 4;

export const table = (rows: readonly Row[]) => aligned(rows, columns);
export const startsTable = (rows: readonly StartsRow[]) => aligned(rows, startsColumns);

function aligned<R>(rows: readonly R[], columns: Columns<R>): string {
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

export const startsLegend = `P: 10,000 profiles in bulk at once, and an interactive one every three minutes beside them. found: seconds from the start of a task to its detection,
on average; polled only: the same tasks, begun at the same moments by somebody else. p50 and max: seconds from the request to the start of the
interactive ones. left: never found.`;

/** A bar on stderr, only where somebody can see it. */
export function progress(done: number, of: number, label: string): void {
  if (!process.stderr.isTTY) return;
  const width = 30;
  const full = Math.round((width * done) / of);
  const bar = '#'.repeat(full) + '.'.repeat(width - full);
  process.stderr.write(done === of ? '\r\x1b[K' : `\r\x1b[K[${bar}] ${done}/${of} ${label}`);
}
