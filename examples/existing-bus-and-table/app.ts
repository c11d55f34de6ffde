import { App, Stack } from 'aws-cdk-lib';
import { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { addRelayOutputs, RevealRelay } from 'reveal-relay';

const app = new App();
const stack = new Stack(app, 'Reveals', { env: { account: '111122223333', region: 'eu-west-1' } });

const relay = new RevealRelay(stack, 'Relay', {
  // On a bus that others use too, the relay takes only the requests that carry its name.
  name: 'sales',
  eventBus: EventBus.fromEventBusName(stack, 'Bus', 'company'),
  // Such as one that an earlier stack has left behind: its keys and indexes are in docs/operations.md.
  table: TableV2.fromTableName(stack, 'Table', 'contact-reveals'),
  apiKeySecret: Secret.fromSecretNameV2(stack, 'Key', 'fiber-ai/api-key'),
});
addRelayOutputs(stack, relay);
