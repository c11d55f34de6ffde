import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { metricNames, metricNamespace } from '../contract.ts';

export type MetricName = keyof typeof metricNames;
export type Measure = (figures: { readonly [Name in MetricName]?: number }) => void;

/**
 * What a handler measures: one line in the embedded metric format, which CloudWatch turns into metrics, for all figures that are measured
 * together. Each name is a custom metric that is paid for: docs/decisions.md says why there are as many as there are.
 *
 * @param table the dimension that tells this relay's figures from another's in the same account
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function metrics(table: string, now: () => number): Measure {
  const published = new Metrics({ namespace: metricNamespace, serviceName: table, singleMetric: false });
  return (figures) => {
    for (const [name, value] of Object.entries(figures)) {
      published.addMetric(metricNames[name as MetricName], MetricUnit.Count, value);
    }
    // Lambda takes a line without a level and a time for INFO, and leaves it out where the function's log level is above that. It may leave
    // out what is said; what is measured has to arrive.
    published.addMetadata('level', 'FATAL').addMetadata('timestamp', new Date(now()).toISOString());
    published.publishStoredMetrics();
  };
}
