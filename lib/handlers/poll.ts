import type { Construct } from 'constructs';
import type { RelayParts } from '../relay-parts.ts';
import { grantApiKey } from '../stores/api-key-access.ts';
import { RevealHandler } from './reveal-handler.ts';

/** The state `Poll`. Beside the sweeper, the only handler that may read the key. */
export class PollHandler extends RevealHandler {
  constructor(scope: Construct, id: string, parts: RelayParts) {
    const { reveals, pollBudget, apiKeySecret, settings, reservedConcurrency } = parts;
    super(scope, id, parts.platform, {
      handler: 'poll',
      description: 'Asks the vendor once and stores what it answers',
      settings: {
        ...settings,
        revealsTable: reveals.tableName,
        budgetTable: pollBudget.tableName,
        apiKeySecret: apiKeySecret.secretArn,
      },
      reservedConcurrency: reservedConcurrency.poll,
    });
    // Takes away the parts of an answer that comes too late to be kept, or that another one replaces.
    reveals.grantItems(this, 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem');
    pollBudget.grantItems(this, 'dynamodb:GetItem', 'dynamodb:UpdateItem');
    grantApiKey(apiKeySecret, this);
  }
}
