import type { Outcome, Reason } from '../../lambdas/contract.ts';
import type { NewTask } from '../../local/fiber/index.ts';
import type { Fault } from './fault.ts';
import type { Lab } from './lab.ts';
import type { Setting } from './settings.ts';

/** What a cell may do to the relay while it is played. */
export interface Scene {
  readonly lab: Lab;
  readonly taskId: string;
  /** Starts an execution for the task. */
  start(): Promise<string>;
  /** Stops the first execution, at once. */
  stop(): void;
  /** Waits for all executions that were started. */
  ended(): Promise<void>;
}

/** One cell of the matrix: what happens, and what must have come of it once everything is calm again. */
export interface Cell {
  readonly group: string;
  readonly row: string;
  readonly column: string;
  /** Whether it is among those that every `npm test` plays. */
  readonly quick?: boolean;
  /** How the relay is deployed. @default as shipped, but for a shorter `maxWait` */
  readonly setting?: Setting;
  /** The vendor's side. @default a reveal of 40 seconds that finds everything */
  readonly task?: NewTask;
  /** What happens between the handlers and what they call, until the execution has ended. */
  readonly faults?: readonly Fault[] | ((scene: Scene) => readonly Fault[]);
  /** @default starts an execution and waits until it has ended */
  readonly play?: (scene: Scene) => Promise<void>;
  /** Several where it is a matter of who is faster. @default 'completed' */
  readonly ends?: Outcome | readonly Outcome[];
  readonly reason?: Reason;
  /** Whether the result came after the reveal had been given up on. @default false */
  readonly late?: boolean | 'perhaps';
  /** The most polls that the vendor may see. @default 12 */
  readonly polls?: number;
}
