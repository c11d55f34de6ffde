import type { Journal } from '../data/journal.ts';
import type { Buses } from '../services/bus.ts';
import type { Execution } from './execution-store.ts';
import type { LocalStateMachine } from './state-machine.ts';

/** An execution as it is journaled, under its ARN, while it runs. */
export interface RunningExecution {
  /** ARN of its state machine. */
  readonly machine: string;
  readonly name: string;
  readonly input: string;
}

/** Written before anybody hears of it. */
export function noteStatus(running: Journal<RunningExecution>, machine: LocalStateMachine, execution: Execution): void {
  const { arn, name, input, status } = execution;
  if (status === 'RUNNING') running.opened(arn, { machine: machine.arn, name, input });
  else running.closed(arn);
}

/**
 * Goes on with what was running when the last process ended. Step Functions would remember where each execution stands; here
 * they begin again under the same name, which `Admit` recognises as its own.
 */
export function resumeExecutions(running: Journal<RunningExecution>, machines: readonly LocalStateMachine[]): void {
  for (const [arn, { machine, name, input }] of [...running.open]) {
    const owner = machines.find((candidate) => candidate.arn === machine);
    if (owner) owner.startExecution(input, name);
    else running.closed(arn);
  }
}

/** Publishes on the account's bus that an execution has started or ended. @see https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html */
export function announceStatus(buses: Buses, machine: LocalStateMachine, execution: Execution): void {
  const { arn, name, status, startDate, stopDate = null, input, output = null, error = null, cause = null } = execution;
  const included = { included: true };
  const detail = {
    executionArn: arn,
    stateMachineArn: machine.arn,
    name,
    status,
    startDate,
    stopDate,
    input,
    output,
    inputDetails: included,
    outputDetails: output === null ? null : included,
    error,
    cause,
  };
  buses.publish('default', 'aws.states', 'Step Functions Execution Status Change', detail, { resources: [arn] });
}
