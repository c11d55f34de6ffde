import { ArnFormat, Stack } from 'aws-cdk-lib';
import { Effect, PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';

/** What Lambda does with a function's role to have it run in a VPC. */
const actions = [
  'ec2:AssignPrivateIpAddresses',
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:UnassignPrivateIpAddresses',
];

/**
 * Lets Lambda, and not the function's own code, make network interfaces with a role.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions
 */
export function letRunInVpc(role: Role): void {
  const resources = ['*'];
  role.addToPolicy(new PolicyStatement({ actions, resources }));
  // The function's own ARN would make it and its policy wait for each other; no other function has the role.
  const functions = Stack.of(role).formatArn({
    service: 'lambda',
    resource: 'function',
    resourceName: '*',
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  const conditions = { ArnLike: { 'lambda:SourceFunctionArn': functions } };
  role.addToPolicy(new PolicyStatement({ effect: Effect.DENY, actions, resources, conditions }));
}
