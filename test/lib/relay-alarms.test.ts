import { beforeAll, expect, it } from 'vitest';
import { metricNamespace, outputNames } from '../../lambdas/contract.ts';
import type { CloudFormationTemplate } from '../../local/template.ts';
import { testAssembly } from '../support/assembly.ts';

interface AlarmProperties {
  Namespace: string;
  MetricName: string;
  Statistic: string;
  Dimensions: { Name: string; Value: unknown }[];
  TreatMissingData: string;
  ComparisonOperator: string;
  Threshold: number;
  EvaluationPeriods: number;
  Period: number;
}

let template: CloudFormationTemplate;
let alarms: AlarmProperties[];
beforeAll(async () => {
  ({ template } = await testAssembly());
  alarms = Object.values(template.Resources)
    .filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm')
    .map(({ Properties }) => Properties as unknown as AlarmProperties);
});

it('goes off when the sweeper has not reported for a quarter of an hour, whatever the reason', () => {
  expect(alarms.find(({ MetricName }) => MetricName === 'OpenReveals')).toMatchObject({
    Namespace: metricNamespace,
    Statistic: 'SampleCount',
    ComparisonOperator: 'LessThanThreshold',
    Threshold: 1,
    TreatMissingData: 'breaching',
    EvaluationPeriods: 3,
    Period: 300,
  });
});

it('tells one relay from another by the name of its table, in every figure of its own', () => {
  const ours = alarms.filter(({ Namespace }) => Namespace === metricNamespace);
  expect(ours.length).toBeGreaterThan(1);
  const table = template.Outputs?.[outputNames.revealsTable]?.Value;
  for (const { Dimensions } of ours) expect(Dimensions).toEqual([{ Name: 'service', Value: table }]);
});
