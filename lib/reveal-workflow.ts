import { Duration, Validations } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import {
  Choice,
  Condition,
  DefinitionBody,
  Errors,
  Fail,
  JitterType,
  JsonPath,
  QueryLanguage,
  StateMachine,
  StateMachineType,
  Succeed,
  TaskInput,
  Timeout,
  Wait,
  WaitTime,
} from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Construct } from 'constructs';
import type { HandlerName, NextChoice, WorkflowCall } from '../lambdas/contract.ts';
import { handlerTimeout } from './reveal-handler.ts';

export interface RevealWorkflowProps {
  readonly handlers: Record<Extract<HandlerName, 'admit' | 'poll' | 'settle'>, IFunction>;
}

/**
 * Faults of AWS itself, by the names NextChoice Functions matches, and `RelayFault`, under which our handlers report the
 * failures of the services they call. Handlers and SDK clients do not retry on their own: this is the one retry layer.
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/sfn-best-practices.html#bp-lambda-serviceexception
 */
const passingFaults = [
  'Lambda.ClientExecutionTimeoutException',
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
  'Lambda.TooManyRequestsException',
  'Lambda.Unknown',
  // The process was killed, by a lack of memory or in the middle of a deployment.
  'Runtime.ExitError',
  'Sandbox.Timedout',
  Errors.TIMEOUT,
  'RelayFault',
];

/** The state machine. Its one loop waits for a slot, polls, and asks what is next; the answer is a value, never an exception. */
export class RevealWorkflow extends Construct {
  readonly stateMachine: StateMachine;

  constructor(scope: Construct, id: string, props: RevealWorkflowProps) {
    super(scope, id);

    const outcomeIs = (step: NextChoice) => Condition.stringEquals('$.outcome', step);
    const settleRevealed = this.task('SettleRevealed', props.handlers.settle);
    const settleNotRevealed = this.task('SettleNotRevealed', props.handlers.settle);
    const admit = this.task('Admit', props.handlers.admit).addCatch(settleNotRevealed);
    const poll = this.task('Poll', props.handlers.poll).addCatch(settleNotRevealed);

    const waitForSlot = new Wait(this, 'WaitForSlot', { time: WaitTime.timestampPath('$.nextPollAt') });
    const alreadyTracked = new Succeed(this, 'AlreadyTracked', {
      comment: 'Another execution has this reveal, or its result is stored: nothing to do here.',
    });
    const notRevealed = new Fail(this, 'NotRevealed', { errorPath: '$.error', causePath: '$.cause' });
    // A poll whose answer was lost has stored the result all the same.
    settleNotRevealed.next(
      new Choice(this, 'Revealed?').when(outcomeIs('completed'), alreadyTracked).otherwise(notRevealed),
    );

    const next = new Choice(this, 'Next?')
      .when(outcomeIs('pending'), waitForSlot)
      .when(outcomeIs('duplicate'), alreadyTracked)
      .when(outcomeIs('completed'), settleRevealed)
      .otherwise(settleNotRevealed);
    waitForSlot.next(poll);
    poll.next(next);

    // May invoke these functions and nothing else; what CDK would add on its own includes all of their versions.
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('states.amazonaws.com') });
    role.addToPolicy(
      new PolicyStatement({
        actions: ['lambda:InvokeFunction'],
        resources: Object.values(props.handlers).map((handler) => handler.functionArn),
      }),
    );

    this.stateMachine = new StateMachine(this, 'StateMachine', {
      stateMachineType: StateMachineType.STANDARD,
      queryLanguage: QueryLanguage.JSON_PATH,
      definitionBody: DefinitionBody.fromChainable(admit.next(next)),
      comment: 'Polls one Fiber AI contact reveal until it is done',
      // A backstop only: reveals are given up on by the poll handler, after a fresh look. Half a day of polls, which grow rare
      // with age, stays under the 25,000 events that a Standard execution may have (nine a loop).
      timeout: Duration.hours(12),
      role: role.withoutPolicyUpdates(),
    });
    Validations.of(this.stateMachine).acknowledge(
      {
        id: 'AwsSolutions-SF1',
        reason: 'A Standard execution keeps its history for 90 days; a log would store it twice.',
      },
      {
        id: 'AwsSolutions-SF2',
        reason: 'Record and history say where the time went; a trace of waits would add nothing.',
      },
    );
  }

  private task(id: string, handler: IFunction): LambdaInvoke {
    const call: Record<keyof WorkflowCall, string> = {
      state: JsonPath.entirePayload,
      executionArn: JsonPath.executionId,
      input: JsonPath.stringAt('$$.Execution.Input'),
    };
    const task = new LambdaInvoke(this, id, {
      lambdaFunction: handler,
      payloadResponseOnly: true,
      payload: TaskInput.fromObject(call),
      retryOnServiceExceptions: false,
      taskTimeout: Timeout.duration(handlerTimeout.plus(Duration.seconds(15))),
    });
    task.addRetry({
      errors: passingFaults,
      interval: Duration.seconds(2),
      backoffRate: 2,
      maxAttempts: 6,
      maxDelay: Duration.minutes(1),
      jitterStrategy: JitterType.FULL,
    });
    return task;
  }
}
