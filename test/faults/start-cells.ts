import type { Fault, How, Said } from './fault.ts';
import type { StartCell, StartScene } from './start-cell.ts';

const minute = 60_000;
const forEver = Number.POSITIVE_INFINITY;
/** Far from its end, so that it counts and never refuses. */
const setting = { maxCreditsPerDay: 1_000_000 } as const;
const vendorStart = { handler: 'StartTask', operation: 'vendor.start' } as const;

/** The vendor's own words repeat what it was asked for; the key is none of them. */
const wordsOf = (request: string) => {
  const { linkedinUrl } = JSON.parse(request) as { linkedinUrl: string };
  return `Nothing can be said of ${linkedinUrl}`;
};
const json = (status: number, headers: Said['headers'] = {}): Said => ({
  status,
  headers,
  body: (request) => JSON.stringify({ message: wordsOf(request) }),
});
const page = (status: number, headers: Said['headers'] = {}): Said => ({
  status,
  headers: { 'content-type': 'text/html', ...headers },
  body: (request) => `<html><body>${wordsOf(request)}</body></html>`,
});
const said = (body: (request: string) => unknown, status = 200): Said => ({
  status,
  body: (request) => JSON.stringify(body(request)),
});

interface Answer {
  readonly row: string;
  readonly says: Said;
  readonly setting?: StartCell['setting'];
}
const unknown = { ends: 'errored', reason: 'start-unknown' } as const;
const refused = { ends: 'errored', reason: 'start-refused', charges: 0 } as const;

/** Nobody knows whether the vendor has charged. */
const unclear: readonly Answer[] = [
  { row: '200 without a task', says: said((request) => ({ output: {}, message: wordsOf(request) })) },
  {
    row: '200 with an empty task id',
    says: said((request) => ({ output: { taskId: '' }, advice: [wordsOf(request)] })),
  },
  { row: '200 with null', says: said(() => null) },
  {
    row: '200 cut off',
    says: { ...said((request) => ({ output: { taskId: 'x' }, m: wordsOf(request) })), isCutOff: true },
  },
  { row: '200 with HTML', says: page(200) },
  { row: '204 without a body', says: { status: 204 } },
  { row: '302', says: page(302, { location: 'https://example.com/' }) },
  { row: '307', says: { status: 307, headers: { location: '/v2/start' } } },
  { row: '403 with HTML', says: page(403) },
  { row: '404 with HTML', says: page(404) },
  { row: '429 with HTML', says: page(429) },
  { row: '409', says: json(409) },
  ...[500, 502, 503, 504, 520, 524].map((status) => ({ row: String(status), says: json(status) })),
  { row: '501 without the sandbox', says: json(501) },
  { row: '502 with HTML', says: page(502) },
  { row: '520 with HTML', says: page(520) },
  { row: 'no answer', says: { status: 0 }, setting: { ...setting, isLeftHanging: true } },
];

const unclearCells = unclear.flatMap(({ row, says, setting: other = setting }) =>
  [true, false].map(
    (charged): StartCell => ({
      group: 'the vendor answers a start',
      row,
      column: charged ? 'having charged' : 'having done nothing',
      setting: other,
      faults: [{ ...vendorStart, how: { says, charged } }],
      ...unknown,
      charges: Number(charged),
      quick: charged && ['200 without a task', '500', '200 cut off'].includes(row),
    }),
  ),
);

const definite: readonly StartCell[] = [
  ...[400, 404, 422].map(
    (status): StartCell => ({ ...answering(String(status), json(status)), ...refused, quick: status === 422 }),
  ),
  { ...answering('501 of the sandbox', json(501, { 'x-fiber-sandbox': 'true' })), ...refused },
].map((cell) => ({ ...cell, column: 'once' }));

/** What is said once is tried again; for ever it ends without a charge. */
const passing = (
  [
    ['401', json(401)],
    ['402', json(402)],
    ['403', json(403)],
    ['429', json(429, { 'retry-after': '5' })],
    ['429 without a time', json(429)],
    ['403 of the edge', page(403, { 'cf-mitigated': 'challenge' })],
    ['503 of the edge', page(503, { 'cf-mitigated': 'challenge' })],
  ] as const
).flatMap(([row, says]): StartCell[] => [
  { ...answering(row, says), column: 'once', ends: 'completed', charges: 1, quick: row === '401' },
  { ...answering(row, says, 4), column: '4×', ends: 'completed', charges: 1 },
]);

function answering(row: string, says: Said, times = 1): StartCell {
  const faults: Fault[] = [{ ...vendorStart, times, how: { says, charged: false } }];
  return { group: 'the vendor answers a start', row, column: '', setting, faults };
}

/** A 2xx with a task is a start, whatever else is odd about it: the stand-in's own task goes by another name then. */
const lostAround: readonly StartCell[] = [
  { row: 'reset before the vendor sees it', how: 'reset' as const, charges: 0, ...unknown },
  { row: 'reset once the vendor has charged', how: 'lost' as const, charges: 1, ...unknown, quick: true },
].map((cell) => ({
  group: 'a start is lost',
  column: 'connected',
  setting,
  faults: [{ ...vendorStart, how: cell.how }],
  ...cell,
}));

/** Nothing leaves, and nothing is unknown. */
const nobodyListens: StartCell = {
  group: 'a start is lost',
  row: 'before it is sent',
  column: 'nobody listens',
  setting,
  faults: ({ lab }) => {
    let listenAgain = async () => {};
    return [
      {
        handler: 'StartTask',
        operation: 'credits.UpdateItem',
        how: {
          before: async () => {
            listenAgain = await lab.between.refuseConnections('StartTask');
          },
        },
      },
      { handler: 'StartTask', operation: 'credits.UpdateItem', from: 2, how: { before: () => listenAgain() } },
    ];
  },
  ends: 'completed',
  charges: 1,
  quick: true,
};

/** The outside calls of a `StartTask` that goes well. */
const mostCalls = 18;

const killed = Array.from({ length: mostCalls }, (_, index) => index + 1).flatMap((nth) =>
  (['killed before', 'killed after'] as const).map(
    (how): StartCell => ({
      group: `StartTask ${how} an outside call`,
      row: 'once',
      column: `call ${nth}`,
      setting,
      faults: [{ handler: 'StartTask', from: nth, how }],
      quick: how === 'killed after' && [8, 9, 10].includes(nth),
    }),
  ),
);
const killedAgain: readonly StartCell[] = (
  ['reveals.UpdateItem', 'vendor.start', 'credits.UpdateItem'] as const
).flatMap((operation) =>
  [3, forEver].map(
    (times): StartCell => ({
      group: 'StartTask killed after an outside call',
      row: `at each ${operation}`,
      column: times === 3 ? '3×' : 'to the end',
      setting,
      faults: [{ handler: 'StartTask', operation, times, how: 'killed after' }],
      ends: ['completed', 'errored'],
    }),
  ),
);

/** Every call to AWS, and which of its kind. */
const awsCalls: readonly (readonly [operation: string, nth: number, purpose: string])[] = [
  ['reveals.GetItem', 1, 'record'],
  ['relay.GetItem', 1, 'brake'],
  ['budget.GetItem', 1, 'line of polls'],
  ['secret.GetSecretValue', 1, 'key'],
  ['starts.UpdateItem', 1, 'slot'],
  ['relay.GetItem', 2, 'brake once more'],
  ['credits.UpdateItem', 1, 'reserve'],
  ['reveals.UpdateItem', 1, 'intent'],
  ['reveals.UpdateItem', 2, 'task'],
  ['reveals.GetItem', 2, 'record with its task'],
  ['reveals.PutItem', 1, 'alias'],
  ['budget.UpdateItem', 1, 'first wait'],
  ['reveals.UpdateItem', 3, 'waiting'],
  ['credits.UpdateItem', 2, 'commit'],
];
/** What is paid for is not given up: these are tried for as long as the workflow lives. */
const afterTheCall = ['task', 'record with its task', 'alias', 'first wait', 'waiting'];
const ways = ['throttled', 'failing', 'reset', 'lost'] as const satisfies How[];
const awsCells = awsCalls.flatMap(([operation, nth, purpose]) => {
  const base = { group: 'AWS, around a start', row: `${operation} (${purpose})`, setting };
  const fault = { handler: 'StartTask', operation, from: nth };
  return [
    ...ways.flatMap((how): StartCell[] => [
      {
        ...base,
        column: how,
        faults: [{ ...fault, how }],
        quick: how === 'lost' && ['intent', 'task', 'reserve'].includes(purpose),
      },
      { ...base, column: `${how} 3×`, faults: [{ ...fault, times: 3, how }] },
    ]),
    afterTheCall.includes(purpose)
      ? {
          ...base,
          column: 'failing for an hour',
          faults: ({ lab }: StartScene) => {
            const until = lab.test.clock.now() + 60 * minute;
            return [{ ...fault, times: forEver, how: 'failing' as const, unless: () => lab.test.clock.now() > until }];
          },
          ends: 'completed',
          charges: 1,
        }
      : { ...base, column: 'failing to the end', faults: [{ ...fault, times: forEver, how: 'failing' as const }] },
  ] satisfies StartCell[];
});
/** What is written when no task came of it: what cannot be taken back is unknown, and nothing is charged for in either case. */
const takenBack: readonly StartCell[] = (
  [
    ['429', json(429), 'reveals.UpdateItem', 'withdraw'],
    ['429', json(429), 'credits.UpdateItem', 'release'],
    ['429', json(429), 'starts.UpdateItem', 'note'],
    ['401', json(401), 'starts.UpdateItem', 'note'],
    ['422', json(422), 'reveals.UpdateItem', 'withdraw'],
    ['422', json(422), 'credits.UpdateItem', 'release'],
    ['500', json(500), 'reveals.UpdateItem', 'unknown'],
    ['500', json(500), 'credits.UpdateItem', 'commit'],
    ['500', json(500), 'starts.UpdateItem', 'note'],
  ] as const
).flatMap(([row, says, operation, purpose]) =>
  ([...ways, 'killed before', 'killed after'] as const).map(
    (how): StartCell => ({
      group: 'AWS, around a start',
      row: `${operation} (${purpose}) once the vendor has said ${row}`,
      column: how,
      setting,
      faults: [
        { ...vendorStart, how: { says, charged: row === '500' } },
        { handler: 'StartTask', operation, from: 2, how },
      ],
      ends: row === '500' ? 'errored' : ['completed', 'errored'],
      ...(row === '500' && { reason: 'start-unknown', charges: 1 }),
    }),
  ),
);
const tableFails: readonly StartCell[] = (['throttled', 'failing', 'lost', 'reset'] as const).flatMap((how) => [
  {
    group: 'AWS, around a start',
    row: 'every third call of StartTask',
    column: how,
    setting,
    faults: [{ handler: 'StartTask', from: 3, every: 3, times: forEver, how }],
    ends: ['completed', 'errored'],
  },
  {
    group: 'AWS, around a start',
    row: 'the table, once the vendor has answered',
    column: `${how} for five minutes`,
    setting,
    faults: ({ lab }: StartScene) => {
      let until = Number.POSITIVE_INFINITY;
      const open = () => lab.test.clock.now() > until;
      return [
        {
          ...vendorStart,
          how: {
            after: () => {
              until = lab.test.clock.now() + 5 * minute;
            },
          },
        },
        { handler: 'StartTask', operation: 'reveals.UpdateItem', from: 2, times: forEver, how, unless: open },
      ];
    },
    charges: 1,
    ends: 'completed',
    quick: how === 'throttled',
  },
]);

/** Moments in the life of a paid start, as the calls around them. */
const moments = {
  'before the intent': ['reveals.UpdateItem', 1, 'before'],
  'after the intent': ['reveals.UpdateItem', 1, 'after'],
  'before the vendor sees it': ['vendor.start', 1, 'before'],
  'once the vendor has charged': ['vendor.start', 1, 'after'],
  'before the task is kept': ['reveals.UpdateItem', 2, 'before'],
  'after the task is kept': ['reveals.UpdateItem', 2, 'after'],
  'after the reserve is committed': ['credits.UpdateItem', 2, 'after'],
} as const;
type Moment = keyof typeof moments;
const allMoments = Object.keys(moments) as Moment[];

function at(moment: Moment, act: () => unknown): Fault {
  const [operation, from, when] = moments[moment];
  return { handler: 'StartTask', operation, from, how: when === 'before' ? { before: act } : { after: act } };
}

const twice: readonly StartCell[] = allMoments.flatMap((moment) => {
  const base = {
    group: 'a start that is begun twice',
    column: moment,
    setting,
    ends: 'completed',
    charges: 1,
  } as const;
  return [
    {
      ...base,
      row: 'StartTask called again',
      faults: ({ startTaskAgain }: StartScene) => [at(moment, () => startTaskAgain())],
      quick: moment === 'before the intent' || moment === 'once the vendor has charged',
    },
    {
      ...base,
      row: 'StartTask called three times',
      faults: ({ startTaskAgain }: StartScene) => [at(moment, () => startTaskAgain(3))],
    },
    {
      ...base,
      row: 'a second execution',
      faults: ({ secondExecution }: StartScene) => [at(moment, secondExecution)],
    },
    {
      ...base,
      row: 'asked for again',
      faults: ({ ask }: StartScene) => [at(moment, () => ask())],
      quick: moment === 'after the intent',
    },
    {
      ...base,
      row: 'wished for anew, under one key',
      faults: ({ ask }: StartScene) => [at(moment, () => ask({ maxAge: 0 }, { 'idempotency-key': 'again' }))],
    },
  ] satisfies StartCell[];
});
const later: readonly StartCell[] = [0, 90 * minute].map((wait) => ({
  group: 'a start that is begun twice',
  row: 'StartTask called again',
  column: wait === 0 ? 'at its end' : 'an hour and a half later',
  setting,
  ends: 'completed',
  charges: 1,
  play: async ({ ask, ended, lab, startTaskAgain }) => {
    await ask();
    await ended();
    await lab.pass(wait);
    await startTaskAgain(3);
  },
}));
const unknownAgain: StartCell = {
  group: 'a start that is begun twice',
  row: 'asked for again',
  column: 'when nobody knows of the first',
  setting,
  faults: [{ ...vendorStart, how: 'lost' }],
  ...unknown,
  charges: 1,
  quick: true,
  play: async ({ ask, ended, lab, startTaskAgain }) => {
    await ask();
    await ended();
    await ask();
    await ask({ maxAge: 0 }, { 'idempotency-key': 'again' });
    await lab.pass(5 * minute);
    await startTaskAgain();
    await ask();
  },
};

const stopped: readonly StartCell[] = allMoments.flatMap((moment) =>
  [false, true].map(
    (withoutRule): StartCell => ({
      group: 'a reveal is ended around its start',
      row: withoutRule ? 'stopped, and no rule tells of it' : 'stopped',
      column: moment,
      setting: withoutRule ? { ...setting, withoutRule } : setting,
      faults: ({ stop }) => [at(moment, stop)],
      ends: ['cancelled', 'completed'],
      quick: !withoutRule && moment === 'once the vendor has charged',
    }),
  ),
);
const byCaller = (row: string, path: string, more: Partial<StartCell>): StartCell[] =>
  allMoments.map((moment) => ({
    group: 'a reveal is ended around its start',
    row,
    column: moment,
    setting,
    faults: (scene) => [
      at(moment, () => {
        const { revealId } = scene.revealId ? scene : { revealId: newestIn(scene) };
        return scene.lab.ask('DELETE', `/reveals/${revealId}${path}`);
      }),
    ],
    ends: 'cancelled',
    quick: moment === 'once the vendor has charged',
    ...more,
  }));
const newestIn = ({ lab }: StartScene): string =>
  String((JSON.parse(lab.executions()[0]?.input ?? '{}') as { revealId?: string }).revealId);

/** The vendor's words come when the person has been erased. */
const erasedAndRefused: readonly StartCell[] = (
  [
    ['422', json(422)],
    ['500', json(500)],
    ['200 without a task', said((request) => ({ output: {}, message: wordsOf(request) }))],
  ] as const
).map(([column, says]) => ({
  group: 'a reveal is ended around its start',
  row: 'erased, and then the vendor answers',
  column,
  setting,
  faults: (scene) => [
    {
      ...vendorStart,
      how: { says, charged: false, first: () => scene.lab.ask('DELETE', `/reveals/${newestIn(scene)}/result`) },
    },
  ],
  ends: 'cancelled',
  charges: 0,
  isErased: true,
  quick: column === '500',
}));

/** Put on while a start waits for its slot, the brake holds it as well: until somebody lets go. */
const braked: readonly StartCell[] = (
  [
    ['before its slot is asked for', 'secret.GetSecretValue'],
    ['while its slot is waited for', 'starts.UpdateItem'],
  ] as const
).map(([column, operation]) => ({
  group: 'a start',
  row: 'the brake is put on',
  column,
  setting,
  faults: ({ lab }) => [{ handler: 'StartTask', operation, how: { after: () => lab.brake().putOnBrake() } }],
  play: async ({ ask, ended, lab }) => {
    const before = lab.charges.length;
    await ask();
    await lab.pass(10 * minute);
    if (lab.charges.length > before) throw new Error('A start left while the brake was on');
    await lab.brake().letGo();
    await ended();
  },
  ends: 'completed',
  charges: 1,
  quick: operation === 'starts.UpdateItem',
}));

export const startCells: readonly StartCell[] = [
  { group: 'a start', row: 'nothing happens', column: 'to it', setting, ends: 'completed', charges: 1, quick: true },
  ...braked,
  ...unclearCells,
  ...definite,
  ...passing,
  ...lostAround,
  nobodyListens,
  ...killed,
  ...killedAgain,
  ...awsCells,
  ...takenBack,
  ...tableFails,
  ...twice,
  ...later,
  unknownAgain,
  ...stopped,
  ...byCaller('cancelled', '', {}),
  ...byCaller('erased', '/result', { isErased: true }),
  ...erasedAndRefused,
];
