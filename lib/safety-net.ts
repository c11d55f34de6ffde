import { ArnFormat, Duration } from 'aws-cdk-lib';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { type IEventBus, Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { Schedule, ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { type EnvName, envNames } from '../lambdas/contract.ts';
import { grantOnExecutions } from './execution-access.ts';
import { ownService } from './own-service.ts';
import { RevealHandler } from './reveal-handler.ts';
import type { RevealsAccess } from './reveals-access.ts';

export interface SafetyNetProps {
  readonly reveals: RevealsAccess;
  readonly pollBudget: TableV2;
  readonly stateMachine: StateMachine;
  readonly eventBus: IEventBus;
  readonly apiKeySecret: ISecret;
  readonly deadLetters: Queue;
  /** The settings that settling needs, and those that polling needs. */
  readonly settling: Partial<Record<EnvName, string>>;
  readonly polling: Partial<Record<EnvName, string>>;
}

export const sweepEvery = Duration.minutes(5);

/** What settles a reveal when its own workflow cannot: a rule on executions that end, and a sweeper for what the rule misses. */
export class SafetyNet extends Construct {
  readonly ended: RevealHandler;
  readonly executionEnded: Rule;
  readonly sweep: RevealHandler;
  readonly sweeps: Schedule;

  constructor(scope: Construct, id: string, props: SafetyNetProps) {
    super(scope, id);
    const { reveals, pollBudget, stateMachine, eventBus, apiKeySecret, deadLetters, settling, polling } = props;

    this.ended = new RevealHandler(this, 'Ended', {
      handler: 'ended',
      description: 'Settles reveals whose execution was aborted or cut off',
      environment: settling,
    });
    reveals.grantItems(this.ended, 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem');
    eventBus.grantPutEventsTo(this.ended);
    this.ended.configureAsyncInvoke({ onFailure: new SqsDestination(deadLetters), retryAttempts: 2 });
    this.executionEnded = new Rule(this, 'ExecutionEnded', {
      description: 'Settles contact reveals whose execution ended without having done so',
      eventPattern: {
        source: ['aws.states'],
        detailType: ['Step Functions Execution Status Change'],
        detail: { stateMachineArn: [stateMachine.stateMachineArn], status: ['FAILED', 'TIMED_OUT', 'ABORTED'] },
      },
      targets: [new LambdaFunction(this.ended, { deadLetterQueue: deadLetters })],
    });

    this.sweep = new RevealHandler(this, 'Sweep', {
      handler: 'sweep',
      description: 'Finds what was left undone, and does it',
      // It stops by itself after a minute and a half, in the middle of nothing.
      timeout: Duration.minutes(2),
      environment: { ...polling, ...settling, [envNames.stateMachine]: stateMachine.stateMachineArn },
    });
    reveals.grantItems(
      this.sweep,
      'dynamodb:BatchGetItem',
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:UpdateItem',
      'dynamodb:DeleteItem',
    );
    reveals.grantOpen(this.sweep);
    pollBudget.grant(this.sweep, 'dynamodb:GetItem', 'dynamodb:UpdateItem');
    apiKeySecret.grantRead(this.sweep);
    eventBus.grantPutEventsTo(this.sweep);
    stateMachine.grantStartExecution(this.sweep);
    grantOnExecutions(this.sweep, stateMachine, 'states:DescribeExecution');
    // The next sweep does what this one did not. Lambda would keep one that is throttled for six hours, and then start all of them at once.
    this.sweep.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: sweepEvery });
    // May invoke this one function; what CDK would add includes all of its versions.
    const role = new Role(this, 'SchedulerRole', {
      assumedBy: ownService(this, 'scheduler.amazonaws.com', {
        resource: 'schedule-group',
        resourceName: 'default',
        arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
      }),
    });
    role.addToPolicy(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [this.sweep.functionArn] }));
    deadLetters.grant(role, 'sqs:SendMessage');
    this.sweeps = new Schedule(this, 'Sweeps', {
      description: 'Sweeps up after contact reveals',
      schedule: ScheduleExpression.rate(sweepEvery),
      target: new LambdaInvoke(this.sweep, {
        role: role.withoutPolicyUpdates(),
        retryAttempts: 2,
        maxEventAge: sweepEvery,
        deadLetterQueue: deadLetters,
      }),
    });
  }
}
