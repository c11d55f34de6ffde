import { type IEventBus, Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { envNames, eventTypes } from '../lambdas/contract.ts';
import { RevealHandler } from './reveal-handler.ts';
import type { RevealsTable } from './reveals-table.ts';

export interface RequestRuleProps {
  readonly reveals: RevealsTable;
  readonly stateMachine: StateMachine;
  readonly eventBus: IEventBus;
  /** Where requests end that come to nothing: malformed ones, and those that could not be started in three attempts. */
  readonly deadLetters: Queue;
}

/**
 * `Contact Reveal Requested` on the bus, from whatever source, starts a reveal. Through a handler, not straight into the state
 * machine: a rule cannot name the execution, and would put the whole event into its history.
 */
export class RequestRule extends Construct {
  readonly handler: RevealHandler;
  readonly rule: Rule;

  constructor(scope: Construct, id: string, { reveals, stateMachine, eventBus, deadLetters }: RequestRuleProps) {
    super(scope, id);
    const request = new RevealHandler(this, 'Request', {
      handler: 'request',
      description: 'Starts the reveals that are requested on the bus',
      environment: {
        [envNames.revealsTable]: reveals.tableName,
        [envNames.stateMachine]: stateMachine.stateMachineArn,
        [envNames.eventBus]: eventBus.eventBusName,
        [envNames.deadLetters]: deadLetters.queueUrl,
      },
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
      eventPattern: { detailType: [eventTypes.requested] },
      targets: [new LambdaFunction(request, { deadLetterQueue: deadLetters })],
    });
  }
}
