import type { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, Metric, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { metricNames, metricNamespace } from '../lambdas/contract.ts';
import type { RevealHandler } from './reveal-handler.ts';

export interface RelayAlarmsProps {
  readonly reveals: ITable;
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

  constructor(scope: Construct, id: string, props: RelayAlarmsProps) {
    super(scope, id);
    const { reveals, deadLetters, sweep, sweepEvery, stateMachine } = props;
    // The sweeper publishes under the table's name, so that two relays in one account are told apart.
    const swept = (metricName: string, statistic: string) =>
      new Metric({
        namespace: metricNamespace,
        metricName,
        dimensionsMap: { service: reveals.tableName },
        statistic,
        period: sweepEvery,
      });
    this.all = [
      this.alarm('DeadLetters', deadLetters.metricApproximateNumberOfMessagesVisible({ statistic: Stats.MAXIMUM })),
      // Every sweep that comes to its end reports, be it that nothing is open. One that is never invoked, is cut off or cannot
      // publish reports no error either, so what is missing is what counts.
      this.alarm('SweepMissing', swept(metricNames.openReveals, Stats.SAMPLE_COUNT), {
        comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
        evaluationPeriods: 3,
        treatMissingData: TreatMissingData.BREACHING,
      }),
      this.alarm('SweepFailing', sweep.metricErrors({ period: sweepEvery }), { evaluationPeriods: 3 }),
      this.alarm('Unhealed', swept(metricNames.unhealedReveals, Stats.SUM), { evaluationPeriods: 3 }),
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
