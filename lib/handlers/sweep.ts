import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { grantOnExecutions } from '../permissions/execution-access.ts';
import type { PartsWithWorkflow } from '../relay-parts.ts';
import { grantApiKey } from '../stores/api-key-access.ts';
import { RevealHandler } from './reveal-handler.ts';

export const sweepEvery = Duration.minutes(5);

/** What the schedule invokes: finds what was left undone, and does it. */
export class SweepHandler extends RevealHandler {
  constructor(scope: Construct, id: string, parts: PartsWithWorkflow) {
    const { reveals, pollBudget, stateMachine, eventBus, apiKeySecret, settings } = parts;
    super(scope, id, parts.platform, {
      handler: 'sweep',
      description: 'Finds what was left undone, and does it',
      // It stops by itself after a minute and a half, in the middle of nothing.
      timeout: Duration.minutes(2),
      settings: {
        ...settings,
        revealsTable: reveals.tableName,
        budgetTable: pollBudget.tableName,
        stateMachine: stateMachine.stateMachineArn,
        eventBus: eventBus.eventBusArn,
        apiKeySecret: apiKeySecret.secretArn,
      },
    });
    reveals.grantItems(
      this,
      'dynamodb:BatchGetItem',
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:UpdateItem',
      'dynamodb:DeleteItem',
    );
    reveals.grantOpen(this);
    pollBudget.grantItems(this, 'dynamodb:GetItem', 'dynamodb:UpdateItem');
    grantApiKey(apiKeySecret, this);
    eventBus.grantPutEventsTo(this);
    stateMachine.grantStartExecution(this);
    grantOnExecutions(this, stateMachine, 'states:DescribeExecution');
    // The next sweep does what this one did not. Lambda would keep one that is throttled for six hours, and then start all of them at once.
    this.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: sweepEvery });
  }
}
