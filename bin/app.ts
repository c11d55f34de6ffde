import { App } from 'aws-cdk-lib';
import { RevealRelayStack } from '../lib/reveal-relay-stack.ts';

const app = new App();

new RevealRelayStack(app, 'RevealRelay', {
  description: 'reveal-relay: waits out Fiber AI contact reveals',
  ...(process.env.CDK_DEFAULT_ACCOUNT && {
    env: { account: process.env.CDK_DEFAULT_ACCOUNT, region: process.env.CDK_DEFAULT_REGION ?? 'us-east-1' },
  }),
});
