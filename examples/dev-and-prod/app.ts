import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { ManagedPolicy, PermissionsBoundary } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { addRelayOutputs, RevealRelay, RevealRelayStack } from 'reveal-relay';

const app = new App();
const region = 'eu-west-1';

// A sandbox account: little is spent, and nothing is kept.
new RevealRelayStack(app, 'Reveals-dev', {
  env: { account: '111122223333', region },
  relay: { maxCreditsPerDay: 120, retention: Duration.days(7), removalPolicy: RemovalPolicy.DESTROY },
});

// The same, in a stack that has parts of its own for the relay.
const prod = new Stack(app, 'Reveals-prod', {
  env: { account: '444455556666', region },
  terminationProtection: true,
});
const relay = new RevealRelay(prod, 'Relay', {
  maxCreditsPerDay: 20_000,
  retention: Duration.days(90),
  encryptionKey: new Key(prod, 'Key', { description: 'Encrypts what the relay keeps', enableKeyRotation: true }),
  // Whoever is on call hears of it.
  alarmTopic: Topic.fromTopicArn(prod, 'OnCall', `arn:aws:sns:${region}:444455556666:on-call`),
});
addRelayOutputs(prod, relay);
// What the company demands of every role, those of the relay's handlers included.
PermissionsBoundary.of(prod).apply(ManagedPolicy.fromManagedPolicyName(prod, 'Boundary', 'company-boundary'));
