import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { webhookAttempts } from '../../lambdas/contract.ts';
import { handlerTimeout } from '../handlers/reveal-handler.ts';
import type { RelayPlatform } from '../platform/relay-platform.ts';
import { DeadLetterQueue } from './dead-letter-queue.ts';
import { RelayQueue } from './relay-queue.ts';

/** What one receiver is still to be told. It waits for nobody else's: who is slow or gone holds up no other. */
export class WebhookQueue extends Construct {
  readonly queue: RelayQueue;
  /** What could not be delivered, and what was to be told to a receiver that is switched off. */
  readonly deadLetters: DeadLetterQueue;

  constructor(scope: Construct, id: string, platform: RelayPlatform) {
    super(scope, id);
    this.deadLetters = new DeadLetterQueue(this, 'DeadLetters', platform);
    this.queue = new RelayQueue(this, 'Queue', platform, {
      // The waits between attempts take two days, and somebody may switch the handler off for longer.
      retentionPeriod: Duration.days(14),
      // Six times what the handler may take, as Lambda advises. Handlers that end set the wait themselves.
      visibilityTimeout: Duration.seconds(6 * handlerTimeout.toSeconds()),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: webhookAttempts },
    });
  }
}
