import { type CfnRule, Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import { eventTypes } from '../../lambdas/contract.ts';
import { RequestHandler } from '../handlers/request.ts';
import { isImported } from '../other-relays.ts';
import type { PartsWithWorkflow } from '../relay-parts.ts';

/**
 * `Contact Reveal Requested` on the bus, from whatever source, starts a reveal. Through a handler, not straight into the state
 * machine: a rule cannot name the execution, and would put the whole event into its history.
 */
export class RequestRule extends Construct {
  readonly handler: RequestHandler;
  readonly rule: Rule;

  constructor(scope: Construct, id: string, parts: PartsWithWorkflow) {
    super(scope, id);
    const { eventBus, deadLetters, settings } = parts;
    this.handler = new RequestHandler(this, 'Request', parts);

    this.rule = new Rule(this, 'Rule', {
      description: 'Starts the contact reveals that are requested on the bus',
      eventBus,
      // A relay with a name takes what carries it, and nothing else.
      eventPattern: {
        detailType: [eventTypes.requested],
        ...(settings.relayName !== undefined && { detail: { relay: [settings.relayName] } }),
      },
      targets: [new LambdaFunction(this.handler, { deadLetterQueue: deadLetters })],
    });
    // Whether an imported bus is of this account may not be known yet. By its name, a rule would land on whatever has that name here.
    if (isImported(eventBus)) (this.rule.node.defaultChild as CfnRule).eventBusName = eventBus.eventBusArn;
  }
}
