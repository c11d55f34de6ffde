/**
 * One Lambda function in its own thread: loads the bundled handler once, then answers invocations. Everything the handler
 * sees of its surroundings is the environment that its {@link LocalHandler} gives to this thread.
 */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import { RelayClock, RelayTimers } from '../time/relay-time.ts';
import { replaceDate, replaceSleep, replaceTimers } from '../time/relay-time-globals.ts';
import type { FromHandler, HandlerWorkerData, ToHandler } from './handler-messages.ts';

type Handler = (event: unknown, context: unknown) => unknown;

const { folder, entry, functionArn, clock: settings } = workerData as HandlerWorkerData;
const clock = new RelayClock(settings);
const timers = new RelayTimers(clock);
const sleepers = new RelayTimers(clock);
// In real time too: an invocation that sleeps leaves its place to another one.
replaceSleep(sleepers);
sleepers.onChange = reportTimers;
if (!clock.isReal) {
  replaceDate(clock);
  replaceTimers(timers);
  timers.onChange = reportTimers;
}

const handler = loadHandler();
// Whoever invokes it is told.
handler.catch(() => {});

parentPort?.on('message', (message: ToHandler) => {
  if (message.type === 'invoke') void answer(message);
  else if (message.type === 'are-you-awake') void sayWhenAwake();
  else {
    timers.catchUp();
    sleepers.catchUp();
  }
});

async function answer({ id, event, requestId, deadline }: Extract<ToHandler, { type: 'invoke' }>): Promise<void> {
  const context = {
    awsRequestId: requestId,
    invokedFunctionArn: functionArn,
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => deadline - clock.now(),
  };
  try {
    const result = await (await handler)(JSON.parse(event), context);
    send({ type: 'answer', id, result: JSON.stringify(result ?? null) });
  } catch (error) {
    send({ type: 'answer', id, error: describe(error) });
  }
}

async function sayWhenAwake(): Promise<void> {
  await handler.catch(() => {});
  // Behind whatever it has just begun, and the report of its timers, which takes a turn.
  for (let turns = 0; turns < 2; turns += 1) await new Promise(setImmediate);
  send({ type: 'awake' });
}

async function loadHandler(): Promise<Handler> {
  const [file = '', name = ''] = entry.split('.');
  const path = ['mjs', 'js', 'cjs'].map((extension) => join(folder, `${file}.${extension}`)).find(existsSync);
  if (!path) throw Object.assign(new Error(`Cannot find module '${file}'`), { name: 'Runtime.ImportModuleError' });
  const module = (await import(pathToFileURL(path).href)) as Record<string, unknown>;
  const exported = module[name];
  if (typeof exported === 'function') return exported as Handler;
  throw Object.assign(new Error(`${entry} is undefined or not exported`), { name: 'Runtime.HandlerNotFound' });
}

/** An error as Lambda reports it: Step Functions matches the `name`, so a subclass that sets none is just `Error`. */
function describe(thrown: unknown): { errorType: string; errorMessage: string; trace: string[] } {
  if (!(thrown instanceof Error)) {
    return { errorType: typeof thrown, errorMessage: String(thrown), trace: [] };
  }
  return { errorType: thrown.name, errorMessage: thrown.message, trace: thrown.stack?.split('\n') ?? [] };
}

let reported: { sleepers: number; nextDue: number | undefined } = { sleepers: 0, nextDue: undefined };
let reportPending = false;

function reportTimers(): void {
  if (reportPending) return;
  reportPending = true;
  // One turn later: a request sets and clears several timers in a row.
  setImmediate(() => {
    reportPending = false;
    const due = Math.min(timers.nextDue ?? Number.POSITIVE_INFINITY, sleepers.nextDue ?? Number.POSITIVE_INFINITY);
    const now = { sleepers: sleepers.size, nextDue: Number.isFinite(due) ? due : undefined };
    if (now.sleepers === reported.sleepers && now.nextDue === reported.nextDue) return;
    reported = now;
    send({ type: 'timers', ...now });
  });
}

function send(message: FromHandler): void {
  parentPort?.postMessage(message);
}
