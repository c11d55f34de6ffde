import { type IVpc, Vpc } from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';

/** A VPC that is there already, with subnets of every kind in two zones. Asked for again, it is the same. */
export function importedVpc(scope: Construct): IVpc {
  const before = scope.node.tryFindChild('ImportedVpc');
  if (before) return before as unknown as IVpc;
  return Vpc.fromVpcAttributes(scope, 'ImportedVpc', {
    vpcId: 'vpc-0123456789abcdef0',
    availabilityZones: ['eu-west-1a', 'eu-west-1b'],
    publicSubnetIds: ['subnet-publica', 'subnet-publicb'],
    privateSubnetIds: ['subnet-privatea', 'subnet-privateb'],
    isolatedSubnetIds: ['subnet-isolateda', 'subnet-isolatedb'],
  });
}
