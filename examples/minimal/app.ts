import { App, Duration, Stack } from 'aws-cdk-lib';
import { addRelayOutputs, RevealRelay } from 'reveal-relay';

const app = new App();
const stack = new Stack(app, 'Sales');
const relay = new RevealRelay(stack, 'Reveals', { maxWait: Duration.minutes(20) });
addRelayOutputs(stack, relay);
// relay.stateMachine, relay.eventBus, relay.reveals and relay.apiKeySecret are yours to grant, to subscribe to and to alarm on.
// All settings, with their units and defaults: docs/settings.md.
