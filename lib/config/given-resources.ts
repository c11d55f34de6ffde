import { type ITable, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { type ISecurityGroup, type IVpc, SecurityGroup, Subnet, type SubnetSelection, Vpc } from 'aws-cdk-lib/aws-ec2';
import { EventBus, type IEventBus } from 'aws-cdk-lib/aws-events';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';

/** Resources that are there already, by their name or ARN. */
const isArn = (given: string) => given.startsWith('arn:');

export const givenTable = (given: string, scope: Construct): ITable =>
  isArn(given) ? TableV2.fromTableArn(scope, 'Table', given) : TableV2.fromTableName(scope, 'Table', given);

export const givenBus = (given: string, scope: Construct): IEventBus =>
  isArn(given) ? EventBus.fromEventBusArn(scope, 'Bus', given) : EventBus.fromEventBusName(scope, 'Bus', given);

export const givenSecret = (given: string, scope: Construct): ISecret =>
  isArn(given) ? Secret.fromSecretCompleteArn(scope, 'ApiKey', given) : Secret.fromSecretNameV2(scope, 'ApiKey', given);

export const givenKey = (given: string, scope: Construct): IKey => Key.fromKeyArn(scope, 'EncryptionKey', given);

export const givenTopic = (given: string, scope: Construct): ITopic => Topic.fromTopicArn(scope, 'AlarmTopic', given);

/** CDK's command line looks it up in the account, and keeps what it finds in cdk.context.json. */
export const givenVpc = (vpcId: string, scope: Construct): IVpc => Vpc.fromLookup(scope, 'Vpc', { vpcId });

export const givenSubnets = (given: readonly string[], scope: Construct): SubnetSelection => ({
  subnets: given.map((id) => Subnet.fromSubnetId(scope, id, id)),
});

export const givenGroups = (given: readonly string[], scope: Construct): ISecurityGroup[] =>
  given.map((id) => SecurityGroup.fromSecurityGroupId(scope, id, id));
