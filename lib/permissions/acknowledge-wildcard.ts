import { Stack, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * Acknowledges one resource with a wildcard in the permissions of a construct. Each is a finding by itself, named after the resource
 * as the template writes it, so that the acknowledgement of one covers no other.
 * @see https://github.com/cdklabs/cdk-nag#suppressing-a-rule
 */
export function acknowledgeWildcard(construct: IConstruct, arn: string, reason: string): void {
  const resource = flattened(Stack.of(construct).resolve(arn));
  Validations.of(construct).acknowledge({ id: `AwsSolutions-IAM5[Resource::${resource}]`, reason });
}

type Part = string | { Ref: string } | { 'Fn::GetAtt': [string, string] } | { 'Fn::Join': [string, Part[]] };

function flattened(part: Part): string {
  if (typeof part === 'string') return part;
  if ('Ref' in part) return `<${part.Ref}>`;
  if ('Fn::GetAtt' in part) return `<${part['Fn::GetAtt'].join('.')}>`;
  return part['Fn::Join'][1].map(flattened).join(part['Fn::Join'][0]);
}
