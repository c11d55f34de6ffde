import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { grantOnExecutions } from '../permissions/execution-access.ts';
import type { PartsWithWorkflow } from '../relay-parts.ts';
import { RevealHandler } from './reveal-handler.ts';

/** What answers the HTTP API. */
export class ApiHandler extends RevealHandler {
  constructor(scope: Construct, id: string, parts: PartsWithWorkflow) {
    const { reveals, pollBudget, stateMachine, eventBus, settings } = parts;
    super(scope, id, parts.platform, {
      handler: 'api',
      description: 'Answers the HTTP API: starts, shows, cancels and erases reveals',
      // API Gateway waits for 30 s.
      timeout: Duration.seconds(29),
      memorySize: 512,
      settings: {
        ...settings,
        revealsTable: reveals.tableName,
        budgetTable: pollBudget.tableName,
        stateMachine: stateMachine.stateMachineArn,
        eventBus: eventBus.eventBusArn,
      },
    });
    reveals.grantItems(
      this,
      'dynamodb:GetItem',
      'dynamodb:BatchGetItem',
      'dynamodb:PutItem',
      'dynamodb:UpdateItem',
      'dynamodb:DeleteItem',
      'dynamodb:Query',
    );
    reveals.grantList(this);
    // Whether a pause that a record tells of is over, and how long what waits will take.
    pollBudget.grantItems(this, 'dynamodb:GetItem');
    stateMachine.grantStartExecution(this);
    grantOnExecutions(this, stateMachine, 'states:StopExecution', 'states:DescribeExecution');
    eventBus.grantPutEventsTo(this);
  }
}
