import { Annotations } from 'aws-cdk-lib';
import { type ISecurityGroup, type IVpc, SecurityGroup, type SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import type { PlatformProps } from './platform-props.ts';

/** Where in a network the handlers run. */
export interface RelayNetwork {
  readonly vpc: IVpc;
  readonly vpcSubnets?: SubnetSelection;
  readonly securityGroups: ISecurityGroup[];
}

/** @throws Error naming what does not go together, before anything is made */
export function checkNetwork({ vpc, vpcSubnets, securityGroups }: PlatformProps): void {
  if (!vpc) {
    for (const [prop, value] of Object.entries({ vpcSubnets, securityGroups })) {
      if (value) throw new Error(`${prop} is given without vpc: give the vpc it belongs to, or leave ${prop} out.`);
    }
    return;
  }
  if (securityGroups?.length === 0) {
    throw new Error('securityGroups is empty: name one at least, or leave it out, and the relay makes one.');
  }
  const publicIds = new Set(vpc.publicSubnets.map(({ subnetId }) => subnetId));
  const { subnetIds } = vpc.selectSubnets(vpcSubnets);
  if (subnetIds.some((id) => publicIds.has(id))) {
    throw new Error(
      'vpcSubnets selects public subnets of vpc: a function there has no public address, and reaches neither the vendor nor AWS. Select private ones with a NAT gateway: vpcSubnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS }.',
    );
  }
}

/** One security group for all handlers, unless they are given others: it lets nobody in. */
export function relayNetwork(relay: Construct, props: PlatformProps): RelayNetwork | undefined {
  const { vpc, vpcSubnets, securityGroups } = props;
  if (!vpc) return undefined;
  const { subnets, isPendingLookup } = vpc.selectSubnets(vpcSubnets);
  if (!isPendingLookup && subnets.every((subnet) => vpc.isolatedSubnets.includes(subnet))) {
    Annotations.of(relay).addWarningV2(
      'reveal-relay:isolatedSubnets',
      'vpcSubnets selects isolated subnets: the handlers ask the vendor over the internet, and need a way there. See "In a VPC" in docs/operations.md.',
    );
  }
  return {
    vpc,
    ...(vpcSubnets && { vpcSubnets }),
    securityGroups: securityGroups ?? [
      new SecurityGroup(relay, 'SecurityGroup', { vpc, description: 'Handlers of contact reveals' }),
    ],
  };
}
