import { Duration, Validations } from 'aws-cdk-lib';
import { PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import {
  Choice,
  Condition,
  DefinitionBody,
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
import { type HandlerName, type NextChoice, startCallSeconds, type WorkflowCall } from '../../lambdas/contract.ts';
import { handlerTimeout } from '../handlers/reveal-handler.ts';
import { ownService } from '../permissions/own-service.ts';
import { letTrace } from '../permissions/tracing-access.ts';
import { type Retrier, settleRetriers, workRetriers } from './retriers.ts';

export interface RevealWorkflowProps {
  readonly handlers: Record<Extract<HandlerName, 'admit' | 'start-task' | 'poll' | 'settle'>, IFunction>;
  readonly tracingEnabled: boolean;
  /** @default - CloudFormation makes one up */
  readonly name?: string | undefined;
}

type Call = Record<keyof WorkflowCall, string>;

const onlyInput: Omit<Call, 'state'> = {
  executionArn: JsonPath.executionId,
  input: JsonPath.stringAt('$$.Execution.Input'),
};

/** The state machine. Its one loop waits for a slot, polls, and asks what is next; the answer is a value, never an exception. */
export class RevealWorkflow extends Construct {
  readonly stateMachine: StateMachine;

  constructor(scope: Construct, id: string, props: RevealWorkflowProps) {
    super(scope, id);

    const outcomeIs = (outcome: NextChoice) => Condition.stringEquals('$.outcome', outcome);
    const settleRevealed = this.task('SettleRevealed', props.handlers.settle, settleRetriers);
    const settleNotRevealed = this.task('SettleNotRevealed', props.handlers.settle, settleRetriers);
    // Its state is the input. Given twice, an input of half the quota on a payload would end the execution uncatchably.
    const admit = this.task('Admit', props.handlers.admit, workRetriers, { call: onlyInput }).addCatch(
      settleNotRevealed,
    );
    const poll = this.task('Poll', props.handlers.poll, workRetriers).addCatch(settleNotRevealed);

    const startTask = this.task('StartTask', props.handlers['start-task'], workRetriers, {
      timeout: Duration.seconds(startCallSeconds.handlerLives),
    }).addCatch(settleNotRevealed);

    const waitToStart = new Wait(this, 'WaitToStart', { time: WaitTime.timestampPath('$.nextStartAt') });
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
      .when(outcomeIs('to-start'), waitToStart)
      .when(outcomeIs('duplicate'), alreadyTracked)
      .when(outcomeIs('completed'), settleRevealed)
      .otherwise(settleNotRevealed);
    waitForSlot.next(poll);
    poll.next(next);
    waitToStart.next(startTask);
    startTask.next(next);

    // May invoke these functions and nothing else; what CDK would add on its own includes all of their versions.
    const role = new Role(this, 'Role', {
      assumedBy: ownService(this, 'states.amazonaws.com', { resource: 'stateMachine', resourceName: '*' }),
    });
    role.addToPolicy(
      new PolicyStatement({
        actions: ['lambda:InvokeFunction'],
        resources: Object.values(props.handlers).map((handler) => handler.functionArn),
      }),
    );

    this.stateMachine = new StateMachine(this, 'StateMachine', {
      ...(props.name !== undefined && { stateMachineName: props.name }),
      stateMachineType: StateMachineType.STANDARD,
      queryLanguage: QueryLanguage.JSON_PATH,
      definitionBody: DefinitionBody.fromChainable(admit.next(next)),
      comment: 'Polls one Fiber AI contact reveal until it is done',
      // A backstop only: reveals are given up on by the poll handler, after a fresh look. Half a day of polls, which grow rare
      // with age, stays under the 25,000 events that a Standard execution may have (nine a loop).
      timeout: Duration.hours(12),
      role: role.withoutPolicyUpdates(),
      tracingEnabled: props.tracingEnabled,
    });
    Validations.of(this.stateMachine).acknowledge({
      id: 'AwsSolutions-SF1',
      reason: 'A Standard execution keeps its history for 90 days; a log would store it twice.',
    });
    if (props.tracingEnabled) letTrace(role);
    else {
      Validations.of(this.stateMachine).acknowledge({
        id: 'AwsSolutions-SF2',
        reason: 'Record and history say where the time went; a trace of waits would add nothing.',
      });
    }
  }

  /** Handlers and SDK clients do not retry on their own: the retriers are the one retry layer. */
  private task(
    id: string,
    handler: IFunction,
    retriers: readonly Retrier[],
    {
      call = { state: JsonPath.entirePayload, ...onlyInput },
      timeout = handlerTimeout,
    }: { call?: Partial<Call>; timeout?: Duration } = {},
  ): LambdaInvoke {
    const task = new LambdaInvoke(this, id, {
      lambdaFunction: handler,
      payloadResponseOnly: true,
      payload: TaskInput.fromObject(call),
      retryOnServiceExceptions: false,
      taskTimeout: Timeout.duration(timeout.plus(Duration.seconds(15))),
    });
    for (const { errors, maxAttempts, ...pauses } of retriers) {
      task.addRetry({
        errors: [...errors],
        maxAttempts,
        interval: Duration.seconds(pauses.intervalSeconds),
        backoffRate: pauses.backoffRate,
        maxDelay: Duration.seconds(pauses.maxDelaySeconds),
        jitterStrategy: JitterType[pauses.jitter],
      });
    }
    return task;
  }
}
