import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { Worker } from 'node:worker_threads';
import { place } from '../template/local-names.ts';
import { type LocalResource, TemplateError } from '../template/template.ts';
import type { RelayClock, RelayTimer, RelayTimers } from '../time/relay-time.ts';
import { Places } from './concurrency.ts';
import type { FromHandler, FunctionFailure, HandlerWorkerData, ToHandler } from './handler-messages.ts';
import { Turnstile } from './turnstile.ts';

export interface LocalHandlerOptions {
  /** The AWS::Lambda::Function. */
  readonly resource: LocalResource;
  /** The cloud assembly that its code lies in. */
  readonly assemblyFolder: string;
  /** Added to the environment from the template; wins over it. */
  readonly environment: Readonly<Record<string, string>>;
  readonly clock: RelayClock;
  readonly timers: RelayTimers;
  /** What each invocation takes one of, perhaps shared with other functions. @default - as many as it needs */
  readonly places?: Places | undefined;
  /** Every line that the handler prints. */
  readonly onLog: (line: string) => void;
  /** Called whenever something happened in the handler. */
  readonly onActivity: () => void;
}

/**
 * How many invocations go on at once, beside those that sleep; more wait. All share one thread and the connections of its clients: a
 * thousand would wait for each other until their timeouts are over.
 */
const mostAtOnce = 60;

/** Lambda's own limit on what a function may answer. */
const longestAnswer = 6 * 1024 * 1024;

/**
 * A Lambda function of the template, run from its bundled asset in a thread of its own, with nothing but its own
 * environment. As on Lambda, the code is loaded when the first invocation comes. Unlike Lambda it answers many invocations at once in
 * the same thread, so a handler must not keep anything about one invocation outside of it.
 */
export class LocalHandler {
  readonly name: string;
  readonly arn: string;
  /** Its name in the construct tree, such as `Poll`. */
  readonly label: string;
  /** What the handler finds in `process.env`. */
  readonly environment: Readonly<Record<string, string>>;
  readonly #options: LocalHandlerOptions;
  readonly #workerData: HandlerWorkerData;
  readonly #timeoutSeconds: number;
  readonly #pending = new Map<
    number,
    { answer: (result: unknown) => void; fail: (failure: FunctionFailure) => void }
  >();
  readonly #turnstile = new Turnstile(mostAtOnce);
  readonly #places: Places;
  #worker: Worker | undefined;
  #askers: (() => void)[] = [];
  #lastId = 0;
  #sleepers = 0;
  #closed = false;
  /** When the next of its sleeps or network timeouts ends, in relay time. */
  nextDue: number | undefined;

  constructor(options: LocalHandlerOptions) {
    const { resource, assemblyFolder, clock } = options;
    const properties = resource.properties();
    const refuse = (what: string) =>
      new TemplateError(`${resource.logicalId} (${resource.type}) ${what}, which the embedded relay cannot run.`);
    if (!String(properties.Runtime).startsWith('nodejs')) throw refuse(`has the runtime ${properties.Runtime}`);
    if (!resource.assetFolder) throw refuse('has no asset with its code');
    if (properties.Layers) throw refuse('uses layers');

    this.#options = options;
    this.#places = options.places ?? new Places(Number.POSITIVE_INFINITY);
    this.name = resource.reference;
    this.arn = resource.attributes.Arn ?? resource.reference;
    this.label = resource.path.split('/').at(-1) ?? resource.logicalId;
    this.#timeoutSeconds = Number(properties.Timeout ?? 3);
    this.environment = {
      ...lambdaEnvironment(this.name, properties),
      ...variables(properties),
      ...options.environment,
    };
    this.#workerData = {
      folder: join(assemblyFolder, resource.assetFolder),
      entry: String(properties.Handler),
      functionArn: this.arn,
      clock: clock.settings,
    };
  }

  /** Whether nothing happens here until {@link nextDue}: no invocation, or only ones that sleep. */
  get idle(): boolean {
    return this.#pending.size <= this.#sleepers;
  }

  /**
   * @param payload any JSON value
   * @returns what the handler returned, after a trip through JSON
   * @throws FunctionError as Lambda reports it: the handler's own error, `Sandbox.Timedout`, `Lambda.Unknown` when the
   *   function was killed, or `Lambda.TooManyRequestsException` when there was no concurrency left and it never ran
   */
  async invoke(payload: unknown): Promise<unknown> {
    if (!this.#places.take()) throw new FunctionError(this.label, throttled);
    try {
      return await this.#turnstile.through(() => this.#invoke(payload));
    } finally {
      this.#places.leave();
    }
  }

  async #invoke(payload: unknown): Promise<unknown> {
    if (this.#closed) throw new FunctionError(this.label, unknownFailure('the relay is closed'));
    const worker = this.#start();
    const id = ++this.#lastId;
    const requestId = randomUUID();
    let timer: RelayTimer | undefined;
    try {
      return await new Promise((resolve, reject) => {
        this.#pending.set(id, { answer: resolve, fail: (failure) => reject(new FunctionError(this.label, failure)) });
        const deadline = this.#options.clock.now() + this.#timeoutSeconds * 1_000;
        timer = this.#options.timers.set(() => this.#timeOut(id, requestId), this.#timeoutSeconds * 1_000);
        this.#options.onActivity();
        const message: ToHandler = { type: 'invoke', id, event: JSON.stringify(payload ?? null), requestId, deadline };
        worker.postMessage(message);
      });
    } finally {
      this.#pending.delete(id);
      this.#options.timers.clear(timer);
      this.#options.onActivity();
    }
  }

  /** Ends the thread in the middle of whatever it does. The next invocation starts a new one. */
  async kill(): Promise<void> {
    const worker = this.#worker;
    this.#gone('the function was killed');
    await worker?.terminate();
  }

  /** Ends the thread for good. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.kill();
  }

  /** Resolves when the thread has its handler loaded and gets to answer; at once where there is no thread. */
  isAwake(): Promise<void> {
    if (!this.#worker) return Promise.resolve();
    const message: ToHandler = { type: 'are-you-awake' };
    this.#worker.postMessage(message);
    return new Promise((resolve) => this.#askers.push(resolve));
  }

  /** After the clock has jumped: wakes up what is due. */
  catchUp(): void {
    const message: ToHandler = { type: 'caught-up' };
    this.#worker?.postMessage(message);
  }

  #start(): Worker {
    if (this.#worker) return this.#worker;
    const worker = new Worker(new URL('../../dist/threads/handler-worker.mjs', import.meta.url), {
      name: this.label,
      env: { ...this.environment },
      workerData: this.#workerData,
      // Without it, a thread takes over loaders and inspectors from the process that it is started in.
      execArgv: [],
      stdout: true,
      stderr: true,
    });
    this.#worker = worker;
    this.#printLines(worker.stdout);
    this.#printLines(worker.stderr);
    worker.on('message', (message: FromHandler) => {
      if (worker === this.#worker) this.#receive(message);
    });
    worker.on('error', (error) => {
      if (worker === this.#worker) this.#gone(error.message);
    });
    worker.once('exit', (code) => {
      if (worker === this.#worker) this.#gone(`the function's process ended with ${code}`);
    });
    return worker;
  }

  #receive(message: FromHandler): void {
    if (message.type === 'awake') {
      for (const told of this.#askers.splice(0)) told();
      return;
    }
    if (message.type === 'timers') {
      this.#noteSleepers(message.sleepers);
      this.nextDue = message.nextDue;
      this.#options.onActivity();
      return;
    }
    const pending = this.#pending.get(message.id);
    if ('error' in message) pending?.fail(message.error);
    else if (Buffer.byteLength(message.result) > longestAnswer) {
      const errorMessage = `Response payload size exceeded maximum allowed payload size (${longestAnswer} bytes).`;
      pending?.fail({ errorType: 'Function.ResponseSizeTooLarge', errorMessage });
    } else pending?.answer(JSON.parse(message.result));
  }

  #timeOut(id: number, requestId: string): void {
    const errorMessage = `RequestId: ${requestId} Error: Task timed out after ${this.#timeoutSeconds.toFixed(2)} seconds`;
    this.#pending.get(id)?.fail({ errorType: 'Sandbox.Timedout', errorMessage });
    // Lambda ends the sandbox, so that nothing of the invocation goes on afterwards. Here others may be in the same thread.
    if (this.#pending.size === 1) void this.kill();
  }

  #gone(reason: string): void {
    this.#worker = undefined;
    this.#noteSleepers(0);
    this.nextDue = undefined;
    for (const told of this.#askers.splice(0)) told();
    for (const { fail } of this.#pending.values()) fail(unknownFailure(reason));
  }

  #noteSleepers(sleepers: number): void {
    this.#sleepers = sleepers;
    this.#turnstile.sleeping = sleepers;
  }

  #printLines(stream: Readable): void {
    createInterface({ input: stream }).on('line', this.#options.onLog);
  }
}

const throttled: FunctionFailure = { errorType: 'Lambda.TooManyRequestsException', errorMessage: 'Rate Exceeded.' };

/** An invocation failed. */
export class FunctionError extends Error {
  override readonly name = 'FunctionError';
  readonly failure: FunctionFailure;

  /** Whether Lambda had no room for the invocation: the function never ran. */
  get isThrottle(): boolean {
    return this.failure.errorType === throttled.errorType;
  }

  constructor(label: string, failure: FunctionFailure) {
    super(`${label} failed with ${failure.errorType}: ${failure.errorMessage}`);
    this.failure = failure;
  }
}

function unknownFailure(reason: string): FunctionFailure {
  return { errorType: 'Lambda.Unknown', errorMessage: `The cause could not be determined because ${reason}.` };
}

function variables(properties: Record<string, unknown>): Record<string, string> {
  const environment = properties.Environment as { Variables?: Record<string, string> } | undefined;
  return environment?.Variables ?? {};
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime */
function lambdaEnvironment(name: string, properties: Record<string, unknown>): Record<string, string> {
  const logging = properties.LoggingConfig as { LogFormat?: string } | undefined;
  return {
    AWS_REGION: place.region,
    AWS_DEFAULT_REGION: place.region,
    AWS_EXECUTION_ENV: `AWS_Lambda_${properties.Runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(properties.MemorySize ?? 128),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_FORMAT: logging?.LogFormat ?? 'Text',
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: 'embedded',
    // Requests have to be signed, though nobody here checks the signature.
    AWS_ACCESS_KEY_ID: 'embedded',
    AWS_SECRET_ACCESS_KEY: 'embedded',
    AWS_EC2_METADATA_DISABLED: 'true',
    // Of the Node here, not of Lambda's, and of versions of the SDK that are not installed.
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    LANG: 'en_US.UTF-8',
    TZ: 'UTC',
    _HANDLER: String(properties.Handler),
  };
}
