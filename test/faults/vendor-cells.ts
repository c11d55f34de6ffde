import type { Outcome, Reason } from '../../lambdas/contract.ts';
import type { PlannedFault, Fault as VendorFault } from '../../local/fiber/index.ts';
import type { Cell } from './cell.ts';

/** When the vendor misbehaves. A reveal of 40 seconds is polled three or four times; `done` is the poll that would have seen it done. */
const phases = { first: 1, middle: 2, final: 'done' } as const satisfies Record<string, PlannedFault['atPoll']>;
type Phase = keyof typeof phases;
const phaseNames = Object.keys(phases) as Phase[];

const statuses = [400, 401, 402, 403, 404, 422, 429, 500, 503] as const;
/** The answer is final, and there is nothing to wait for. */
const refusals: Partial<Record<number, Reason>> = { 400: 'request-refused', 422: 'request-refused' };
/** What a reveal ends with when the vendor says this for ever. A task that has just been started may not be found once. */
const lasting: Partial<Record<number, Reason>> = {
  401: 'key-refused',
  402: 'out-of-credits',
  403: 'key-refused',
  404: 'task-not-found',
};

const statusCells = statuses.flatMap((status) =>
  phaseNames.flatMap((phase): Cell[] => {
    const fault: VendorFault = `status-${status}`;
    const atPoll = phases[phase];
    const refused: Partial<Cell> = refusals[status] ? { ends: 'errored', reason: refusals[status], polls: 6 } : {};
    const forEver = lasting[status] ?? 'vendor-unavailable';
    return [
      {
        group: 'the vendor answers once',
        row: String(status),
        column: phase,
        task: { faults: [{ atPoll, fault }] },
        quick: phase === 'final' && [401, 404, 429, 500].includes(status),
        ...refused,
      },
      {
        group: 'the vendor answers for ever',
        row: String(status),
        column: `from the ${phase}`,
        // Longer where it must not be done at the first poll, on a machine that is slow to come to it.
        task: {
          faults: [{ atPoll, times: Number.POSITIVE_INFINITY, fault }],
          ...(phase === 'middle' && { durationMs: 120_000 }),
        },
        ends: 'errored',
        reason: forEver,
        // A 429 is waited out for 12 seconds; other answers that say nothing double their wait up to a minute.
        polls: status === 429 ? 60 : 30,
        quick: phase === 'middle' && status === 500,
        ...refused,
      },
    ];
  }),
);

const broken: readonly VendorFault[] = [
  'malformed-json',
  'malformed-html',
  'malformed-shape',
  'malformed-wrong-type',
  'malformed-truncated',
  'malformed-huge',
  'malformed-gzip-bomb',
  'redirect',
  'reset',
  'slow-body',
  'hang-headers',
  'hang-body',
];
/** Each of these polls ends with the client's own timeout, of which a relay that skips time takes half a second to be sure. */
const hanging: readonly VendorFault[] = ['slow-body', 'hang-headers', 'hang-body'];
/** One of each kind: what cannot be read, is cut off, is far too much, or never comes. */
const quickFaults: readonly VendorFault[] = ['malformed-json', 'malformed-truncated', 'malformed-gzip-bomb', 'reset'];
const unreadable: readonly VendorFault[] = [
  'malformed-json',
  'malformed-html',
  'malformed-shape',
  'malformed-wrong-type',
  'malformed-huge',
  'malformed-gzip-bomb',
];

const brokenCells = broken.flatMap((fault) => [
  ...phaseNames.map(
    (phase): Cell => ({
      group: 'the vendor answers once',
      row: fault,
      column: phase,
      task: { faults: [{ atPoll: phases[phase], fault }] },
      setting: hanging.includes(fault) ? { isLeftHanging: true } : {},
      quick: phase === 'final' && quickFaults.includes(fault),
    }),
  ),
  ...(hanging.includes(fault) ? [] : [forEver(fault)]),
]);

function forEver(fault: VendorFault): Cell {
  const ends: Outcome = 'errored';
  return {
    group: 'the vendor answers for ever',
    row: fault,
    column: 'from the first',
    task: { faults: [{ atPoll: 'every', fault }] },
    ends,
    polls: 30,
    ...(unreadable.includes(fault) && { reason: 'answers-unusable' }),
  };
}

export const vendorCells: readonly Cell[] = [...statusCells, ...brokenCells];
