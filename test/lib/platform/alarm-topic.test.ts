import { App, Stack } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { describe, expect, it } from 'vitest';
import { RevealRelay } from '../../../lib/index.ts';
import { patiently, relayWith, type SynthesisedResource } from '../../support/synthesised.ts';

const topicArn = 'arn:aws:sns:eu-west-1:111122223333:on-call';
const alarms = (resources: readonly SynthesisedResource[]) =>
  resources.filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm').map(({ Properties }) => Properties);

describe('alarmTopic', patiently, () => {
  it('is told of every alarm, when it goes off and when it is over', () => {
    const told = alarms(relayWith((stack) => ({ alarmTopic: Topic.fromTopicArn(stack, 'Topic', topicArn) })));
    expect(told).toHaveLength(alarms(relayWith()).length);
    for (const alarm of told) expect(alarm).toMatchObject({ AlarmActions: [topicArn], OKActions: [topicArn] });
  });

  it('is nobody unless it is given', () => {
    for (const alarm of alarms(relayWith())) expect(alarm.AlarmActions).toBeUndefined();
  });

  it('of another region is refused, as an alarm cannot reach it; of another account it may be', () => {
    const stack = new Stack(new App(), 'App', { env: { account: '111122223333', region: 'eu-west-1' } });
    const topic = (id: string, arn: string) => Topic.fromTopicArn(stack, id, arn);
    const far = topic('Far', 'arn:aws:sns:us-east-1:111122223333:on-call');
    expect(() => new RevealRelay(stack, 'Refused', { alarmTopic: far })).toThrow(
      'alarmTopic is in the region us-east-1, and App/Refused in eu-west-1',
    );
    const central = topic('Central', 'arn:aws:sns:eu-west-1:999988887777:on-call');
    expect(() => new RevealRelay(stack, 'Relay', { alarmTopic: central })).not.toThrow();
  });
});
