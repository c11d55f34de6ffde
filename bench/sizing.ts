/** What a rate of reveals needs of an AWS account, as a table for docs/operations.md, beside what an account has by default. */
import { mix } from './fleet/distributions.ts';
import { type Load, steady } from './fleet/loads.ts';
import { type Row, simulate } from './fleet/simulate.ts';

/**
 * Of us-east-1, us-west-2 and eu-west-1; elsewhere 800 starts at once and 150 a second, and 800 state transitions a second.
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
 */
const stepFunctions = { startsAtOnce: 1_300, startsASecond: 300, transitionsASecond: 5_000 };
/** @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const lambda = { concurrency: 1_000, newAccount: 10 };
/** For one item. @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html */
const dynamoDB = { writeUnitsASecond: 1_000 };

const seeds = [1, 2, 3];

/** As fast as Step Functions starts that many. */
const burst: Load = {
  name: 'L5',
  is: '3,000 at once',
  burst: 3_000,
  arrivals: () =>
    Array.from({ length: 3_000 }, (_, i) => ({
      atMs: (1_000 * Math.max(0, i - stepFunctions.startsAtOnce)) / stepFunctions.startsASecond,
      priority: 'bulk' as const,
    })),
};

export interface Column {
  readonly head: string;
  readonly load: Load;
}

export const columns: readonly Column[] = [
  { head: '10 a minute', load: steady('L2', 10) },
  { head: '60 a minute', load: steady('L3', 60) },
  { head: '120 a minute', load: steady('L4', 120) },
  { head: '3,000 at once', load: burst },
];

interface Measured {
  readonly large: readonly Row[];
  /** In an account with the concurrency that new ones often have. */
  readonly small: readonly Row[];
}

const whole = (count: number) => Math.round(count).toLocaleString('en');
const seconds = (count: number) => `${whole(count)} s`;
const most = (rows: readonly Row[], of: (row: Row) => number) => Math.max(...rows.map(of));
const mean = (rows: readonly Row[], of: (row: Row) => number) =>
  rows.reduce((sum, row) => sum + of(row), 0) / rows.length;

const lines: readonly (readonly [head: string, cell: (measured: Measured) => string, quota: string])[] = [
  [
    'handlers at once, in 99 of 100 moments',
    ({ large }) => whole(most(large, ({ handlers }) => handlers)),
    `${whole(lambda.concurrency)}; a new account often ${lambda.newAccount}`,
  ],
  ['handlers at once, at most', ({ large }) => whole(most(large, ({ mostHandlers }) => mostHandlers)), 'the same'],
  [
    'state transitions a second, mean',
    ({ large }) => whole(mean(large, ({ transitions }) => transitions.mean)),
    `${whole(stepFunctions.transitionsASecond)}; elsewhere 800; a new account less`,
  ],
  [
    'state transitions in the busiest second',
    ({ large }) => whole(most(large, ({ transitions }) => transitions.peak)),
    'the same',
  ],
  [
    'writes a second on the budget item, mean',
    ({ large }) => whole(mean(large, ({ budgetWrites }) => budgetWrites.mean)),
    `${whole(dynamoDB.writeUnitsASecond)} units`,
  ],
  [
    'writes in the busiest second',
    ({ large }) => whole(most(large, ({ budgetWrites }) => budgetWrites.peak)),
    'the same',
  ],
  ['a result is noticed after, mean', ({ large }) => seconds(mean(large, ({ meanDelay }) => meanDelay)), ''],
  [
    `the same with a Lambda concurrency of ${lambda.newAccount}`,
    ({ small }) => seconds(mean(small, ({ meanDelay }) => meanDelay)),
    '',
  ],
  [
    `reveals lost with a Lambda concurrency of ${lambda.newAccount}`,
    ({ small }) => whole(most(small, ({ lost }) => lost)),
    '',
  ],
];

/** What is measured under the load of a column, a cell for each line of the table. */
export function cellsOf({ load }: Column): string[] {
  const rows = (concurrency?: number) =>
    seeds.map((seed) =>
      simulate({ policy: 'relay', load, distribution: mix, limiter: 'fixed-window', seed, concurrency }),
    );
  const measured = { large: rows(), small: rows(lambda.newAccount) };
  return lines.map(([, cell]) => cell(measured));
}

/** A table in Markdown, a line for each figure. */
export function sizingTable(measured: readonly (readonly string[])[] = columns.map(cellsOf)): string {
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    row(['', ...columns.map(({ head }) => head), 'AWS gives by default']),
    row(['---', ...columns.map(() => '---:'), '---']),
    ...lines.map(([head, , quota], line) => row([head, ...measured.map((cells) => cells[line] ?? ''), quota])),
  ].join('\n');
}
