import { ArnFormat, Stack } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { physicalName } from '../physical-name.ts';
import type { RelayPlatform } from '../platform/relay-platform.ts';
import type { RelayQueue } from '../stores/relay-queue.ts';

/** A bus of the relay's own: whoever asks for a reveal on it can mean only this relay. */
export class RevealEventBus extends EventBus {
  /** @param deadLetters where events end that EventBridge can no longer encrypt or decrypt, such as with a key that is disabled */
  constructor(scope: Construct, id: string, { encryptionKey }: RelayPlatform, deadLetters: RelayQueue, name?: string) {
    const eventBusName = name ?? physicalName(scope, id);
    super(scope, id, {
      eventBusName,
      description: 'Contact reveals: requests and completions',
      ...(encryptionKey && { kmsKey: encryptionKey, deadLetterQueue: deadLetters }),
    });
    if (encryptionKey) letBusSend(eventBusName, deadLetters);
  }
}

/** By its name, which is known before the bus is made: the queue comes first. */
function letBusSend(eventBusName: string, queue: RelayQueue): void {
  const bus = Stack.of(queue).formatArn({
    service: 'events',
    resource: 'event-bus',
    resourceName: eventBusName,
    arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
  });
  queue.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal('events.amazonaws.com')],
      actions: ['sqs:SendMessage'],
      resources: [queue.queueArn],
      conditions: { ArnEquals: { 'aws:SourceArn': bus } },
    }),
  );
}
