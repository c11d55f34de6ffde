import { randomUUID } from 'node:crypto';
import { AwsError } from '../services/aws-error.ts';
import { executionArn } from '../template/local-names.ts';
import type { ExecutionEnd, HistoryEvent } from './state-machine-messages.ts';

export type ExecutionStatus = 'RUNNING' | ExecutionEnd['status'];

/** One execution, as `DescribeExecution` tells it. Times are milliseconds since 1970 of relay time. */
export interface Execution {
  readonly arn: string;
  readonly name: string;
  readonly startDate: number;
  /** JSON, as it was given. */
  readonly input: string;
  readonly status: ExecutionStatus;
  readonly stopDate?: number;
  /** JSON. */
  readonly output?: string;
  readonly error?: string;
  readonly cause?: string;
}

const largestInput = 256 * 1024;
/** Events kept per execution, and closed executions that keep theirs: history is for looking at, not for the record. */
const longestHistory = 1_000;
const historiesKept = 1_000;

/** The executions of one state machine, with the rules that Step Functions has for their names and their ends. */
export class ExecutionStore {
  readonly #stateMachine: string;
  readonly #now: () => number;
  readonly #byName = new Map<string, Execution>();
  readonly #history = new Map<string, HistoryEvent[]>();
  readonly #closed: string[] = [];
  readonly #waiting = new Map<string, ((execution: Execution) => void)[]>();

  constructor(stateMachine: string, now: () => number) {
    this.#stateMachine = stateMachine;
    this.#now = now;
  }

  /**
   * Opens an execution, or finds the one that already runs under this name with this input.
   *
   * @throws AwsError `InvalidName`, `InvalidExecutionInput`, or `ExecutionAlreadyExists` when the name is taken by another
   *   input or by an execution that has ended
   */
  open(input: string | undefined, name: string = randomUUID()): { execution: Execution; isNew: boolean } {
    if (!isName(name)) throw new AwsError('InvalidName', `Invalid Name: '${name}'`);
    const given = input ?? '{}';
    checkInput(given);
    const arn = executionArn(this.#stateMachine, name);
    const existing = this.#byName.get(name);
    if (existing?.status === 'RUNNING' && existing.input === given) return { execution: existing, isNew: false };
    if (existing) throw new AwsError('ExecutionAlreadyExists', `Execution Already Exists: '${arn}'`);

    const execution: Execution = { arn, name, startDate: this.#now(), input: given, status: 'RUNNING' };
    this.#byName.set(name, execution);
    this.#history.set(name, []);
    return { execution, isNew: true };
  }

  /** Closes a running execution; one that has already ended stays as it is. */
  close(name: string, end: ExecutionEnd): Execution | undefined {
    const running = this.#byName.get(name);
    if (running?.status !== 'RUNNING') return undefined;
    const closed: Execution = { ...running, ...end, stopDate: this.#now() };
    this.#byName.set(name, closed);
    this.#closed.push(name);
    if (this.#closed.length > historiesKept) this.#history.delete(this.#closed.shift() ?? '');
    for (const tell of this.#waiting.get(name) ?? []) tell(closed);
    this.#waiting.delete(name);
    return closed;
  }

  note(name: string, event: HistoryEvent): void {
    const history = this.#history.get(name);
    if (history && history.length < longestHistory) history.push(event);
  }

  /** Resolves when the execution has ended, at once if it already has. */
  ended(arn: string): Promise<Execution> {
    const execution = this.get(arn);
    if (execution.status !== 'RUNNING') return Promise.resolve(execution);
    return new Promise((resolve) => {
      this.#waiting.set(execution.name, [...(this.#waiting.get(execution.name) ?? []), resolve]);
    });
  }

  byName(name: string): Execution | undefined {
    return this.#byName.get(name);
  }

  /** @throws AwsError `ExecutionDoesNotExist` */
  get(arn: string): Execution {
    const prefix = executionArn(this.#stateMachine, '');
    const execution = arn.startsWith(prefix) ? this.#byName.get(arn.slice(prefix.length)) : undefined;
    if (!execution) throw new AwsError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
    return execution;
  }

  /** What happened in an execution, oldest first: at most its first 1,000 events, and only for the latest 1,000 ended ones. */
  history(arn: string): readonly HistoryEvent[] {
    return this.#history.get(this.get(arn).name) ?? [];
  }

  /** Newest first. */
  list(status?: string): Execution[] {
    const all = [...this.#byName.values()].reverse();
    return status === undefined ? all : all.filter((execution) => execution.status === status);
  }
}

/** @see https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html */
function isName(name: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it refuses
  return name.length >= 1 && name.length <= 80 && !/[\s<>{}[\]?*"#%\\^|~`$&,;:/\u0000-\u001f\u007f-\u009f]/u.test(name);
}

function checkInput(input: string): void {
  try {
    JSON.parse(input);
  } catch (error) {
    throw new AwsError('InvalidExecutionInput', `Invalid State Machine Execution Input: '${(error as Error).message}'`);
  }
  if (Buffer.byteLength(input) > largestInput) {
    throw new AwsError('ValidationException', `Input must have length less than or equal to ${largestInput}`);
  }
}
