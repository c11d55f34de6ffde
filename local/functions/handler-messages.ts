import type { ClockSettings } from '../time/relay-time.ts';

/** What a handler's thread starts with. */
export interface HandlerWorkerData {
  readonly folder: string;
  /** `file.export`, as in the template. */
  readonly entry: string;
  readonly functionArn: string;
  readonly clock: ClockSettings;
}

export type ToHandler =
  | {
      readonly type: 'invoke';
      readonly id: number;
      /** JSON. */
      readonly event: string;
      readonly requestId: string;
      /** When the function times out, in milliseconds since 1970 of relay time. */
      readonly deadline: number;
    }
  | { readonly type: 'caught-up' }
  /** To be answered when the handler is loaded and the thread has nothing else to do. */
  | { readonly type: 'are-you-awake' };

/** A failed invocation, in the words of Lambda. */
export interface FunctionFailure {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

export type FromHandler =
  | { readonly type: 'awake' }
  | { readonly type: 'answer'; readonly id: number; readonly result: string }
  | { readonly type: 'answer'; readonly id: number; readonly error: FunctionFailure }
  /** How many invocations sleep, and when the next timer of any kind is due. */
  | { readonly type: 'timers'; readonly sleepers: number; readonly nextDue: number | undefined };
