import type { Cell, Scene } from './cell.ts';
import type { Fault } from './fault.ts';
import { maxWaitSeconds } from './settings.ts';

const minute = 60_000;
const group = 'time';
/** A task alone until it is given up on, after ten minutes: about every 12 s, and more and more seldom past the age of nine. With the look and a poll that is lost. */
const pollsUntilGivenUp = 52;
/** Done after the relay has given up, and before it looks again. */
const tooSlow = { durationMs: maxWaitSeconds * 1_000 + 8 * minute };

/** Lets the sweeper look while the faults are there still. */
const throughTheLook = async ({ start, ended, lab }: Scene) => {
  await start();
  await ended();
  await lab.pass(22 * minute);
};
const late = (column: string, faults: readonly Fault[] = [], more: Partial<Cell> = {}): Cell => ({
  group,
  row: 'done after it was given up on',
  column,
  task: tooSlow,
  late: true,
  polls: pollsUntilGivenUp,
  faults,
  play: throughTheLook,
  ...more,
});
const laterLook: Partial<Cell> = {
  play: async ({ start, ended, lab }) => {
    await start();
    await ended();
    await lab.pass(100 * minute);
  },
};
/** Those that every sweep makes fail at the one that looks. */
const callsOfEverySweep = ['reveals.Query', 'reveals.BatchGetItem'];
const sweeperCalls = [
  'reveals.Query',
  'reveals.BatchGetItem',
  'budget.UpdateItem',
  'vendor.poll',
  'reveals.UpdateItem',
  'bus.PutEvents',
];

const lateCells: readonly Cell[] = [
  late('found by the look', [], { quick: true }),
  late('found by a later look', [], { ...laterLook, task: { durationMs: 80 * minute } }),
  late('large', [], { task: { ...tooSlow, scenario: 'large' } }),
  ...sweeperCalls.flatMap((operation) => [
    ...(operation === 'vendor.poll'
      ? []
      : [
          late(`${operation} failing`, [
            {
              handler: 'Sweep',
              operation,
              from: callsOfEverySweep.includes(operation) ? 4 : 1,
              times: 2,
              how: 'failing',
            },
          ]),
        ]),
    late(
      `${operation} lost`,
      [{ handler: 'Sweep', operation, how: 'lost' }],
      operation === 'vendor.poll' ? laterLook : {},
    ),
    late(`killed after ${operation}`, [{ handler: 'Sweep', operation, how: 'killed after' }]),
  ]),
];

/** The budget has nothing to give for so long that the deadline goes by: then the reveal has not been looked at, and must be. */
const heldUp: Cell = {
  group,
  row: 'held up past its deadline',
  column: 'polled before it is given up on',
  task: { durationMs: minute },
  quick: true,
  polls: 2,
  play: async ({ lab, start, ended }) => {
    await lab.holdPolls((maxWaitSeconds + 300) * 1_000);
    await start();
    await ended();
  },
};

const never: Cell = {
  group,
  row: 'never done',
  column: 'given up on',
  task: { scenario: 'never', durationMs: Number.POSITIVE_INFINITY },
  ends: 'timed-out',
  reason: 'deadline-passed',
  polls: pollsUntilGivenUp,
};

const skews = (['Admit', 'Poll', 'Settle', 'Sweep', 'Ended'] as const).flatMap((handler) =>
  // Lambda keeps its clocks within milliseconds. `Poll` says when it is called next: a clock far behind has it called at once.
  [handler === 'Poll' ? -5_000 : -2 * minute, 2 * minute].map(
    (ms): Cell => ({
      group,
      row: 'a wrong clock',
      column: `${handler} ${ms < 0 ? 'behind' : 'ahead'}`,
      setting: { skew: { handler, ms } },
      task: { durationMs: 60_000 },
      polls: 40,
    }),
  ),
);

/** Nobody listens at the vendor's address from the nth poll on, until the relay has noticed. */
const refused = [1, 2, 3].map(
  (nth): Cell => ({
    group: 'the vendor answers once',
    row: 'nobody listens',
    column: ['first', 'middle', 'final'][nth - 1] ?? '',
    faults: ({ lab }) => {
      let listenAgain = async () => {};
      return [
        {
          handler: 'Poll',
          operation: 'reveals.GetItem',
          from: nth,
          how: {
            before: async () => {
              listenAgain = await lab.between.refuseConnections();
            },
          },
        },
        { handler: 'Poll', operation: 'reveals.UpdateItem', from: nth, how: { before: () => listenAgain() } },
      ];
    },
  }),
);

/** The key is replaced, at the vendor and in the secret, while a handler still holds the old one. */
const rotated = (['first', 'second'] as const).map(
  (column, index): Cell => ({
    group: 'AWS, in its own ways',
    row: 'secret rotated',
    column: `before the ${column} poll`,
    faults: ({ lab }) => [
      { handler: 'Poll', operation: 'reveals.GetItem', from: index + 1, how: { before: () => lab.rotateKey() } },
    ],
  }),
);

/** What nobody has thought of is thrown as well, and may hold anything. The look, which has no such bug, finds the result. */
const stumbling: Cell = {
  group: 'AWS, in its own ways',
  row: 'a bug of ours',
  column: 'throws what it stumbles over',
  setting: { stumbles: 'Poll' },
  task: { durationMs: 1 },
  late: true,
  quick: true,
};

export const timeCells: readonly Cell[] = [stumbling, ...lateCells, heldUp, never, ...skews, ...refused, ...rotated];
