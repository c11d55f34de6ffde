import type { FunctionFailure } from '../functions/handler-messages.ts';
import type { ClockSettings } from '../time/relay-time.ts';
import type { Definition } from './definition.ts';

/** What the interpreter's thread starts with. */
export interface StateMachineWorkerData {
  /** Whether the interpreter has accepted the definition before. */
  readonly isChecked: boolean;
  readonly definition: Definition;
  readonly clock: ClockSettings;
}

/** An execution's context object, without what the interpreter adds itself. */
export interface ExecutionContext {
  readonly Execution: { readonly Id: string; readonly Name: string };
  readonly StateMachine: { readonly Id: string; readonly Name: string };
}

export type ToStateMachine =
  | { readonly type: 'run'; readonly execution: string; readonly input: string; readonly context: ExecutionContext }
  | { readonly type: 'abort'; readonly execution: string }
  | { readonly type: 'answer'; readonly task: number; readonly result: unknown }
  | { readonly type: 'answer'; readonly task: number; readonly failure: FunctionFailure }
  | { readonly type: 'caught-up' };

/** One entry of an execution's history, as the interpreter words it. */
export interface HistoryEvent {
  /** `ExecutionStarted`, `StateEntered`, `StateExited`, `StateFailed`, `StateRetried`, `StateCaught`, … */
  readonly type: string;
  /** Milliseconds since 1970 of relay time. */
  readonly timestamp: number;
  readonly input?: unknown;
  readonly output?: unknown;
  readonly state?: {
    readonly name: string;
    readonly type: string;
    readonly input?: unknown;
    readonly output?: unknown;
  };
  readonly Error?: string;
  readonly Cause?: unknown;
}

export type ExecutionEnd =
  | { readonly status: 'SUCCEEDED'; readonly output: string }
  | { readonly status: 'FAILED'; readonly error: string; readonly cause?: string }
  | { readonly status: 'TIMED_OUT' }
  | { readonly status: 'ABORTED'; readonly error?: string; readonly cause?: string };

export type FromStateMachine =
  | { readonly type: 'ready' }
  | { readonly type: 'refused'; readonly reason: string }
  | { readonly type: 'task'; readonly task: number; readonly functionArn: string; readonly payload: unknown }
  | { readonly type: 'history'; readonly execution: string; readonly event: HistoryEvent }
  | { readonly type: 'ended'; readonly execution: string; readonly end: ExecutionEnd }
  /** Nothing happens here before `nextDue` unless a message comes; `received` messages have been dealt with. */
  | { readonly type: 'quiet'; readonly received: number; readonly nextDue: number | undefined };
