import { type CfnRule, type IEventBus, Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { type EnvName, envNames, eventTypes } from '../lambdas/contract.ts';
import { isImported } from './other-relays.ts';
import { RevealHandler } from './reveal-handler.ts';
import type { RevealsAccess } from './reveals-access.ts';

export interface RequestRuleProps {
  readonly reveals: RevealsAccess;
  readonly stateMachine: StateMachine;
  readonly eventBus: IEventBus;
  /** Where requests end that come to nothing: malformed ones, and those that could not be started in three attempts. */
  readonly deadLetters: Queue;
  /** The relay's, if it has one: then the rule matches what carries it, and nothing else. */
  readonly name: string | undefined;
  /** What the door answers by: the bus, and the relay's name. */
  readonly announcing: Partial<Record<EnvName, string>>;
  /** How many requests are taken at once; more wait in Lambda's queue. */
  readonly reservedConcurrency: number | undefined;
}

/**
 * `Contact Reveal Requested` on the bus, from whatever source, starts a reveal. Through a handler, not straight into the state
 * machine: a rule cannot name the execution, and would put the whole event into its history.
 */
export class RequestRule extends Construct {
  readonly handler: RevealHandler;
  readonly rule: Rule;

  constructor(scope: Construct, id: string, props: RequestRuleProps) {
    super(scope, id);
    const { reveals, stateMachine, eventBus, deadLetters, name, announcing, reservedConcurrency } = props;
    const request = new RevealHandler(this, 'Request', {
      handler: 'request',
      description: 'Starts the reveals that are requested on the bus',
      environment: {
        [envNames.revealsTable]: reveals.tableName,
        [envNames.stateMachine]: stateMachine.stateMachineArn,
        ...announcing,
        [envNames.deadLetters]: deadLetters.queueUrl,
      },
      reservedConcurrency,
    });
    reveals.grantItems(request, 'dynamodb:GetItem', 'dynamodb:PutItem');
    stateMachine.grantStartExecution(request);
    eventBus.grantPutEventsTo(request);
    deadLetters.grant(request, 'sqs:SendMessage');
    // What the handler throws is a fault that may pass: Lambda waits one minute, then two.
    this.handler = request;
    request.configureAsyncInvoke({ onFailure: new SqsDestination(deadLetters), retryAttempts: 2 });

    this.rule = new Rule(this, 'Rule', {
      description: 'Starts the contact reveals that are requested on the bus',
      eventBus,
      eventPattern: { detailType: [eventTypes.requested], ...(name !== undefined && { detail: { relay: [name] } }) },
      targets: [new LambdaFunction(request, { deadLetterQueue: deadLetters })],
    });
    // Whether an imported bus is of this account may not be known yet. By its name, a rule would land on whatever has that name here.
    if (isImported(eventBus)) (this.rule.node.defaultChild as CfnRule).eventBusName = eventBus.eventBusArn;
  }
}
