import { envNames } from '../lambdas/contract.ts';
import { Journal } from './data/journal.ts';
import { keepTime } from './data/kept-time.ts';
import { AsynchronousInvocations, type PendingInvocation } from './functions/asynchronous-invocations.ts';
import { accountConcurrency } from './functions/concurrency.ts';
import { LocalHandler } from './functions/handlers.ts';
import { startQueueSources } from './functions/queue-sources.ts';
import { startAwsEndpoint } from './services/aws-endpoint.ts';
import { type BusEvent, Buses } from './services/bus.ts';
import { type AnsweredRequest, LocalHttpApi } from './services/http-api.ts';
import { type KeptMessage, Queues } from './services/queues.ts';
import { startSchedules } from './services/schedules.ts';
import { Secrets } from './services/secrets.ts';
import { type LocalTables, startTables } from './services/tables.ts';
import { checkResources } from './template/adapters.ts';
import type { Assembly } from './template/assembly.ts';
import { type LocalResource, LocalStack } from './template/template.ts';
import { FastForward, type TimedPart } from './time/fast-forward.ts';
import { RelayClock, RelayTimers } from './time/relay-time.ts';
import type { Execution } from './workflow/execution-store.ts';
import { announceStatus, noteStatus, type RunningExecution, resumeExecutions } from './workflow/running-executions.ts';
import { LocalStateMachine } from './workflow/state-machine.ts';
import type { HistoryEvent } from './workflow/state-machine-messages.ts';
import { stepFunctionsApi } from './workflow/step-functions-api.ts';

export interface DeploymentOptions {
  /** What to run. */
  readonly assembly: Assembly;
  /** The Fiber API key, put into the relay's secret. @default - the secret stays empty, as after a first deployment */
  readonly apiKey?: string;
  /** Where the vendor is, in place of the address in the template. @default - the address in the template */
  readonly fiberBaseUrl?: string;
  /** Variables that tell the handlers of a proxy: see `proxyVariables`. @default - none */
  readonly proxy?: Readonly<Record<string, string>>;
  /**
   * Relay time, to be shared with a vendor that is to live in the same time. At infinite speed it passes only while
   * somebody waits for an execution.
   * @default RelayClock.start(), real time
   */
  readonly clock?: RelayClock;
  /**
   * After how many milliseconds without a sign of life time goes on faster, though somebody is at work: see
   * {@link FastForward}.
   * @default 1_000
   */
  readonly stillAfterMs?: number;
  /**
   * The account's Lambda concurrency, for all functions of the template together. An invocation beyond it is refused, as Lambda does.
   * What a function reserves in the template is kept in any case.
   * @default - as much as is needed; 60 invocations of a function go on at once, the others wait
   */
  readonly concurrency?: number | undefined;
  /** Folder to keep the tables and the running executions in. @default - in memory */
  readonly data?: string;
  /**
   * Where a handler finds a service: a test may put itself in between.
   * @default - the service itself
   */
  readonly through?: (address: ServiceAddress) => string;
  /** Where the HTTP API of the template is to listen: a port on loopback, 0 for any. @default - nowhere */
  readonly httpPort?: number;
  /** Every request that the HTTP API has answered. */
  readonly onHttp?: (request: AnsweredRequest) => void;
  /** Every line that a handler prints, with the handler's name in the construct tree. */
  readonly onLog?: (handler: string, line: string) => void;
  /** Every event accepted on a bus, the account's default bus included. */
  readonly onEvent?: (bus: string, event: BusEvent) => void;
  /** Every step of every execution. */
  readonly onHistory?: (execution: Execution, event: HistoryEvent) => void;
}

/** Where a service answers one of the handlers. */
export interface ServiceAddress {
  readonly service: 'dynamodb' | 'aws' | 'fiber';
  readonly url: string;
  /** The handler's path in the construct tree. */
  readonly handler: string;
}

/** A stack whose every part runs in this process. */
export interface Deployment {
  readonly clock: RelayClock;
  /** Shortens the waits; not there in real time. */
  readonly fastForward: FastForward | undefined;
  readonly stack: LocalStack;
  readonly handlers: readonly LocalHandler[];
  readonly stateMachines: readonly LocalStateMachine[];
  readonly tables: LocalTables;
  readonly secrets: Secrets;
  readonly buses: Buses;
  readonly queues: Queues;
  /** Where every service answers. */
  readonly endpointUrl: string;
  /** Where the HTTP API answers, without a slash at the end; undefined unless a port was given for it. */
  readonly httpUrl: string | undefined;
  /** Ends every thread, server and timer. */
  close(): Promise<void>;
}

/**
 * Starts everything that the template holds.
 *
 * @throws TemplateError when the template holds something that there is no adapter for
 * @throws FolderLockedError when another process uses the `data` folder
 */
export async function deploy(options: DeploymentOptions): Promise<Deployment> {
  const opened: (() => Promise<unknown>)[] = [];
  const close = async () => {
    // In the order opposite to the one they were opened in: whoever calls goes before whoever is called.
    for (const closePart of opened.splice(0).reverse()) await closePart();
  };
  try {
    return { ...(await deployInto(opened, options)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function deployInto(
  opened: (() => Promise<unknown>)[],
  options: DeploymentOptions,
): Promise<Omit<Deployment, 'close'>> {
  const { assembly, clock = RelayClock.start(), stillAfterMs = 1_000 } = options;
  const { onLog = () => {}, onEvent = () => {}, onHistory = () => {} } = options;
  const stack = new LocalStack(assembly.stackName, assembly.template);
  checkResources(stack);

  const timers = new RelayTimers(clock);
  opened.push(async () => timers.clearAll());
  const parts: TimedPart[] = [
    {
      idle: true,
      get nextDue() {
        return timers.nextDue;
      },
      catchUp: () => timers.catchUp(),
    },
  ];
  let onJump = () => {};
  const fastForward = clock.isReal
    ? undefined
    : new FastForward({ clock, parts: () => parts, stillAfterMs, onJump: () => onJump() });
  const onActivity = fastForward?.noteActivity ?? (() => {});
  opened.push(async () => fastForward?.stop());
  timers.onChange = onActivity;

  const tables = await startTables(stack, { folder: options.data, onRequest: onActivity });
  opened.push(tables.close);

  const { data } = options;
  if (data !== undefined) onJump = keepTime(clock, data);
  const journal = <Item>(name: string) => new Journal<Item>(data && `${data}/${name}.jsonl`);
  const running = journal<RunningExecution>('executions');
  const machines: LocalStateMachine[] = [];
  const secrets = new Secrets(stack, clock.now);
  const functions = new Set(stack.ofType('AWS::Lambda::Function').map(({ attributes }) => attributes.Arn ?? ''));
  const byArn = new Map<string, LocalHandler>();
  const handlerOf = (arn: string): LocalHandler => {
    const handler = byArn.get(arn);
    if (!handler) throw new Error(`There is no function ${arn}.`);
    return handler;
  };
  const places = accountConcurrency(stack, options.concurrency);
  const queues = new Queues(stack, clock.now, journal<KeptMessage>('queues'));
  const asynchronously = new AsynchronousInvocations({
    stack,
    queues,
    now: clock.now,
    timers,
    journal: journal<PendingInvocation>('invocations'),
    onDropped: ({ label }, _event, error) => onLog(label, `An event was dropped: ${error.message}`),
  });
  const buses = new Buses({
    stack,
    functions,
    queues,
    now: clock.now,
    deliver: (arn, event) => asynchronously.invoke(handlerOf(arn), event),
    onEvent,
  });

  const services = {
    AWSStepFunctions: stepFunctionsApi(machines),
    AWSEvents: buses.api,
    secretsmanager: secrets.api,
    AmazonSQS: queues.api,
  };
  const endpoint = await startAwsEndpoint(services, {
    elsewhere: { DynamoDB_20120810: tables.url },
    onRequest: onActivity,
  });
  opened.push(endpoint.close);

  const { fiberBaseUrl, proxy = {}, through = ({ url }) => url } = options;
  for (const resource of stack.ofType('AWS::Lambda::Function')) {
    const address = (service: ServiceAddress['service'], url: string) =>
      through({ service, url, handler: resource.path });
    const handler = new LocalHandler({
      resource,
      assemblyFolder: assembly.folder,
      environment: {
        ...proxy,
        AWS_ENDPOINT_URL: address('aws', endpoint.url),
        AWS_ENDPOINT_URL_DYNAMODB: address('dynamodb', tables.url),
        ...vendorAddress(resource.properties(), fiberBaseUrl && address('fiber', fiberBaseUrl)),
      },
      clock,
      timers,
      places: places.get(resource.reference),
      onLog: (line) => onLog(handler.label, line),
      onActivity,
    });
    byArn.set(handler.arn, handler);
    parts.push(handler);
    opened.push(() => handler.close());
  }
  opened.push(async () => asynchronously.stop());
  if (options.apiKey !== undefined) {
    for (const secret of keySecrets(byArn.values())) secrets.put(secret, options.apiKey);
  }

  const startMachine = async (resource: LocalResource) => {
    const machine = await LocalStateMachine.start({
      resource,
      functions,
      invoke: (arn, payload) => handlerOf(arn).invoke(payload),
      clock,
      onStatus: (from, execution) => {
        noteStatus(running, from, execution);
        announceStatus(buses, from, execution);
      },
      onHistory,
      onActivity,
    });
    opened.push(() => machine.close());
    machines.push(machine);
    parts.push(machine);
  };
  const starting = stack.ofType('AWS::StepFunctions::StateMachine').map(startMachine);
  const http = new LocalHttpApi({
    stack,
    handlerOf,
    now: clock.now,
    speed: clock.settings.speed,
    onAnswer: options.onHttp,
  });
  // All of them, even if one is refused: what has been started has to be closed.
  await Promise.allSettled(starting);
  await Promise.all(starting);
  startSchedules({
    stack,
    functions,
    clock,
    timers,
    deliver: (arn, payload) => asynchronously.invoke(handlerOf(arn), payload),
  });
  const sources = startQueueSources({ stack, queues, handlerOf, now: clock.now, timers });
  opened.push(async () => sources.stop());
  resumeExecutions(running, machines);
  asynchronously.resume(byArn);
  const listening = options.httpPort === undefined ? undefined : await http.listen(options.httpPort);
  if (listening) opened.push(listening.close);

  return {
    clock,
    fastForward,
    stack,
    handlers: [...byArn.values()],
    stateMachines: machines,
    tables,
    secrets,
    buses,
    queues,
    endpointUrl: endpoint.url,
    httpUrl: listening?.url,
  };
}

/** The template's address of the vendor is replaced where it is read, in the environment of the function that calls it. */
function vendorAddress(properties: Record<string, unknown>, address: string | undefined): Record<string, string> {
  const { Variables } = (properties.Environment ?? {}) as { Variables?: Record<string, unknown> };
  return address !== undefined && Variables && envNames.fiberBaseUrl in Variables
    ? { [envNames.fiberBaseUrl]: address }
    : {};
}

/** The secrets that functions expect the Fiber API key in. */
function keySecrets(handlers: Iterable<LocalHandler>): Set<string> {
  const names = [...handlers].map(({ environment }) => environment[envNames.apiKeySecret]);
  return new Set(names.filter((name) => name !== undefined));
}
