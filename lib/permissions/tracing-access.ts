import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import { acknowledgeWildcard } from './acknowledge-wildcard.ts';

/**
 * What Step Functions does with X-Ray in the name of a role. For a handler CDK adds it.
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/xray-iam.html
 */
export function letTrace(role: Role): void {
  role.addToPolicy(
    new PolicyStatement({
      actions: [
        'xray:PutTraceSegments',
        'xray:PutTelemetryRecords',
        'xray:GetSamplingRules',
        'xray:GetSamplingTargets',
      ],
      resources: ['*'],
    }),
  );
  acknowledgeWildcard(role, '*', 'X-Ray takes segments of whatever trace, and has no resource to name.');
}
