import { App, Stack, Validations } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { addRelayOutputs, RevealRelay } from 'reveal-relay';
import { HubSpotSubscriber } from './hubspot-subscriber.ts';

const app = new App();
const stack = new Stack(app, 'RevealsToHubSpot');
const relay = new RevealRelay(stack, 'Reveals');
const token = new Secret(stack, 'HubSpotToken', {
  description: 'The token of a private app with crm.objects.contacts.write',
});
Validations.of(token).acknowledge({
  id: 'AwsSolutions-SMG4',
  reason: 'HubSpot has no API to rotate such a token with.',
});
new HubSpotSubscriber(stack, 'HubSpot', { relay, token });
addRelayOutputs(stack, relay);
