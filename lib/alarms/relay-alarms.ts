import { Duration } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import {
  Alarm,
  ComparisonOperator,
  type IAlarmAction,
  type IMetric,
  MathExpression,
  Metric,
  Stats,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { metricNames, metricNamespace } from '../../lambdas/contract.ts';
import type { RevealHandler } from '../handlers/reveal-handler.ts';
import type { Receiver } from '../webhook-receivers.ts';
import { type DroppedEventsProps, droppedEvents, lostBy } from './dropped-events.ts';

export interface RelayAlarmsProps extends DroppedEventsProps {
  readonly reveals: ITable;
  readonly deadLetters: Queue;
  readonly receivers: readonly Pick<Receiver, 'deadLetters' | 'rule'>[];
  readonly handlers: readonly RevealHandler[];
  readonly sweep: RevealHandler;
  readonly sweepEvery: Duration;
  readonly stateMachine: StateMachine;
  readonly httpApi: HttpApi;
  readonly topic: ITopic | undefined;
}

/** Where each alarm has a section under its name. */
const operations = 'docs/operations.md';

type AlarmOptions = Partial<ConstructorParameters<typeof Alarm>[2]>;

/**
 * The things that somebody should look at. None goes off while nothing is asked of the relay, nor because it has just been deployed. They
 * notify the relay's `alarmTopic`, and whatever you add: `relay.alarms.all.forEach((alarm) => alarm.addAlarmAction(…))`.
 */
export class RelayAlarms extends Construct {
  readonly all: readonly Alarm[];

  constructor(scope: Construct, id: string, props: RelayAlarmsProps) {
    super(scope, id);
    const { reveals, deadLetters, receivers, eventBus, handlers, sweep, sweepEvery, stateMachine, httpApi } = props;
    // Published under the table's name, so that two relays in one account are told apart.
    const ours = (name: keyof typeof metricNames, statistic: string, period = sweepEvery) =>
      new Metric({
        namespace: metricNamespace,
        metricName: metricNames[name],
        dimensionsMap: { service: reveals.tableName },
        statistic,
        period,
      });
    const twice: AlarmOptions = { evaluationPeriods: 2 };
    const threeTimes: AlarmOptions = { evaluationPeriods: 3 };

    this.all = [
      this.alarm(
        'KeyUnusable',
        'Put a valid API key into the secret: reveals wait for it.',
        ours('waitingForKey', Stats.MAXIMUM),
        twice,
      ),
      this.alarm(
        'OutOfCredits',
        'Top up the account at the vendor: reveals wait for it.',
        ours('waitingForCredits', Stats.MAXIMUM),
        twice,
      ),
      this.alarm(
        'VendorFailing',
        "Look at the vendor's status page: half of the polls get no usable answer.",
        ours('vendorFailures', Stats.AVERAGE),
        { ...twice, threshold: 0.5 },
      ),
      this.alarm(
        'NoResults',
        'See for which reason so many reveals end without a result: npm run reveal -- list.',
        withoutResult(ours),
        { threshold: 20 },
      ),
      this.alarm(
        'UnknownStarts',
        "Look into the vendor's list of tasks: a start was made of which nobody knows whether it was paid for.",
        ours('unknownStarts', Stats.SUM),
      ),
      this.alarm(
        'Backlog',
        'Start fewer reveals, or raise pollsPerMinute if the vendor allows more: they stand in line past their deadline.',
        ours('overdueReveals', Stats.MAXIMUM),
        threeTimes,
      ),
      this.alarm(
        'HandlersThrottled',
        "Ask AWS for more Lambda concurrency: the account's is used up, and reveals are late for it.",
        summed(handlers.map((handler) => handler.metricThrottles())),
        { ...threeTimes, threshold: 10 },
      ),
      this.alarm(
        'HandlerErrors',
        'Run errors_of for the functions: several invocations have failed.',
        summed(handlers.map((handler) => handler.metricErrors())),
        { threshold: 5 },
      ),
      this.alarm(
        'ApiFailing',
        'Run errors_of for the function of the API: callers get answers of 500 and above.',
        httpApi.metricServerError({ statistic: Stats.SUM }),
        { threshold: 5 },
      ),
      this.alarm(
        'EventsDropped',
        "See what the rule's target refuses: an event was not delivered.",
        summed(droppedEvents(props)),
      ),
      this.alarm(
        'DeadLetters',
        'See what came to nothing with npm run redrive -- --dry-run, and send it again.',
        visibleIn(deadLetters),
      ),
      this.alarm(
        'SweepMissing',
        'See whether the schedule of the sweeper is on, and run the sweeper by hand.',
        missed(ours('openReveals', Stats.SAMPLE_COUNT)),
        // There is nothing to say before the first sweep, and nothing new once no sweep is left in the window.
        { evaluationPeriods: 4, datapointsToAlarm: 3, treatMissingData: TreatMissingData.IGNORE },
      ),
      this.alarm(
        'SweepFailing',
        'Run errors_of for the sweeper: it ends with an error.',
        sweep.metricErrors({ period: sweepEvery }),
        threeTimes,
      ),
      this.alarm(
        'Unhealed',
        'Run errors_of for the sweeper: it names the records that cannot be healed.',
        ours('unhealedReveals', Stats.SUM),
        threeTimes,
      ),
      this.alarm(
        'ExecutionsCutOff',
        'See why executions ran for twelve hours, and start their reveals again.',
        stateMachine.metricTimedOut(),
      ),
      ...(receivers.length > 0
        ? [
            this.alarm(
              'WebhooksUndelivered',
              'Have the receiver mended, and send again what it missed with npm run redrive -- --webhook NAME.',
              summed(receivers.flatMap((one) => [visibleIn(one.deadLetters), lostBy(one.rule, eventBus)])),
            ),
          ]
        : []),
    ];
    if (props.topic) this.notify(new SnsAction(props.topic));
  }

  private notify(action: IAlarmAction): void {
    for (const alarm of this.all) {
      alarm.addAlarmAction(action);
      alarm.addOkAction(action);
    }
  }

  private alarm(id: string, whatToDo: string, metric: IMetric, options: AlarmOptions = {}): Alarm {
    return new Alarm(this, id, {
      metric,
      alarmDescription: `${whatToDo} ${operations}#${id.toLowerCase()}`,
      threshold: 1,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
      ...options,
    });
  }
}

type Ours = (name: keyof typeof metricNames, statistic: string, period: Duration) => Metric;

const visibleIn = (queue: Queue) => queue.metricApproximateNumberOfMessagesVisible({ statistic: Stats.MAXIMUM });

/** Percent of the reveals that ended, of five at least: one that the vendor cannot find is no news. */
function withoutResult(ours: Ours): MathExpression {
  const period = Duration.minutes(15);
  return new MathExpression({
    expression: 'IF(count >= 5, 100 * part, 0)',
    usingMetrics: {
      count: ours('endedWithoutResult', Stats.SUM, period),
      part: ours('endedWithoutResult', Stats.AVERAGE, period),
    },
    period,
  });
}

/**
 * 1 for each period without a sweep that has one before it. Missing data alone would go off right after the deployment; and a sweep that is
 * never invoked, is cut off or cannot publish reports no error either, so what is missing is what counts.
 */
function missed(sweeps: Metric): MathExpression {
  return new MathExpression({
    expression: 'IF(RUNNING_SUM(FILL(sweeps, 0)) > 0 AND FILL(sweeps, 0) == 0, 1, 0)',
    usingMetrics: { sweeps },
    period: sweeps.period,
  });
}

/** An alarm takes ten metrics at the most. */
function summed(metrics: readonly IMetric[]): MathExpression {
  return new MathExpression({
    expression: 'SUM(METRICS())',
    usingMetrics: Object.fromEntries(metrics.map((metric, at) => [`m${at}`, metric])),
  });
}
