import type { Construct } from 'constructs';
import type { RelayParts } from '../relay-parts.ts';
import { RevealHandler } from './reveal-handler.ts';

/** The state `Admit`. */
export class AdmitHandler extends RevealHandler {
  constructor(scope: Construct, id: string, parts: RelayParts) {
    const { reveals, pollBudget, settings } = parts;
    super(scope, id, parts.platform, {
      handler: 'admit',
      description: 'Validates a request and claims its record',
      settings: { ...settings, revealsTable: reveals.tableName, budgetTable: pollBudget.tableName },
    });
    reveals.grantItems(this, 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem');
    pollBudget.grantItems(this, 'dynamodb:GetItem', 'dynamodb:UpdateItem');
  }
}
