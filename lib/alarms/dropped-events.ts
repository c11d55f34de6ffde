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
  const ended = { RuleName: nameOf(rules.ended, 1) };
  const requested = ruleOnBus(rules.requested, eventBus);
  const ofRules = ['FailedInvocations', lostMetric].flatMap((metricName) =>
    [ended, requested].map((dimensionsMap) => ofEventBridge(metricName, dimensionsMap)),
  );
  const ofFunctions = invoked.map((handler) => handler.metric('DestinationDeliveryFailures', { statistic: Stats.SUM }));
  return [...ofRules, ...ofFunctions];
}

/** What a rule on the relay's bus could neither lay into its target's queue nor into the dead-letter queue of that: it is lost. */
export const lostBy = (rule: Rule, eventBus: IEventBus): Metric => ofEventBridge(lostMetric, ruleOnBus(rule, eventBus));

const lostMetric = 'InvocationsFailedToBeSentToDlq';

const ofEventBridge = (metricName: string, dimensionsMap: Record<string, string>) =>
  new Metric({ namespace: 'AWS/Events', metricName, dimensionsMap, statistic: Stats.SUM });

/** A rule's name is the last part of its ARN, rule/NAME or rule/BUS/NAME. Its reference is that, or bus and name, depending on the bus. */
const nameOf = (rule: Rule, part: number) => Fn.select(part, Fn.split('/', rule.ruleArn));

/** On the account's own bus a rule is counted under its name alone, on any other under the name of the bus as well. */
function ruleOnBus(rule: Rule, { eventBusName }: IEventBus): Record<string, string> {
  if (eventBusName === 'default') return { RuleName: nameOf(rule, 1) };
  return { EventBusName: eventBusName, RuleName: nameOf(rule, 2) };
}
