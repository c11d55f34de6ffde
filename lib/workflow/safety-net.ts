import { ArnFormat } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { Schedule, ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import { Construct } from 'constructs';
import { EndedHandler } from '../handlers/ended.ts';
import { SweepHandler, sweepEvery } from '../handlers/sweep.ts';
import { ownService } from '../permissions/own-service.ts';
import type { PartsWithWorkflow } from '../relay-parts.ts';

/** What settles a reveal when its own workflow cannot: a rule on executions that end, and a sweeper for what the rule misses. */
export class SafetyNet extends Construct {
  readonly ended: EndedHandler;
  readonly executionEnded: Rule;
  readonly sweep: SweepHandler;
  readonly sweeps: Schedule;

  constructor(scope: Construct, id: string, parts: PartsWithWorkflow) {
    super(scope, id);
    const { stateMachine, deadLetters } = parts;

    this.ended = new EndedHandler(this, 'Ended', parts);
    this.executionEnded = new Rule(this, 'ExecutionEnded', {
      description: 'Settles contact reveals whose execution ended without having done so',
      eventPattern: {
        source: ['aws.states'],
        detailType: ['Step Functions Execution Status Change'],
        detail: { stateMachineArn: [stateMachine.stateMachineArn], status: ['FAILED', 'TIMED_OUT', 'ABORTED'] },
      },
      targets: [new LambdaFunction(this.ended, { deadLetterQueue: deadLetters })],
    });

    this.sweep = new SweepHandler(this, 'Sweep', parts);
    // May invoke this one function; what CDK would add includes all of its versions.
    const role = new Role(this, 'SchedulerRole', {
      assumedBy: ownService(this, 'scheduler.amazonaws.com', {
        resource: 'schedule-group',
        resourceName: 'default',
        arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
      }),
    });
    role.addToPolicy(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [this.sweep.functionArn] }));
    deadLetters.grantSend(role);
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
