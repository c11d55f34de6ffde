/** As much of CloudWatch as says whether an alarm of the template goes off. Data is given in periods of the alarm, oldest first. */

export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';
/** One value for each period, or nothing where nobody has published. */
export type Points = readonly (number | undefined)[];

interface MetricStat {
  Metric: { Namespace: string; MetricName: string; Dimensions?: { Name: string; Value: unknown }[] };
  Stat: string;
  Period: number;
}
export interface AlarmProperties {
  AlarmDescription: string;
  Namespace?: string;
  MetricName?: string;
  Statistic?: string;
  Period?: number;
  Dimensions?: { Name: string; Value: unknown }[];
  Metrics?: { Id: string; Expression?: string; MetricStat?: MetricStat; ReturnData?: boolean }[];
  ComparisonOperator: string;
  Threshold: number;
  EvaluationPeriods: number;
  DatapointsToAlarm?: number;
  TreatMissingData: 'missing' | 'ignore' | 'breaching' | 'notBreaching';
}

/** The metrics that an alarm looks at, as `name statistic`, with their dimensions. */
export function metricsOf({ Metrics, Namespace = '', MetricName = '', Statistic = '', Dimensions }: AlarmProperties) {
  if (!Metrics) return [{ id: 'm', namespace: Namespace, metric: `${MetricName} ${Statistic}`, Dimensions }];
  return Metrics.flatMap(({ Id, MetricStat }) =>
    MetricStat
      ? [
          {
            id: Id,
            namespace: MetricStat.Metric.Namespace,
            metric: `${MetricStat.Metric.MetricName} ${MetricStat.Stat}`,
            Dimensions: MetricStat.Metric.Dimensions,
          },
        ]
      : [],
  );
}

/**
 * @param dataOf the points of a metric, as `name statistic`
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 */
export function stateOf(
  alarm: AlarmProperties,
  dataOf: (metric: string) => Points,
  before: AlarmState = 'INSUFFICIENT_DATA',
): AlarmState {
  const periods = alarm.EvaluationPeriods;
  const points = valuesOf(alarm, dataOf).slice(-periods);
  if (points.every((point) => point === undefined)) {
    if (alarm.TreatMissingData === 'ignore') return before;
    if (alarm.TreatMissingData === 'missing') return 'INSUFFICIENT_DATA';
  }
  if (alarm.ComparisonOperator !== 'GreaterThanOrEqualToThreshold') throw new Error(alarm.ComparisonOperator);
  const isBreaching = (point: number | undefined) =>
    point === undefined ? alarm.TreatMissingData === 'breaching' : point >= alarm.Threshold;
  return points.filter(isBreaching).length >= (alarm.DatapointsToAlarm ?? periods) ? 'ALARM' : 'OK';
}

function valuesOf(alarm: AlarmProperties, dataOf: (metric: string) => Points): Points {
  const series = metricsOf(alarm).map(({ id, metric }) => ({ id, points: dataOf(metric) }));
  const [first] = series;
  const expression = alarm.Metrics?.find(({ Expression }) => Expression)?.Expression;
  if (!expression) return first?.points ?? [];
  return (first?.points ?? []).map((_, at) => valueAt(expression, series, at));
}

/** The value of an expression of metric math in one period. A function fills in only for metrics that have data at all. */
function valueAt(expression: string, series: { id: string; points: Points }[], at: number): number | undefined {
  const hasData = series.some(({ points }) => points.some((point) => point !== undefined));
  if (!hasData) return undefined;
  if (expression === 'SUM(METRICS())') return series.reduce((sum, { points }) => sum + (points[at] ?? 0), 0);
  const filled = expression.includes('FILL(');
  if (!filled && series.some(({ points }) => points[at] === undefined)) return undefined;
  const inPeriod = series.reduce(
    (code, { id }) => code.replaceAll(new RegExp(`\\b${id}\\b`, 'g'), `${id}[at]`),
    expression.replaceAll(' AND ', ' && ').replaceAll('RUNNING_SUM(', 'RUNNING_SUM((at) => '),
  );
  const functions = {
    FILL: (value: number | undefined, by: number) => value ?? by,
    IF: (condition: boolean, then: number, or: number) => (condition ? then : or),
    RUNNING_SUM: (value: (period: number) => number) =>
      Array.from({ length: at + 1 }, (_, period) => value(period)).reduce((sum, one) => sum + one, 0),
  };
  const names = [...Object.keys(functions), ...series.map(({ id }) => id), 'at'];
  const values = [...Object.values(functions), ...series.map(({ points }) => points), at];
  return new Function(...names, `return ${inPeriod};`)(...values) as number;
}
