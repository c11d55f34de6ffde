import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { startCallSeconds } from '../../lambdas/contract.ts';
import type { RelayParts } from '../relay-parts.ts';
import { grantApiKey } from '../stores/api-key-access.ts';
import { RevealHandler } from './reveal-handler.ts';

/** The state `StartTask`: the only handler that spends. */
export class StartTaskHandler extends RevealHandler {
  constructor(scope: Construct, id: string, parts: RelayParts) {
    const { reveals, pollBudget, apiKeySecret, settings } = parts;
    super(scope, id, parts.platform, {
      handler: 'start-task',
      description: 'Starts a task at the vendor, which costs credits, and keeps what it answers',
      timeout: Duration.seconds(startCallSeconds.handlerLives),
      settings: {
        ...settings,
        revealsTable: reveals.tableName,
        budgetTable: pollBudget.tableName,
        apiKeySecret: apiKeySecret.secretArn,
      },
    });
    reveals.grantItems(this, 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem');
    pollBudget.grantItems(this, 'dynamodb:GetItem', 'dynamodb:UpdateItem');
    grantApiKey(apiKeySecret, this);
  }
}
