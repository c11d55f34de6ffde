import type { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, Metric, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { metricNames, metricNamespace } from '../lambdas/contract.ts';
import type { RevealHandler } from './reveal-handler.ts';

export interface RelayAlarmsProps {
  readonly deadLetters: Queue;
  readonly sweep: RevealHandler;
  readonly sweepEvery: Duration;
  readonly stateMachine: StateMachine;
}

/**
 * The things that somebody should look at. What each means and what to do is in docs/operations.md, under its name. They notify
 * nobody until you add an action: `relay.alarms.all.forEach((alarm) => alarm.addAlarmAction(…))`.
 */
export class RelayAlarms extends Construct {
  readonly all: readonly Alarm[];

  constructor(scope: Construct, id: string, { deadLetters, sweep, sweepEvery, stateMachine }: RelayAlarmsProps) {
    super(scope, id);
    const relayMetric = (metricName: string) =>
      new Metric({
        namespace: metricNamespace,
        metricName,
        dimensionsMap: { service: 'reveal-relay' },
        statistic: Stats.SUM,
        period: sweepEvery,
      });
    this.all = [
      this.alarm('DeadLetters', deadLetters.metricApproximateNumberOfMessagesVisible({ statistic: Stats.MAXIMUM })),
      // A sweeper that does not run reports no error: what is missing counts as well.
      this.alarm('SweepMissing', sweep.metricInvocations({ period: sweepEvery }), {
        comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
        evaluationPeriods: 3,
        treatMissingData: TreatMissingData.BREACHING,
      }),
      this.alarm('SweepFailing', sweep.metricErrors({ period: sweepEvery }), { evaluationPeriods: 3 }),
      this.alarm('Unhealed', relayMetric(metricNames.unhealedReveals), { evaluationPeriods: 3 }),
      this.alarm('ExecutionsCutOff', stateMachine.metricTimedOut()),
    ];
  }

  private alarm(id: string, metric: IMetric, options: Partial<ConstructorParameters<typeof Alarm>[2]> = {}): Alarm {
    return new Alarm(this, id, {
      metric,
      alarmDescription: `reveal-relay: see "${id}" in docs/operations.md`,
      threshold: 1,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
      ...options,
    });
  }
}
