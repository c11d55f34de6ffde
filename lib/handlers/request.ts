import type { Construct } from 'constructs';
import type { PartsWithWorkflow } from '../relay-parts.ts';
import { RevealHandler } from './reveal-handler.ts';

/** What the rule on requests invokes. */
export class RequestHandler extends RevealHandler {
  constructor(scope: Construct, id: string, parts: PartsWithWorkflow) {
    const { reveals, stateMachine, eventBus, deadLetters, settings, reservedConcurrency } = parts;
    super(scope, id, parts.platform, {
      handler: 'request',
      description: 'Starts the reveals that are requested on the bus',
      settings: {
        ...settings,
        revealsTable: reveals.tableName,
        stateMachine: stateMachine.stateMachineArn,
        eventBus: eventBus.eventBusArn,
        deadLetters: deadLetters.queueUrl,
      },
      reservedConcurrency: reservedConcurrency.request,
    });
    // Updates put the salt, once; the list says whether it has been lost. What is kept beside a record that is erased meanwhile goes again.
    reveals.grantItems(this, 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem');
    reveals.grantList(this);
    stateMachine.grantStartExecution(this);
    eventBus.grantPutEventsTo(this);
    deadLetters.grantSend(this);
    // What the handler throws is a fault that may pass: Lambda waits one minute, then two.
    this.configureAsyncInvoke({ onFailure: deadLetters.destination, retryAttempts: 2 });
  }
}
