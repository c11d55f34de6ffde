import type { Answering } from '../support/webhook-receiver.ts';
import type { How } from './fault.ts';
import type { WebhookCell, WebhookScene } from './webhook-cell.ts';

const allowed = { webhooks: 'allowed' } as const;
/** Where an answer never comes, time goes on by how still it is. */
const hanging = { webhooks: 'allowed', isLeftHanging: true } as const;

/** What a receiver may do in place of taking it. It says the body again wherever it says anything. */
const refusals: readonly (Pick<WebhookCell, 'row' | 'setting'> & { readonly answer: Answering })[] = [
  ...[400, 401, 404, 422, 429, 500, 502, 503].map((status) => ({
    row: `answers ${status}`,
    answer: ((response, { text }) => response.writeHead(status, { 'x-said': 'no' }).end(text)) as Answering,
  })),
  ...[301, 302, 307, 308].map((status) => ({
    row: `redirects with ${status}`,
    answer: ((response) => response.writeHead(status, { location: '/elsewhere' }).end()) as Answering,
  })),
  {
    row: 'redirects to link-local',
    answer: (response) => response.writeHead(307, { location: 'http://169.254.169.254/' }).end(),
  },
  { row: 'cuts the connection', answer: (response) => response.socket?.resetAndDestroy() },
  { row: 'answers what is no HTTP', answer: (response) => response.socket?.end('hello\r\n\r\n') },
  { row: 'is so slow that it never answers', answer: () => {}, setting: hanging },
  {
    row: 'wants to be left alone for a week',
    answer: (response) => response.writeHead(503, { 'retry-after': '604800' }).end(),
  },
];

const refused: readonly WebhookCell[] = refusals.flatMap(({ row, answer, setting = allowed }) => [
  { group: 'a receiver', row, column: 'once', setting, answers: [answer], requests: 2, quick: row === 'answers 503' },
  { group: 'a receiver', row, column: 'five times', setting, answers: Array(5).fill(answer), requests: 6 },
  { group: 'a receiver', row, column: 'for ever', setting, afterwards: answer, ends: 'laid-aside' as const },
]);

const particular: readonly WebhookCell[] = [
  {
    group: 'a receiver',
    row: 'answers 410',
    column: 'once',
    setting: allowed,
    afterwards: 410,
    ends: 'laid-aside',
    requests: 1,
    quick: true,
  },
  {
    group: 'a receiver',
    row: 'does not end its answer',
    column: 'once',
    setting: allowed,
    answers: [(response) => response.writeHead(200).write('…')],
    requests: 1,
  },
  {
    group: 'a receiver',
    row: 'is not there',
    column: 'for an hour',
    setting: allowed,
    before: async ({ lab }) => {
      const comeBack = await lab.receiver?.goAway();
      return async () => {
        await lab.pass(3_600_000);
        await comeBack?.();
      };
    },
    requests: 1,
  },
  {
    group: 'a receiver',
    row: 'is at a private address',
    column: 'for ever',
    setting: { webhooks: 'inside' },
    ends: 'laid-aside',
    requests: 0,
    quick: true,
  },
  {
    group: 'a receiver',
    row: 'has a result erased',
    column: 'before the second attempt',
    setting: allowed,
    answers: ({ erase }) => [(response) => void erase().then(() => response.writeHead(503).end())],
    isErased: true,
    requests: 2,
    quick: true,
  },
  ...['before the first attempt', 'between two'].map(
    (when): WebhookCell => ({
      group: 'a receiver',
      row: 'gets another secret',
      column: when,
      setting: allowed,
      ...(when === 'between two'
        ? { answers: (scene: WebhookScene) => [thenRotated(scene)] }
        : {
            before: async ({ rotateSecret }: WebhookScene) => {
              rotateSecret();
              return undefined;
            },
          }),
      requests: 2,
    }),
  ),
  {
    group: 'a receiver',
    row: 'is told by two copies of one event',
    column: 'both at once',
    setting: allowed,
    faults: [{ handler: 'Settle', operation: 'bus.PutEvents', how: 'lost' }],
    quick: true,
  },
  {
    group: 'a receiver',
    row: 'is told by two copies of one event',
    column: 'and takes neither',
    setting: allowed,
    faults: [{ handler: 'Settle', operation: 'bus.PutEvents', how: 'lost' }],
    afterwards: 500,
    ends: 'laid-aside',
  },
];

function thenRotated({ rotateSecret }: WebhookScene): Answering {
  return (response) => {
    rotateSecret();
    response.writeHead(401).end();
  };
}

/** Every call that the handler makes for one delivery that is taken, and the one behind a delivery that is not. */
const calls = [
  'switches.GetItem',
  'deliveries.GetItem',
  'deliveries.PutItem',
  'reveals.GetItem',
  'secret.GetSecretValue',
] as const;
const passing = [
  'throttled',
  'failing',
  'reset',
  'lost',
  'killed before',
  'killed after',
] as const satisfies readonly How[];

const troubled: readonly WebhookCell[] = calls.flatMap((operation) =>
  passing.flatMap((how): WebhookCell[] => [
    {
      group: 'the handler that delivers',
      row: operation,
      column: how,
      setting: allowed,
      faults: [{ handler: 'Deliver', operation, how }],
      quick: operation === 'deliveries.PutItem' && how === 'killed after',
    },
    {
      group: 'the handler that delivers',
      row: `${operation}, twice after each other`,
      column: how,
      setting: allowed,
      faults: [{ handler: 'Deliver', operation, how, times: 2 }],
    },
  ]),
);

/** After the request: the note of what came of it, and the wait before the next one. */
const afterwards: readonly WebhookCell[] = passing.flatMap((how): WebhookCell[] => [
  {
    group: 'the handler that delivers',
    row: 'the note of what came of it',
    column: how,
    setting: allowed,
    faults: [{ handler: 'Deliver', operation: 'deliveries.PutItem', from: 2, how }],
    quick: how === 'killed before',
  },
  {
    group: 'the handler that delivers',
    row: 'the wait until the next attempt',
    column: how,
    setting: allowed,
    answers: [500],
    faults: [{ handler: 'Deliver', operation: 'queue.ChangeMessageVisibility', how }],
  },
  {
    group: 'the handler that delivers',
    row: 'what is laid aside',
    column: how,
    setting: allowed,
    afterwards: 410,
    ends: 'laid-aside',
    faults: [{ handler: 'Deliver', operation: 'queue.SendMessage', how }],
  },
  {
    group: 'the handler that delivers',
    row: 'the switch of a receiver that answers 410',
    column: how,
    setting: allowed,
    afterwards: 410,
    ends: 'laid-aside',
    faults: [{ handler: 'Deliver', operation: 'switches.PutItem', how }],
  },
]);

const lasting: readonly WebhookCell[] = [
  ...(['secret.GetSecretValue', 'deliveries.GetItem'] as const).map(
    (operation): WebhookCell => ({
      group: 'the handler that delivers',
      row: operation,
      column: 'denied for ever',
      setting: allowed,
      faults: [{ handler: 'Deliver', operation, how: 'denied', times: Number.POSITIVE_INFINITY }],
      ends: 'laid-aside',
      requests: 0,
    }),
  ),
  {
    group: 'the handler that delivers',
    row: 'deliveries.PutItem',
    column: 'killed after, each time',
    setting: allowed,
    faults: [
      { handler: 'Deliver', operation: 'deliveries.PutItem', how: 'killed after', times: Number.POSITIVE_INFINITY },
    ],
    ends: 'laid-aside',
    requests: 0,
  },
];

export const webhookCells: readonly WebhookCell[] = [...refused, ...particular, ...troubled, ...afterwards, ...lasting];
