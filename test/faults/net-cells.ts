import { eventSource, eventTypes, outputNames } from '../../lambdas/contract.ts';
import type { Call } from './calls.ts';
import type { Cell, Scene } from './cell.ts';
import type { Fault } from './fault.ts';

const minute = 60_000;
const forEver = Number.POSITIVE_INFINITY;

/** Moments in the life of a reveal that is done at its first poll, as the calls around them. */
const moments = {
  'before the claim': ['Admit', 'reveals.PutItem', 'before'],
  'after the claim': ['Admit', 'reveals.PutItem', 'after'],
  'before the poll': ['Poll', 'vendor.poll', 'before'],
  'after the poll': ['Poll', 'vendor.poll', 'after'],
  'before the result is stored': ['Poll', 'reveals.UpdateItem', 'before'],
  'after the result is stored': ['Poll', 'reveals.UpdateItem', 'after'],
  'before the event': ['Settle', 'bus.PutEvents', 'before'],
  'after the event': ['Settle', 'bus.PutEvents', 'after'],
} as const;
type Moment = keyof typeof moments;
const allMoments = Object.keys(moments) as Moment[];

function at(moment: Moment, act: (call: Call) => unknown): Fault {
  const [handler, operation, when] = moments[moment];
  return { handler, operation, how: when === 'before' ? { before: act } : { after: act } };
}

const group = 'the safety net';
const doneAtOnce = { durationMs: 1 };
const isStored = (moment: Moment) =>
  ['after the result is stored', 'before the event', 'after the event'].includes(moment);
/** What was stopped before its result was stored may still store it: its task goes on, and is as fast as the rule or not. */
const endOfStopped = (moment: Moment): Partial<Cell> => (isStored(moment) ? {} : { ends: ['cancelled', 'completed'] });

const stopped = allMoments.flatMap((moment): Cell[] => [
  {
    group,
    row: 'stopped',
    column: moment,
    task: doneAtOnce,
    faults: ({ stop }) => [at(moment, stop)],
    quick: moment === 'after the claim',
    ...endOfStopped(moment),
  },
  {
    group,
    row: 'stopped, and no rule tells of it',
    column: moment,
    setting: { withoutRule: true },
    task: doneAtOnce,
    faults: ({ stop }) => [at(moment, stop)],
    quick: moment === 'after the claim',
    ...(moment === 'before the claim' ? { ends: ['cancelled'] } : endOfStopped(moment)),
  },
]);

/** Each of the two nets holds alone. */
const stoppedWithoutSweeper = (['after the claim', 'before the event'] as const).map(
  (moment): Cell => ({
    group,
    row: 'stopped, and no sweeper runs',
    column: moment,
    setting: { withoutSweeper: true },
    task: doneAtOnce,
    faults: ({ stop }) => [at(moment, stop)],
    quick: moment === 'after the claim',
    ...endOfStopped(moment),
  }),
);

const secondExecution = allMoments.map(
  (moment): Cell => ({
    group,
    row: 'a second execution',
    column: moment,
    task: doneAtOnce,
    faults: ({ start }) => [at(moment, start)],
    polls: 1,
    quick: moment === 'before the claim',
  }),
);

/** The answer to a handler's call with what the workflow gave it is nobody's business here. */
async function callAgain({ lab, taskId }: Scene, handler: 'Poll' | 'Settle', times = 1): Promise<void> {
  const { relay } = lab.test;
  const execution = lab.executions().find(({ input }) => input.includes(`"${taskId}"`));
  const executionArn = execution?.arn ?? '';
  const states = handler === 'Poll' ? ['Poll'] : ['SettleRevealed', 'SettleNotRevealed'];
  const entered = relay
    .history(executionArn)
    .findLast(
      (event) => event.type === 'StateEntered' && states.includes(String((event.state as { name?: string }).name)),
    );
  if (!entered) throw new Error(`${handler} was never entered`);
  const { input: state } = entered.state as { input: unknown };
  const call = { state, executionArn, input: { taskId } };
  await Promise.all(Array.from({ length: times }, () => relay.handlers.get(handler)?.invoke(call)));
}

const again = (['Poll', 'Settle'] as const).flatMap((handler): Cell[] => {
  const during =
    handler === 'Poll'
      ? (['before the poll', 'after the poll', 'before the result is stored'] as const)
      : (['before the event', 'after the event'] as const);
  const row = `${handler} called again with the same state`;
  return [
    ...during.map(
      (moment): Cell => ({
        group,
        row,
        column: moment,
        task: doneAtOnce,
        // The second one would meet the fault that calls it: it is armed for one call only.
        faults: (scene) => [at(moment, () => callAgain(scene, handler))],
        polls: 2,
        quick: moment === 'before the event',
      }),
    ),
    ...[0, 90 * minute].map(
      (later): Cell => ({
        group,
        row,
        column: later === 0 ? 'at its end' : 'an hour and a half later',
        task: doneAtOnce,
        polls: 1,
        play: async (scene) => {
          await scene.start();
          await scene.ended();
          await scene.lab.pass(later);
          await callAgain(scene, handler, 3);
        },
      }),
    ),
  ];
});

/** Delivers what the rule has delivered for this reveal once more. */
async function deliverAgain({ lab, taskId }: Scene, times: number): Promise<void> {
  const { relay } = lab.test;
  const { event } =
    relay.events.findLast(
      ({ event }) => event.source === 'aws.states' && String(event.detail.input).includes(`"${taskId}"`),
    ) ?? {};
  await Promise.all(Array.from({ length: times }, () => relay.handlers.get('Ended')?.invoke(event)));
}

const deliveries = [0, 90 * minute].flatMap((later) =>
  [1, 5].map(
    (times): Cell => ({
      group,
      row: 'the end is told again',
      column: `${times}×, ${later === 0 ? 'at once' : 'much later'}`,
      faults: ({ stop }) => [at('after the claim', stop)],
      ends: 'cancelled',
      play: async (scene) => {
        await scene.start();
        await scene.ended();
        await scene.lab.pass(later);
        await deliverAgain(scene, times);
      },
      quick: times === 5 && later === 0,
    }),
  ),
);

/** Nobody but the sweeper can say it: the workflow has failed to, and still tries. */
const unannounced = (['failing', 'not taken', 'reset', 'throttled'] as const).map(
  (how): Cell => ({
    group,
    row: 'only the sweeper can announce it',
    column: how,
    task: doneAtOnce,
    // The workflow goes on trying, and finds it announced before it would give up and leave it to the rule.
    faults: [{ handler: 'Settle', operation: 'bus.PutEvents', times: forEver, how }],
    quick: how === 'failing',
  }),
);

/** A request on the bus, which a handler claims before it starts the execution. */
function request({ lab, taskId }: Scene, times = 1): void {
  const { buses } = lab.test.relay.deployment;
  const bus = String(lab.test.relay.outputs[outputNames.eventBus]);
  for (let time = 0; time < times; time += 1) {
    buses.publish(
      bus,
      'caller',
      eventTypes.requested,
      { taskId },
      { id: `${eventSource}-${taskId}`, time: lab.isoNow() },
    );
  }
}
const requested = (column: string, more: Partial<Cell>, times = 1): Cell => ({
  group,
  row: 'requested by an event',
  column,
  task: doneAtOnce,
  play: async (scene) => {
    request(scene, times);
    await scene.lab.pass(6 * minute);
  },
  ...more,
});
const startExecution = { handler: 'Request', operation: 'executions.StartExecution' } as const;
const requests: readonly Cell[] = [
  requested('as usual', {}),
  requested('delivered three times', {}, 3),
  // A copy of an event is not somebody who asks again.
  requested('delivered again after it came to nothing', {
    task: { durationMs: 1, faults: [{ atPoll: 1, fault: 'status-422' }] },
    ends: 'errored',
    reason: 'request-refused',
    play: async (scene) => {
      request(scene);
      await scene.lab.pass(6 * minute);
      request(scene);
      await scene.lab.pass(6 * minute);
    },
    polls: 1,
    quick: true,
  }),
  requested('claimed, and never started', {
    faults: [{ ...startExecution, times: forEver, how: 'failing' }],
    quick: true,
  }),
  requested('killed before it starts', { faults: [{ ...startExecution, how: 'killed before' }] }),
  requested('killed after it started', { faults: [{ ...startExecution, how: 'killed after' }] }),
  requested('start lost', { faults: [{ ...startExecution, how: 'lost' }], quick: true }),
  requested('claim lost', { faults: [{ handler: 'Request', operation: 'reveals.PutItem', how: 'lost' }] }),
];

export const netCells: readonly Cell[] = [
  ...stopped,
  ...stoppedWithoutSweeper,
  ...secondExecution,
  ...again,
  ...deliveries,
  ...unannounced,
  ...requests,
];
