import { afterEach, expect, it } from 'vitest';
import { FunctionError, LocalHandler } from '../../../local/functions/handlers.ts';
import { LocalStack } from '../../../local/template/template.ts';
import { RelayClock, RelayTimers } from '../../../local/time/relay-time.ts';
import { tinyAssembly } from '../../support/tiny-stack.ts';

const started: LocalHandler[] = [];
afterEach(async () => {
  for (const handler of started.splice(0)) await handler.kill();
});

async function start(code: string, functionProperties: Record<string, unknown> = {}, speed = Number.POSITIVE_INFINITY) {
  const assembly = await tinyAssembly({ functions: { Work: code }, functionProperties });
  const clock = RelayClock.start(speed);
  const timers = new RelayTimers(clock);
  const lines: string[] = [];
  const handler = new LocalHandler({
    resource: new LocalStack('Tiny', assembly.template).resource('Work'),
    assemblyFolder: assembly.folder,
    environment: { FROM_RELAY: 'yes' },
    clock,
    timers,
    onLog: (line) => lines.push(line),
    onActivity: () => {},
  });
  started.push(handler);
  return { handler, clock, timers, lines };
}

const failureOf = async (invocation: Promise<unknown>) => {
  const error = await invocation.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(FunctionError);
  return (error as FunctionError).failure;
};

it('answers with what the handler returned, after a trip through JSON', async () => {
  const { handler } = await start(`
    export const handler = async (event) => ({ event, date: new Date(0), gone: undefined, nan: NaN, deep: { toJSON: () => 'mine' } });`);
  expect(await handler.invoke({ a: [1, null] })).toEqual({
    event: { a: [1, null] },
    date: '1970-01-01T00:00:00.000Z',
    nan: null,
    deep: 'mine',
  });
});

it('answers null where the handler returned nothing', async () => {
  const { handler } = await start('export const handler = async () => {};');
  expect(await handler.invoke({})).toBeNull();
});

it('shows the handler the environment of the template and of Lambda, and nothing else', async () => {
  process.env.OUTSIDE_SECRET = 'must not be seen';
  const { handler } = await start('export const handler = async () => process.env;', {
    Environment: { Variables: { MINE: 'from the template' } },
    MemorySize: 256,
  });
  const seen = (await handler.invoke({})) as Record<string, string>;
  expect(seen).toMatchObject({
    MINE: 'from the template',
    FROM_RELAY: 'yes',
    AWS_REGION: 'us-east-1',
    AWS_LAMBDA_FUNCTION_NAME: 'Tiny-Work',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
    TZ: 'UTC',
  });
  expect(Object.keys(seen).filter((name) => !/^(AWS_|MINE$|FROM_RELAY$|TZ$|LANG$|_HANDLER$)/.test(name))).toEqual([]);
});

it('reports an error by its name, its message and its stack', async () => {
  const { handler } = await start(`
    class Refused extends Error { name = 'Refused' }
    class Nameless extends Error {}
    export const handler = async (kind) => { throw kind === 'named' ? new Refused('no') : kind === 'nameless' ? new Nameless('no') : 'text' };`);
  expect(await failureOf(handler.invoke('named'))).toMatchObject({
    errorType: 'Refused',
    errorMessage: 'no',
    trace: expect.any(Array),
  });
  expect(await failureOf(handler.invoke('nameless'))).toMatchObject({ errorType: 'Error', errorMessage: 'no' });
  expect(await failureOf(handler.invoke('anything'))).toMatchObject({ errorType: 'string', errorMessage: 'text' });
});

it('fails every invocation of code that does not load, or has no such export', async () => {
  const broken = await start('export const handler = nonsense;');
  expect(await failureOf(broken.handler.invoke({}))).toMatchObject({ errorType: 'ReferenceError' });
  const other = await start('export const main = async () => 1;');
  expect(await failureOf(other.handler.invoke({}))).toMatchObject({ errorType: 'Runtime.HandlerNotFound' });
});

it('works on several invocations at once', async () => {
  const { handler } = await start(`
    let waiting = [];
    export const handler = (n) => new Promise((answer) => {
      waiting.push(() => answer(n * 2));
      if (waiting.length === 3) for (const go of waiting) go();
    });`);
  expect(await Promise.all([1, 2, 3].map((n) => handler.invoke(n)))).toEqual([2, 4, 6]);
});

it.each([1, 100])('lets others in while invocations sleep, at speed %i', async (speed) => {
  // The last of more than go on at once wakes the others up.
  const all = 200;
  const { handler } = await start(
    `
    import { setTimeout as sleep } from 'node:timers/promises';
    const inside = new AbortController();
    let sleepers = 0;
    export const handler = async () => {
      if (++sleepers === ${all}) inside.abort();
      else await sleep(3_600_000, undefined, { signal: inside.signal }).catch(() => {});
      return 'awake';
    };`,
    { Timeout: 900 },
    speed,
  );
  const answers = await Promise.all(Array.from({ length: all }, () => handler.invoke({})));
  expect(answers).toEqual(answers.map(() => 'awake'));
});

it('times out in relay time, in the words of Lambda', async () => {
  const { handler, clock, timers } = await start('export const handler = () => new Promise(() => {});', {
    Timeout: 45,
  });
  const failure = failureOf(handler.invoke({}));
  clock.jump(44_000);
  timers.catchUp();
  expect(timers.size).toBe(1);
  clock.jump(1_001);
  timers.catchUp();
  expect(await failure).toMatchObject({
    errorType: 'Sandbox.Timedout',
    errorMessage: expect.stringMatching(/^RequestId: [0-9a-f-]+ Error: Task timed out after 45\.00 seconds$/),
  });
});

it('tells the handler who it is and how much time is left', async () => {
  const { handler } = await start(
    'export const handler = async (event, context) => ({ ...context, left: context.getRemainingTimeInMillis() });',
    { Timeout: 45 },
  );
  expect(await handler.invoke({})).toMatchObject({
    functionName: 'Tiny-Work',
    invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:Tiny-Work',
    awsRequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    left: expect.closeTo(45_000, -4),
  });
});

it('fails what was going on when it is killed, and starts again with the next invocation', async () => {
  const { handler } = await start(`
    let count = 0;
    export const handler = (event) => event === 'hang' ? new Promise(() => {}) : ++count;`);
  expect(await handler.invoke('count')).toBe(1);
  expect(await handler.invoke('count')).toBe(2);
  const hanging = failureOf(handler.invoke('hang'));
  await handler.kill();
  expect(await hanging).toMatchObject({ errorType: 'Lambda.Unknown' });
  expect(await handler.invoke('count')).toBe(1);
});

it('survives a handler that ends its own process', async () => {
  const { handler } = await start(
    'export const handler = async (event) => { if (event === "exit") process.exit(3); return event; };',
  );
  expect(await failureOf(handler.invoke('exit'))).toMatchObject({
    errorType: 'Lambda.Unknown',
    errorMessage: expect.stringContaining('3'),
  });
  expect(await handler.invoke('go on')).toBe('go on');
});

it('captures what the handler prints, line by line', async () => {
  const { handler, lines } = await start(
    'export const handler = async () => { console.log("one\\ntwo"); console.error("three"); };',
  );
  await handler.invoke({});
  while (lines.length < 3) await new Promise(setImmediate);
  expect(lines.toSorted()).toEqual(['one', 'three', 'two']);
});

it('is idle while its only invocation sleeps, and wakes it when time has jumped', async () => {
  const { handler, clock } = await start(`
    import { setTimeout as sleep } from 'node:timers/promises';
    export const handler = async (seconds) => { const from = Date.now(); await sleep(seconds * 1000); return (Date.now() - from) / 1000; };`);
  const from = clock.now();
  const slept = handler.invoke(20);
  expect(handler.idle).toBe(false);
  while (!handler.idle) await new Promise(setImmediate);
  // From when it began to sleep, which is as late as the machine is busy.
  expect(handler.nextDue).toBeGreaterThanOrEqual(from + 20_000);
  expect(handler.nextDue).toBeLessThanOrEqual(clock.now() + 20_000);
  clock.jump(20_000);
  handler.catchUp();
  expect(await slept).toBeGreaterThanOrEqual(20);
});

it('is at work, not idle, while a network timeout runs', async () => {
  const { handler, clock } = await start(`
    export const handler = () => new Promise((resolve) => setTimeout(() => resolve('timed out'), 12_000));`);
  const answer = handler.invoke({});
  while (handler.nextDue === undefined) await new Promise(setImmediate);
  expect(handler.idle).toBe(false);
  clock.jump(12_001);
  handler.catchUp();
  expect(await answer).toBe('timed out');
});

it.each([
  ['runtime', { Runtime: 'python3.14' }, 'Work (AWS::Lambda::Function) has the runtime python3.14'],
  ['layers', { Layers: ['arn:of:a:layer'] }, 'Work (AWS::Lambda::Function) uses layers'],
])('refuses a function with %s that it cannot give it', async (_what, properties, message) => {
  await expect(start('', properties)).rejects.toThrow(message);
});
