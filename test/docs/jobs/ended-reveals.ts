import type { Stack } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import type { RevealRelay } from '../../../lib/index.ts';

/** Keeps how reveals ended until a program of yours takes it from there. */
export function endedReveals(stack: Stack, relay: RevealRelay): Queue {
  const queue = new Queue(stack, 'EndedReveals', { enforceSSL: true });
  new Rule(stack, 'RevealEnded', {
    eventBus: relay.eventBus,
    eventPattern: { source: ['reveal-relay'], detailType: ['Contact Reveal Completed', 'Contact Reveal Failed'] },
    targets: [new SqsQueue(queue)],
  });
  return queue;
}
