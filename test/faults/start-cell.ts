import type { Outcome, Reason } from '../../lambdas/contract.ts';
import type { Cell } from './cell.ts';
import type { Fault } from './fault.ts';
import type { Lab } from './lab.ts';

/** What a cell may do to the relay, and to the reveal of its person. */
export interface StartScene {
  readonly lab: Lab;
  /** The same in every cell of one person: known once somebody has asked for it. */
  readonly revealId: string;
  /** Asks for the person. */
  ask(body?: object, headers?: Record<string, string>): Promise<{ status: number; body: Record<string, unknown> }>;
  /** Stops the first execution, at once. */
  stop(): void;
  /** Calls `StartTask` with what the workflow gave it the last time. */
  startTaskAgain(times?: number): Promise<void>;
  /** Starts another execution of the reveal that was claimed. */
  secondExecution(): Promise<void>;
  /** Waits for all executions of the reveal. */
  ended(): Promise<void>;
}

/** One cell around the paid start of a person's reveal, and what must have come of it once everything is calm again. */
export interface StartCell extends Pick<Cell, 'group' | 'row' | 'column' | 'quick' | 'setting'> {
  /** What the vendor plays. @default 'quick' */
  readonly scenario?: string;
  readonly faults?: readonly Fault[] | ((scene: StartScene) => readonly Fault[]);
  /** @default asks once and waits until the execution has ended */
  readonly play?: (scene: StartScene) => Promise<void>;
  /** @default whatever the ledger says: completed if there is a task that the relay knows */
  readonly ends?: Outcome | readonly Outcome[];
  readonly reason?: Reason | readonly Reason[];
  /** How often the vendor has charged. @default at most once */
  readonly charges?: number;
  /** For how many generations somebody has asked. @default 1 */
  readonly generations?: number;
  /** Whether nothing of the person may be left, in the table neither. */
  readonly isErased?: boolean;
}
