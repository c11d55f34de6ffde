import type { Ending } from './settlement.ts';

/** The ways in which an execution ends without having settled its reveal, by Step Functions' own words. */
export const endedStatuses = ['FAILED', 'TIMED_OUT', 'ABORTED'] as const;
type EndedStatus = (typeof endedStatuses)[number];

/** As much as we need of EventBridge's `Step Functions Execution Status Change`. */
export interface ExecutionEnded {
  detail: {
    executionArn: string;
    status: EndedStatus;
    /** The execution's input as JSON; null where it is too large for an event, which no reveal's input is. */
    input?: string | null;
  };
}

/**
 * What such an end means for a reveal that is still running. An execution that timed out is not a reveal that timed out: nobody
 * has just looked.
 */
export function endingOfExecution(status: EndedStatus): Ending {
  return status === 'ABORTED'
    ? { outcome: 'cancelled', reason: 'cancelled-by-caller' }
    : { outcome: 'errored', reason: 'relay-fault' };
}
