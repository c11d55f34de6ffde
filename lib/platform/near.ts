import { type IResource, Stack, Token, TokenComparison } from 'aws-cdk-lib';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';

/** CloudWatch notifies topics of the alarm's own region. @throws Error saying what to do instead */
export function checkTopicIsNear(relay: Construct, topic: ITopic): void {
  const elsewhere = otherRegion(relay, topic);
  if (elsewhere === undefined) return;
  throw new Error(
    `alarmTopic is in the region ${elsewhere}, and ${relay.node.path} in ${Stack.of(relay).region}: an alarm notifies a topic of its own region. Make one there, and have it notify whom it should.`,
  );
}

/** The region of a resource, where it is known to be another one than that of the relay. */
export function otherRegion(relay: Construct, resource: IResource): string | undefined {
  const { region } = resource.env;
  return Token.compareStrings(region, Stack.of(relay).region) === TokenComparison.DIFFERENT ? region : undefined;
}
