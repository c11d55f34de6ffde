/** The interpreter of one state machine, in its own thread so that it can have its own time. */

import { parentPort, workerData } from 'node:worker_threads';
import type { RunOptions, StateMachineDefinition } from 'aws-local-stepfunctions';
import { RelayClock, RelayTimers } from '../time/relay-time.ts';
import { replaceDate, replaceTimers } from '../time/relay-time-globals.ts';
import { perExecution } from './execution-definition.ts';
import type {
  ExecutionEnd,
  FromStateMachine,
  StateMachineWorkerData,
  ToStateMachine,
} from './state-machine-messages.ts';
import { withResolvers } from './with-resolvers.ts';

const { definition, isChecked, clock: settings } = workerData as StateMachineWorkerData;
const clock = new RelayClock(settings);
const timers = new RelayTimers(clock);
if (!clock.isReal) {
  replaceDate(clock);
  replaceTimers(timers);
  timers.onChange = reportWhenQuiet;
}

// The interpreter calls it when a task has answered; with it, it runs on Node 20.19, though its package asks for 22.
if (!('withResolvers' in Promise)) Object.assign(Promise, { withResolvers });

// Loaded after the clock is replaced, should it keep the timers it finds.
const { ExecutionAbortedError, ExecutionTimeoutError, StateMachine } = await import('aws-local-stepfunctions');

type Json = Parameters<InstanceType<typeof StateMachine>['run']>[0];
type LocalTasks = NonNullable<NonNullable<RunOptions['overrides']>['taskResourceLocalHandlers']>;

/** The most that AWS lets pass into a task, and out of it. */
const largestPayload = 256 * 1024;

const isTooLarge = (payload: unknown) => Buffer.byteLength(JSON.stringify(payload)) > largestPayload;

const running = new Map<string, { abort: () => void; aborted: boolean }>();
const tasks = new Map<number, { resolve: (result: Json) => void; reject: (error: Error) => void }>();
let lastTask = 0;
let received = 0;
let reportPending = false;

try {
  // Checking takes tenths of a second: once for each definition, and not again for each execution.
  if (!isChecked) new StateMachine(definition as StateMachineDefinition);
  send({ type: 'ready' });
} catch (error) {
  send({ type: 'refused', reason: (error as Error).message });
}

parentPort?.on('message', (message: ToStateMachine) => {
  if (message.type === 'caught-up') {
    timers.catchUp();
    return;
  }
  received++;
  receive(message);
  reportWhenQuiet();
});

function receive(message: Exclude<ToStateMachine, { type: 'caught-up' }>): void {
  switch (message.type) {
    case 'run':
      void run(message);
      return;
    case 'abort': {
      const execution = running.get(message.execution);
      if (!execution) return;
      execution.aborted = true;
      execution.abort();
      return;
    }
    case 'answer': {
      const task = tasks.get(message.task);
      tasks.delete(message.task);
      if ('failure' in message) task?.reject(failed(message.failure.errorType, JSON.stringify(message.failure)));
      else if (isTooLarge(message.result)) {
        task?.reject(beyondRetry('States.DataLimitExceeded', 'The state returned a result larger than 262144 bytes.'));
      } else task?.resolve(message.result as Json);
    }
  }
}

async function run({ execution, input, context }: Extract<ToStateMachine, { type: 'run' }>): Promise<void> {
  const value: Json = JSON.parse(input);
  const entered = perExecution(definition, value, () => clock.now());
  const machine = new StateMachine(entered.definition as StateMachineDefinition, {
    validationOptions: { noValidate: true },
  });
  const handle = { abort: () => {}, aborted: false };
  const taskResourceLocalHandlers: LocalTasks = {};
  for (const [name, { Type, Resource }] of Object.entries(definition.States)) {
    if (Type !== 'Task') continue;
    taskResourceLocalHandlers[name] = (payload) => {
      // The interpreter goes on retrying at once when it is aborted during the pause before a retry.
      if (handle.aborted) throw beyondRetry('Aborted', 'The execution was stopped.');
      entered.countAttempt();
      if (isTooLarge(payload)) {
        throw beyondRetry('States.DataLimitExceeded', 'The input of the task is larger than 262144 bytes.');
      }
      return call(String(Resource), payload);
    };
  }
  const { abort, result, eventLogs } = machine.run(value, {
    overrides: { taskResourceLocalHandlers },
    context: { ...context, State: entered.state },
  });
  handle.abort = abort;
  running.set(execution, handle);
  const ended = result.then(
    (output): ExecutionEnd => ({ status: 'SUCCEEDED', output: JSON.stringify(output ?? null) }),
    endOfFailed,
  );
  for await (const event of eventLogs) send({ type: 'history', execution, event });
  running.delete(execution);
  send({ type: 'ended', execution, end: await ended });
}

function call(functionArn: string, payload: Json): Promise<Json> {
  const task = ++lastTask;
  return new Promise((resolve, reject) => {
    tasks.set(task, { resolve, reject });
    send({ type: 'task', task, functionArn, payload });
  });
}

function endOfFailed(error: Error): ExecutionEnd {
  if (error instanceof ExecutionAbortedError) return { status: 'ABORTED' };
  if (error instanceof ExecutionTimeoutError) return { status: 'TIMED_OUT' };
  const reason = error.cause as Error;
  return { status: 'FAILED', error: reason.name, ...(reason.message && { cause: reason.message }) };
}

function failed(name: string, message: string): Error {
  return Object.assign(new Error(message), { name });
}

/** An error that neither Retry nor Catch sees, not even with `States.ALL`. */
function beyondRetry(name: string, message: string): Error {
  return Object.assign(failed(name, message), { isRetryable: false, isCatchable: false });
}

/** Once everything that a message or a timer has set off is done: all of that is promises, so one turn later. */
function reportWhenQuiet(): void {
  if (clock.isReal || reportPending) return;
  reportPending = true;
  setImmediate(() => {
    reportPending = false;
    send({ type: 'quiet', received, nextDue: timers.nextDue });
  });
}

function send(message: FromStateMachine): void {
  parentPort?.postMessage(message);
}
