import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  type ExecutionStatus,
  type SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { type Claim, executionArn, executionName } from '../reveal/life/admission.ts';
import { attempt } from './sdk.ts';

/** The executions of the workflow that our own doors start, one per claim. */
export class Executions {
  readonly #stateMachineArn: string;
  readonly #client: SFNClient;

  constructor(stateMachineArn: string, client: SFNClient) {
    this.#stateMachineArn = stateMachineArn;
    this.#client = client;
  }

  /** The execution that a reveal has if one of our doors has claimed it. */
  arnFor(reveal: Claim): string {
    return executionArn(this.#stateMachineArn, executionName(reveal));
  }

  /** Starts the execution of a claimed reveal. Again is no harm: the name belongs to this claim alone. */
  async start(record: Claim): Promise<void> {
    const start = new StartExecutionCommand({
      stateMachineArn: this.#stateMachineArn,
      name: executionName(record),
      input: JSON.stringify({ revealId: record.revealId }),
    });
    await attempt('Step Functions', async () => {
      try {
        await this.#client.send(start);
      } catch (error) {
        // Started before, and ended since.
        if (!(error instanceof ExecutionAlreadyExists)) throw error;
      }
    });
  }

  /** Stops an execution. One that has ended, or was never started, stays as it is. */
  async stop(arn: string, error: string, cause: string): Promise<void> {
    const stop = new StopExecutionCommand({ executionArn: arn, error, cause });
    try {
      await attempt('Step Functions', () => this.#client.send(stop));
    } catch (fault) {
      // That there is nothing to stop is said in more than one way, or not said at all: what it is is asked instead.
      const isRunning = await this.statusOf(arn).then(
        (status) => status === 'RUNNING',
        () => true,
      );
      if (isRunning) throw fault;
    }
  }

  /** What Step Functions says of an execution, or nothing if it does not know it. */
  async statusOf(arn: string): Promise<ExecutionStatus | undefined> {
    return attempt('Step Functions', async () => {
      try {
        return (await this.#client.send(new DescribeExecutionCommand({ executionArn: arn }))).status;
      } catch (error) {
        if (error instanceof ExecutionDoesNotExist) return undefined;
        throw error;
      }
    });
  }
}
