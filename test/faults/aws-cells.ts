import type { NewTask } from '../../local/fiber/index.ts';
import type { Cell } from './cell.ts';
import type { How } from './fault.ts';

/** Done at its first poll: what is the first call of its kind there is the one that matters. */
const doneAtOnce: NewTask = { durationMs: 1 };
const large: NewTask = { scenario: 'large', durationMs: 1 };
const refusedTask: NewTask = { durationMs: 1, faults: [{ atPoll: 'every', fault: 'status-422' }] };
const refused = { task: refusedTask, ends: 'errored', reason: 'request-refused' } as const satisfies Partial<Cell>;

interface OutsideCall extends Partial<Cell> {
  readonly handler: 'Admit' | 'Poll' | 'Settle';
  readonly operation: string;
  /** What it is for, where a handler makes two of the same kind. */
  readonly purpose?: string;
  /** The first one that meets the fault. @default 1 */
  readonly nth?: number;
  /** What comes of it when it fails until the execution has ended. @default given up on, and found by the look afterwards */
  readonly afterAll?: Partial<Cell>;
}

const completed: Partial<Cell> = { ends: 'completed' };
const foundLater: Partial<Cell> = { ends: 'completed', late: true };

/** Every call that the three states make to AWS, and what the reveal comes to if it never succeeds. */
const calls: readonly OutsideCall[] = [
  {
    handler: 'Admit',
    operation: 'reveals.GetItem',
    purpose: 'of another execution',
    play: async ({ start, ended }) => {
      await start();
      await start();
      await ended();
    },
    afterAll: completed,
  },
  { handler: 'Admit', operation: 'reveals.PutItem', purpose: 'claim' },
  { handler: 'Admit', operation: 'durations.GetItem' },
  { handler: 'Admit', operation: 'budget.GetItem' },
  { handler: 'Admit', operation: 'budget.UpdateItem' },
  { handler: 'Admit', operation: 'reveals.UpdateItem' },
  { handler: 'Poll', operation: 'reveals.GetItem' },
  { handler: 'Poll', operation: 'durations.GetItem' },
  { handler: 'Poll', operation: 'budget.UpdateItem', purpose: 'slot' },
  {
    handler: 'Poll',
    operation: 'budget.GetItem',
    purpose: 'after waiting for the slot',
    play: async ({ lab, start, ended }) => {
      // Some seconds behind the first wake: the handler sleeps, and looks whether its slot still holds.
      await lab.holdPolls(20_000);
      await start();
      await ended();
    },
    // By the time of the last attempt nobody has to wait for a slot any more.
    afterAll: completed,
  },
  { handler: 'Poll', operation: 'secret.GetSecretValue' },
  { handler: 'Poll', operation: 'reveals.UpdateItem', purpose: 'result' },
  { handler: 'Poll', operation: 'reveals.UpdateItem', purpose: 'progress', task: { durationMs: 40_000 } },
  { handler: 'Poll', operation: 'budget.UpdateItem', purpose: 'next wait', task: { durationMs: 40_000 }, nth: 2 },
  { handler: 'Poll', operation: 'parts.PutItem', purpose: 'first part', task: large },
  { handler: 'Poll', operation: 'parts.PutItem', purpose: 'second part', task: large, nth: 2 },
  { handler: 'Poll', operation: 'durations.UpdateItem', afterAll: completed },
  { handler: 'Settle', operation: 'reveals.GetItem', afterAll: completed },
  { handler: 'Settle', operation: 'bus.PutEvents', afterAll: completed },
  { handler: 'Settle', operation: 'reveals.UpdateItem', purpose: 'announced', afterAll: completed },
  {
    handler: 'Settle',
    operation: 'reveals.UpdateItem',
    purpose: 'end',
    ...refused,
    afterAll: { ends: 'errored', reason: 'relay-fault' },
  },
  { handler: 'Settle', operation: 'bus.PutEvents', purpose: 'not revealed', ...refused },
];

const ways = ['throttled', 'failing', 'reset', 'lost'] as const satisfies How[];

export const awsCells: readonly Cell[] = calls.flatMap(
  ({ handler, operation, purpose, nth = 1, afterAll, ...cell }) => {
    const row = `${handler} ${operation}${purpose ? ` (${purpose})` : ''}`;
    const base = { group: 'AWS, between the handlers and what they call', row, task: doneAtOnce, ...cell };
    const isWrite = !operation.includes('Get');
    // A large result takes long; the second part stands for the first.
    const isQuick = isWrite && purpose !== 'first part';
    return [
      ...ways.flatMap((how): Cell[] => [
        { ...base, column: how, faults: [{ handler, operation, from: nth, how }], quick: how === 'lost' && isQuick },
        { ...base, column: `${how} 3×`, faults: [{ handler, operation, from: nth, times: 3, how }] },
      ]),
      {
        ...base,
        column: 'failing to the end',
        faults: [{ handler, operation, from: nth, times: Number.POSITIVE_INFINITY, how: 'failing' }],
        ...(afterAll ?? (cell.ends ? {} : foundLater)),
        quick: operation === 'bus.PutEvents',
      },
    ];
  },
);

const secret = { handler: 'Poll', operation: 'secret.GetSecretValue' } as const;
const putEvents = { handler: 'Settle', operation: 'bus.PutEvents' } as const;
const particular = (row: string, faults: readonly (readonly [string, Cell['faults'], Partial<Cell>?])[]): Cell[] =>
  faults.map(([column, injected, more]) => ({
    group: 'AWS, in its own ways',
    row,
    column,
    task: doneAtOnce,
    faults: injected ?? [],
    ...more,
  }));

export const particularCells: readonly Cell[] = [
  ...(['empty', 'missing', 'denied'] as const).flatMap((how) =>
    particular(`secret ${how}`, [
      ['once', [{ ...secret, how }]],
      ['for a while', [{ ...secret, times: 4, how }]],
      ['to the end', [{ ...secret, times: Number.POSITIVE_INFINITY, how }], { ...foundLater, quick: how === 'denied' }],
    ]),
  ),
  ...particular('event not taken', [
    ['once', [{ ...putEvents, how: 'not taken' }], { quick: true }],
    ['3×', [{ ...putEvents, times: 3, how: 'not taken' }]],
    ['to the end', [{ ...putEvents, times: Number.POSITIVE_INFINITY, how: 'not taken' }]],
  ]),
  ...particular('everything', [
    ['throttled at every other call', every(2, 'throttled'), { late: 'perhaps' }],
    // Where an attempt more hides what became of a call to AWS, the third one may be the vendor's, again and again.
    ['reset at every third call', every(3, 'reset'), { late: 'perhaps', polls: 40 }],
    ['answer lost at every third call', every(3, 'lost'), { late: 'perhaps', polls: 40, quick: true }],
    ['killed at every fifth call', every(5, 'killed after'), { late: 'perhaps' }],
  ]),
];

/** Strikes again and again, at all calls of all handlers. */
function every(nth: number, how: How): Cell['faults'] {
  return [{ from: nth, every: nth, times: Number.POSITIVE_INFINITY, how }];
}
