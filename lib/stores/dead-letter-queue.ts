import { Duration, Validations } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { RelayPlatform } from '../platform/relay-platform.ts';
import { RelayQueue } from './relay-queue.ts';

/** Events that came to nothing, for two weeks: long enough to notice, to mend what was wrong, and to send them again. */
export class DeadLetterQueue extends RelayQueue {
  constructor(scope: Construct, id: string, platform: RelayPlatform, queueName?: string) {
    super(scope, id, platform, {
      ...(queueName !== undefined && { queueName }),
      retentionPeriod: Duration.days(14),
      // What SQS takes at most, and no less than an event may have.
      maxMessageSizeBytes: 1024 * 1024,
    });
    Validations.of(this).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason: 'This is the dead-letter queue.',
    });
  }
}
