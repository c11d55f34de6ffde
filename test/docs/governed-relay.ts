import { App, Stack } from 'aws-cdk-lib';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { ManagedPolicy, PermissionsBoundary } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { RevealRelay } from '../../lib/index.ts';

const app = new App();
export const stack = new Stack(app, 'Governed', { env: { account: '111122223333', region: 'eu-west-1' } });
new RevealRelay(stack, 'Reveals', {
  encryptionKey: new Key(stack, 'Key', { enableKeyRotation: true }),
  vpc: new Vpc(stack, 'Vpc', { availabilityZones: ['eu-west-1a', 'eu-west-1b'] }),
  logRetention: RetentionDays.ONE_YEAR,
  alarmTopic: Topic.fromTopicArn(stack, 'OnCall', 'arn:aws:sns:eu-west-1:111122223333:on-call'),
});
PermissionsBoundary.of(stack).apply(ManagedPolicy.fromManagedPolicyName(stack, 'Boundary', 'developer-boundary'));
