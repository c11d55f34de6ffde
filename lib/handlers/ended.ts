import type { Construct } from 'constructs';
import type { RelayParts } from '../relay-parts.ts';
import { RevealHandler } from './reveal-handler.ts';

/** What the rule on executions that ended invokes. */
export class EndedHandler extends RevealHandler {
  constructor(scope: Construct, id: string, parts: RelayParts) {
    const { reveals, eventBus, deadLetters, settings } = parts;
    super(scope, id, parts.platform, {
      handler: 'ended',
      description: 'Settles reveals whose execution was aborted or cut off',
      settings: { ...settings, revealsTable: reveals.tableName, eventBus: eventBus.eventBusArn },
    });
    reveals.grantItems(this, 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem');
    eventBus.grantPutEventsTo(this);
    this.configureAsyncInvoke({ onFailure: deadLetters.destination, retryAttempts: 2 });
  }
}
