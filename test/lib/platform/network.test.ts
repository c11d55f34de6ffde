import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { SecurityGroup, SubnetType } from 'aws-cdk-lib/aws-ec2';
import { describe, expect, it } from 'vitest';
import { handlerNames } from '../../../lambdas/contract.ts';
import { RevealRelay, type RevealRelayProps } from '../../../lib/index.ts';
import { importedVpc } from '../../support/imported-vpc.ts';
import { type PropsIn, patiently, relayWith, type SynthesisedResource } from '../../support/synthesised.ts';

/** Those of a relay that tells nobody by webhooks. */
const usualHandlers = handlerNames.filter((name) => name !== 'deliver');

const env = { account: '111122223333', region: 'eu-west-1' };
const ofType = (resources: readonly SynthesisedResource[], type: string) =>
  resources.filter(({ Type }) => Type === type);
const networks = (props: PropsIn) => {
  const found = ofType(relayWith(props), 'AWS::Lambda::Function').map(
    ({ Properties }) => Properties.VpcConfig as { SubnetIds: string[]; SecurityGroupIds: unknown[] } | undefined,
  );
  expect(found).toHaveLength(usualHandlers.length);
  return found;
};
const inVpc = (stack: Stack) => ({ vpc: importedVpc(stack) });

describe('a relay in a VPC', patiently, () => {
  it('has all its handlers in the private subnets, and in one security group that lets nobody in', () => {
    const [group, ...more] = ofType(relayWith(inVpc), 'AWS::EC2::SecurityGroup');
    expect(more).toEqual([]);
    expect(group?.Properties).toMatchObject({ SecurityGroupEgress: [{ CidrIp: '0.0.0.0/0', IpProtocol: '-1' }] });
    expect(group?.Properties).not.toHaveProperty('SecurityGroupIngress');
    for (const network of networks(inVpc)) {
      expect(network).toMatchObject({
        SubnetIds: ['subnet-privatea', 'subnet-privateb'],
        SecurityGroupIds: [{ 'Fn::GetAtt': [group?.logicalId, 'GroupId'] }],
      });
    }
  });

  it('takes the subnets and security groups that it is given, and makes none', () => {
    const given = (stack: Stack): RevealRelayProps => ({
      ...inVpc(stack),
      vpcSubnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS, availabilityZones: ['eu-west-1b'] },
      securityGroups: [SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-0123456789abcdef0')],
    });
    expect(ofType(relayWith(given), 'AWS::EC2::SecurityGroup')).toEqual([]);
    for (const network of networks(given)) {
      expect(network).toEqual({ SubnetIds: ['subnet-privateb'], SecurityGroupIds: ['sg-0123456789abcdef0'] });
    }
  });

  it('lets Lambda make network interfaces with each role, before it makes the function, and the code make none', () => {
    const resources = relayWith(inVpc);
    for (const { DependsOn = [] } of ofType(resources, 'AWS::Lambda::Function')) {
      const policies = DependsOn.flatMap((id) => resources.filter((policy) => policy.logicalId === id)).filter(
        ({ Type }) => Type === 'AWS::IAM::Policy',
      );
      const statements = policies.flatMap(
        ({ Properties }) =>
          (Properties.PolicyDocument as { Statement: { Effect: string; Action: unknown }[] }).Statement,
      );
      const onNetworks = statements.filter(({ Action }) => JSON.stringify(Action).includes('ec2:'));
      expect(onNetworks).toEqual([
        expect.objectContaining({ Effect: 'Allow', Resource: '*' }),
        expect.objectContaining({
          Effect: 'Deny',
          Action: onNetworks[0]?.Action,
          Condition: { ArnLike: { 'lambda:SourceFunctionArn': expect.anything() } },
        }),
      ]);
      expect(onNetworks[0]?.Action).toContain('ec2:CreateNetworkInterface');
    }
  });

  it('is warned where its subnets have no way to the internet', () => {
    const app = new App();
    const warnings = (id: string, subnetType: SubnetType) => {
      const stack = new Stack(app, id, { env });
      new RevealRelay(stack, 'Relay', { ...inVpc(stack), vpcSubnets: { subnetType } });
      return Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('isolated subnets'));
    };
    expect(warnings('Isolated', SubnetType.PRIVATE_ISOLATED)).toHaveLength(1);
    expect(warnings('Private', SubnetType.PRIVATE_WITH_EGRESS)).toEqual([]);
  });
});

describe('a relay that is told of a network', patiently, () => {
  it.each<[string, (stack: Stack) => RevealRelayProps]>([
    ['vpcSubnets is given without vpc', () => ({ vpcSubnets: { onePerAz: true } })],
    [
      'securityGroups is given without vpc',
      (stack) => ({ securityGroups: [SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-0123456789abcdef0')] }),
    ],
    ['securityGroups is empty', (stack) => ({ ...inVpc(stack), securityGroups: [] })],
    [
      'vpcSubnets selects public subnets of vpc',
      (stack) => ({ ...inVpc(stack), vpcSubnets: { subnetType: SubnetType.PUBLIC } }),
    ],
  ])('refuses what does not go together, before anything is made: %s', (message, props) => {
    const stack = new Stack(new App(), 'App', { env });
    expect(() => new RevealRelay(stack, 'Relay', props(stack))).toThrow(message);
    expect(stack.node.findChild('Relay').node.children).toEqual([]);
  });

  it('makes nothing of a network unless it is', () => {
    expect(networks({})).toEqual(usualHandlers.map(() => undefined));
    expect(JSON.stringify(relayWith())).not.toContain('ec2:');
  });
});
