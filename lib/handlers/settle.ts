import type { Construct } from 'constructs';
import type { RelayParts } from '../relay-parts.ts';
import { RevealHandler } from './reveal-handler.ts';

/** The states `SettleRevealed` and `SettleNotRevealed`. */
export class SettleHandler extends RevealHandler {
  constructor(scope: Construct, id: string, parts: RelayParts) {
    const { reveals, eventBus, settings } = parts;
    super(scope, id, parts.platform, {
      handler: 'settle',
      description: 'Writes the final record once and announces it',
      settings: { ...settings, revealsTable: reveals.tableName, eventBus: eventBus.eventBusArn },
    });
    reveals.grantItems(this, 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem');
    eventBus.grantPutEventsTo(this);
  }
}
