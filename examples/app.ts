/** The relay in an app of your own, with somebody who listens: `npm run bundle && npx cdk deploy --app 'tsx examples/app.ts'`. */

import { App, Stack } from 'aws-cdk-lib';
import { addRelayOutputs, RevealRelay } from '../lib/index.ts';
import { Subscriber } from './subscriber.ts';

const app = new App();
const stack = new Stack(app, 'RevealRelayExample');
const relay = new RevealRelay(stack, 'Relay');
new Subscriber(stack, 'Subscriber', { relay });
addRelayOutputs(stack, relay);
