import type { NewTask } from '../../local/fiber/index.ts';
import type { Cell } from './cell.ts';

/** A handler, what it works on, and at which of its outside calls it is killed: all that it makes, in their order. */
interface Victim extends Partial<Cell> {
  readonly handler: 'Admit' | 'Poll' | 'Settle';
  readonly what: string;
  readonly from: number;
  readonly to: number;
}

const doneAtOnce: NewTask = { durationMs: 1 };
const victims: readonly Victim[] = [
  { handler: 'Admit', what: 'Admit', from: 1, to: 5 },
  { handler: 'Poll', what: 'Poll, the only one', from: 1, to: 7 },
  { handler: 'Poll', what: 'Poll, the second one', from: 8, to: 12, task: { durationMs: 40_000 } },
  {
    handler: 'Poll',
    what: 'Poll, of a large result',
    from: 6,
    to: 8,
    task: { scenario: 'large', durationMs: 1 },
    quick: false,
  },
  { handler: 'Settle', what: 'SettleRevealed', from: 1, to: 3 },
  {
    handler: 'Settle',
    what: 'SettleNotRevealed',
    from: 1,
    to: 5,
    task: { durationMs: 1, faults: [{ atPoll: 'every', fault: 'status-422' }] },
    ends: 'errored',
    reason: 'request-refused',
  },
];

export const killCells: readonly Cell[] = victims.flatMap(({ handler, what, from, to, ...cell }) =>
  Array.from({ length: to - from + 1 }, (_, index) => index + from).flatMap((nth) =>
    (['killed before', 'killed after'] as const).map(
      (how): Cell => ({
        group: `handlers ${how} an outside call`,
        row: what,
        column: `call ${nth}`,
        task: doneAtOnce,
        faults: [{ handler, from: nth, how }],
        quick:
          how === 'killed after' && (handler === 'Admit' ? nth === 1 : handler === 'Settle' ? nth === 2 : nth === 6),
        ...cell,
      }),
    ),
  ),
);

export const deadlyCells: readonly Cell[] = [
  { operation: 'reveals.PutItem', handler: 'Admit' },
  { operation: 'vendor.poll', handler: 'Poll' },
  { operation: 'reveals.UpdateItem', handler: 'Settle' },
].flatMap(({ handler, operation }) =>
  [3, Number.POSITIVE_INFINITY].map(
    (times): Cell => ({
      group: 'handlers killed after an outside call',
      row: `${handler}, at each ${operation}`,
      column: times === 3 ? '3×' : 'to the end',
      task: doneAtOnce,
      faults: [{ handler, operation, times, how: 'killed after' }],
      quick: handler === 'Poll' && times > 3,
      // Then the state has no attempts left, and the reveal is found by the look. A kill in the settle state is after all that matters.
      ...(handler !== 'Settle' && times > 3 && { late: true }),
    }),
  ),
);
