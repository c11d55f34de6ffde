import { App, Stack } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { addRelayOutputs, RevealRelay } from '../../../lib/index.ts';
import { endedReveals } from './ended-reveals.ts';

const app = new App();
export const stack = new Stack(app, 'Sales');
const relay = new RevealRelay(stack, 'Reveals', {
  webhooks: [{ url: 'https://crm.example.com/reveals', include: 'result' }],
  alarmTopic: Topic.fromTopicArn(stack, 'OnCall', 'arn:aws:sns:eu-west-1:111122223333:on-call'),
  maxCreditsPerDay: 5_000,
});
endedReveals(stack, relay);
addRelayOutputs(stack, relay);
