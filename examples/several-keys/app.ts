import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { addRelayOutputs, RevealRelay } from 'reveal-relay';

const app = new App();
const stack = new Stack(app, 'RevealsOfAllTeams');
const eventBus = new EventBus(stack, 'Bus', { description: 'Requests to the relays, and what they say' });

// The vendor's limits are those of an account. Each account has a key, and each key a relay that keeps within its limits.
const teams = [
  { name: 'sales', pollsPerMinute: 240 },
  { name: 'recruiting', pollsPerMinute: 120, maxCreditsPerDay: 2_000 },
];
for (const { name, ...settings } of teams) {
  const relay = new RevealRelay(stack, name, { name, eventBus, ...settings });
  addRelayOutputs(stack, relay, name);
}

new CfnOutput(stack, 'RequestWith', {
  description: 'Each relay takes the requests that carry its name',
  value: `aws events put-events --entries '[{"EventBusName":"${eventBus.eventBusName}","Source":"crm","DetailType":"Contact Reveal Requested","Detail":"{\\"relay\\":\\"sales\\",\\"linkedinUrl\\":\\"https://www.linkedin.com/in/example\\"}"}]'`,
});
