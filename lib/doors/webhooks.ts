import { type CfnRule, Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import { eventSource } from '../../lambdas/contract.ts';
import { DeliverHandler } from '../handlers/deliver.ts';
import { isImported } from '../other-relays.ts';
import type { RelayParts } from '../relay-parts.ts';
import { WebhookQueue } from '../stores/webhook-queue.ts';
import { WebhookSecret } from '../stores/webhook-secret.ts';
import type { CheckedWebhook, Receiver } from '../webhook-receivers.ts';

/**
 * Tells receivers what the relay says on the bus. Each has a rule, a queue and dead letters of its own; one function delivers for all. API
 * destinations of EventBridge would wait five seconds for an answer, sign nothing, and send what was in the event when it was published.
 */
export class Webhooks extends Construct {
  readonly receivers: readonly Receiver[];
  readonly handler: DeliverHandler;

  constructor(scope: Construct, id: string, parts: RelayParts, webhooks: readonly CheckedWebhook[]) {
    super(scope, id);
    this.receivers = webhooks.map((webhook) => this.#receiver(webhook, parts));
    this.handler = new DeliverHandler(this, 'Deliver', parts, this.receivers);
  }

  #receiver(webhook: CheckedWebhook, { eventBus, settings, platform }: RelayParts): Receiver {
    const { name, events } = webhook;
    const its = new Construct(this, name);
    const { queue, deadLetters } = new WebhookQueue(its, 'Messages', platform);
    const rule = new Rule(its, 'Rule', {
      description: 'Queues what a receiver of webhooks is to be told of contact reveals',
      eventBus,
      eventPattern: {
        source: [eventSource],
        detailType: [...events],
        // On a shared bus, what this relay says and no other.
        ...(settings.relayName !== undefined && { detail: { relay: [settings.relayName] } }),
      },
      targets: [new SqsQueue(queue, { deadLetterQueue: deadLetters })],
    });
    if (isImported(eventBus)) (rule.node.defaultChild as CfnRule).eventBusName = eventBus.eventBusArn;
    return {
      ...webhook,
      rule,
      queue,
      deadLetters,
      secret: webhook.secret ?? new WebhookSecret(its, 'Secret', platform),
    };
  }
}
