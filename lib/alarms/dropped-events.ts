import { Fn } from 'aws-cdk-lib';
import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { IEventBus, Rule } from 'aws-cdk-lib/aws-events';
import type { RevealHandler } from '../handlers/reveal-handler.ts';

export interface DroppedEventsProps {
  /** The rule on the relay's bus, and the one on the account's own. */
  readonly rules: { readonly requested: Rule; readonly ended: Rule };
  readonly eventBus: IEventBus;
  /** The functions that the rules invoke. */
  readonly invoked: readonly RevealHandler[];
}

/**
 * What a rule could not deliver, and what neither EventBridge nor Lambda could lay into the dead-letter queue after that.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html
 */
export function droppedEvents({ rules, eventBus, invoked }: DroppedEventsProps): Metric[] {
  // A rule's name is the last part of its ARN, rule/NAME or rule/BUS/NAME. Its reference is that, or bus and name, depending on the bus.
  const named = (rule: Rule, part: number) => ({ RuleName: Fn.select(part, Fn.split('/', rule.ruleArn)) });
  // On the account's own bus it is counted under its name alone, on any other under the name of the bus as well.
  const requested =
    eventBus.eventBusName === 'default'
      ? named(rules.requested, 1)
      : { EventBusName: eventBus.eventBusName, ...named(rules.requested, 2) };
  const ofRules = ['FailedInvocations', 'InvocationsFailedToBeSentToDlq'].flatMap((metricName) =>
    [named(rules.ended, 1), requested].map(
      (dimensionsMap) => new Metric({ namespace: 'AWS/Events', metricName, dimensionsMap, statistic: Stats.SUM }),
    ),
  );
  const ofFunctions = invoked.map((handler) => handler.metric('DestinationDeliveryFailures', { statistic: Stats.SUM }));
  return [...ofRules, ...ofFunctions];
}
