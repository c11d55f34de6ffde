import { App, Duration } from 'aws-cdk-lib';
import { ManagedPolicy, PermissionsBoundary } from 'aws-cdk-lib/aws-iam';
import { RevealRelayStack } from 'reveal-relay';

const app = new App();
const region = 'eu-west-1';

// A sandbox account: little is spent, and little is kept.
new RevealRelayStack(app, 'Reveals-dev', {
  env: { account: '111122223333', region },
  relay: { maxCreditsPerDay: 120, retention: Duration.days(7) },
});

const prod = new RevealRelayStack(app, 'Reveals-prod', {
  env: { account: '444455556666', region },
  terminationProtection: true,
  relay: { maxCreditsPerDay: 20_000, retention: Duration.days(90) },
});
// What the company demands of every role, those of the relay's handlers included.
PermissionsBoundary.of(prod).apply(ManagedPolicy.fromManagedPolicyName(prod, 'Boundary', 'company-boundary'));
