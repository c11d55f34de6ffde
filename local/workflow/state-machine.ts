import { Worker } from 'node:worker_threads';
import { FunctionError } from '../functions/handlers.ts';
import { AwsError } from '../services/aws-error.ts';
import { type LocalResource, TemplateError } from '../template/template.ts';
import type { RelayClock } from '../time/relay-time.ts';
import { checkDefinition, type Definition } from './definition.ts';
import { type Execution, ExecutionStore } from './execution-store.ts';
import type {
  ExecutionContext,
  FromStateMachine,
  HistoryEvent,
  StateMachineWorkerData,
  ToStateMachine,
} from './state-machine-messages.ts';

export interface LocalStateMachineOptions {
  /** The AWS::StepFunctions::StateMachine. */
  readonly resource: LocalResource;
  /** ARNs of the functions that `invoke` knows. */
  readonly functions: ReadonlySet<string>;
  /** Calls a function. Rejects with a FunctionError. */
  readonly invoke: (functionArn: string, payload: unknown) => Promise<unknown>;
  readonly clock: RelayClock;
  /** An execution has started or ended. */
  readonly onStatus: (stateMachine: LocalStateMachine, execution: Execution) => void;
  /** Something happened in an execution. */
  readonly onHistory: (execution: Execution, event: HistoryEvent) => void;
  /** Called whenever something happened in the state machine. */
  readonly onActivity: () => void;
}

/** Definitions that the interpreter has accepted in this process, as text: whoever starts a relay again need not wait for it again. */
const accepted = new Set<string>();

/** A state machine of the template, run by aws-local-stepfunctions in a thread of its own. */
export class LocalStateMachine {
  readonly arn: string;
  readonly name: string;
  readonly executions: ExecutionStore;
  readonly #options: LocalStateMachineOptions;
  readonly #worker: Worker;
  readonly #started: Promise<void>;
  #sent = 0;
  #received = 0;
  /** When the next wait, pause or timeout of any execution ends, in relay time. */
  nextDue: number | undefined;

  /** @throws TemplateError when the definition asks for what the interpreter cannot do, or does in another way than AWS */
  static async start(options: LocalStateMachineOptions): Promise<LocalStateMachine> {
    const definition = readDefinition(options.resource);
    checkDefinition(options.resource.logicalId, definition, options.functions);
    const machine = new LocalStateMachine(options, definition);
    try {
      await machine.#started;
    } catch (error) {
      await machine.close();
      throw error;
    }
    return machine;
  }

  private constructor(options: LocalStateMachineOptions, definition: Definition) {
    const { resource, clock } = options;
    this.#options = options;
    this.arn = resource.reference;
    this.name = resource.attributes.Name ?? resource.logicalId;
    this.executions = new ExecutionStore(this.name, clock.now);
    const text = JSON.stringify(definition);
    const workerData: StateMachineWorkerData = { definition, isChecked: accepted.has(text), clock: clock.settings };
    this.#worker = new Worker(new URL('../../dist/threads/state-machine-worker.mjs', import.meta.url), {
      name: resource.logicalId,
      workerData,
      execArgv: [],
    });
    this.#started = new Promise((resolve, reject) => {
      this.#worker.on('message', (message: FromStateMachine) => {
        if (message.type === 'ready') {
          accepted.add(text);
          resolve();
        } else if (message.type === 'refused') {
          reject(new TemplateError(`${resource.logicalId} (${resource.type}) was refused: ${message.reason}`));
        } else this.#receive(message);
      });
      this.#worker.once('error', reject);
    });
  }

  /** Whether nothing happens here until {@link nextDue}, but for tasks that are being worked on. */
  get idle(): boolean {
    return this.#received === this.#sent;
  }

  /** `StartExecution`. @throws AwsError */
  startExecution(input: string | undefined, name?: string): Execution {
    const { execution, isNew } = this.executions.open(input, name);
    if (isNew) {
      const context: ExecutionContext = {
        Execution: { Id: execution.arn, Name: execution.name },
        StateMachine: { Id: this.arn, Name: this.name },
      };
      this.#send({ type: 'run', execution: execution.name, input: execution.input, context });
      this.#options.onStatus(this, execution);
    }
    return execution;
  }

  /** `StopExecution`; what a task has already begun goes on, as on AWS. @throws AwsError */
  stopExecution(arn: string, error?: string, cause?: string): Execution {
    const { name } = this.executions.get(arn);
    this.#send({ type: 'abort', execution: name });
    this.#close(name, { status: 'ABORTED', ...(error && { error }), ...(cause && { cause }) });
    return this.executions.get(arn);
  }

  /** After the clock has jumped: wakes up what is due. */
  catchUp(): void {
    const message: ToStateMachine = { type: 'caught-up' };
    this.#worker.postMessage(message);
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #receive(message: Exclude<FromStateMachine, { type: 'ready' | 'refused' }>): void {
    switch (message.type) {
      case 'task':
        void this.#work(message);
        return;
      case 'history': {
        this.executions.note(message.execution, message.event);
        const execution = this.executions.byName(message.execution);
        if (execution) this.#options.onHistory(execution, message.event);
        return;
      }
      case 'ended':
        this.#close(message.execution, message.end);
        return;
      case 'quiet':
        this.#received = message.received;
        this.nextDue = message.nextDue;
        this.#options.onActivity();
    }
  }

  async #work({ task, functionArn, payload }: Extract<FromStateMachine, { type: 'task' }>): Promise<void> {
    try {
      this.#send({ type: 'answer', task, result: await this.#options.invoke(functionArn, payload) });
    } catch (error) {
      if (!(error instanceof FunctionError)) throw error;
      this.#send({ type: 'answer', task, failure: error.failure });
    }
  }

  #close(name: string, end: Parameters<ExecutionStore['close']>[1]): void {
    const closed = this.executions.close(name, end);
    if (closed) this.#options.onStatus(this, closed);
  }

  #send(message: Exclude<ToStateMachine, { type: 'caught-up' }>): void {
    this.#sent++;
    this.#options.onActivity();
    this.#worker.postMessage(message);
  }
}

function readDefinition({ logicalId, type, properties }: LocalResource): Definition {
  const { DefinitionString: definition, StateMachineType: kind = 'STANDARD', DefinitionSubstitutions } = properties();
  const refuse = (what: string) =>
    new TemplateError(`${logicalId} (${type}) ${what}, which the embedded relay cannot run.`);
  if (kind !== 'STANDARD') throw refuse(`is of type ${kind}`);
  if (DefinitionSubstitutions !== undefined) throw refuse('has DefinitionSubstitutions');
  if (typeof definition !== 'string') throw refuse('has no DefinitionString');
  return JSON.parse(definition);
}

/** The machine that an execution belongs to. @throws AwsError `ExecutionDoesNotExist` */
export function machineOf(machines: readonly LocalStateMachine[], arn: string): LocalStateMachine {
  const machine = machines.find(({ name }) => arn.includes(`:execution:${name}:`));
  if (!machine) throw new AwsError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
  return machine;
}
