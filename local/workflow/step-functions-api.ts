import type { Operations } from '../services/aws-endpoint.ts';
import { AwsError } from '../services/aws-error.ts';
import type { Execution } from './execution-store.ts';
import { type LocalStateMachine, machineOf } from './state-machine.ts';

/**
 * The operations of Step Functions that handlers and clients use.
 * @see https://docs.aws.amazon.com/step-functions/latest/apireference/API_Operations.html
 */
export function stepFunctionsApi(machines: readonly LocalStateMachine[]): Operations {
  const machine = (arn: unknown): LocalStateMachine => {
    const found = machines.find((candidate) => candidate.arn === arn);
    if (!found) throw new AwsError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);
    return found;
  };

  return {
    StartExecution: ({ stateMachineArn, input, name }) => {
      const { arn, startDate } = machine(stateMachineArn).startExecution(
        input as string | undefined,
        name as string | undefined,
      );
      return { executionArn: arn, startDate: seconds(startDate) };
    },

    // Step Functions takes it for one that has ended, others that speak its API do not: nobody may rely on it.
    StopExecution: ({ executionArn, error, cause }) => {
      const { status } = machineOf(machines, String(executionArn)).executions.get(String(executionArn));
      if (status !== 'RUNNING') throw new AwsError('ValidationException', `The execution has ended: '${executionArn}'`);
      const { stopDate } = machineOf(machines, String(executionArn)).stopExecution(
        String(executionArn),
        error as string | undefined,
        cause as string | undefined,
      );
      return { stopDate: seconds(stopDate) };
    },

    DescribeExecution: ({ executionArn }) => {
      const { arn, executions } = machineOf(machines, String(executionArn));
      const execution = executions.get(String(executionArn));
      return {
        ...summary(arn, execution),
        input: execution.input,
        inputDetails: { included: true },
        ...(execution.output !== undefined && { output: execution.output, outputDetails: { included: true } }),
        error: execution.error,
        cause: execution.cause,
      };
    },

    ListExecutions: ({ stateMachineArn, statusFilter, maxResults = 100, nextToken }) => {
      const { arn, executions } = machine(stateMachineArn);
      const all = executions.list(statusFilter as string | undefined);
      const from = Number(nextToken ?? 0);
      const to = from + Number(maxResults);
      return {
        executions: all.slice(from, to).map((execution) => summary(arn, execution)),
        ...(to < all.length && { nextToken: String(to) }),
      };
    },
  };
}

function summary(stateMachineArn: string, { arn, name, status, startDate, stopDate }: Execution) {
  return {
    executionArn: arn,
    stateMachineArn,
    name,
    status,
    startDate: seconds(startDate),
    stopDate: seconds(stopDate),
    redriveCount: 0,
    redriveStatus: 'NOT_REDRIVABLE',
  };
}

/** Times go over the wire as seconds since 1970. */
function seconds(milliseconds: number | undefined): number | undefined {
  return milliseconds === undefined ? undefined : milliseconds / 1_000;
}
