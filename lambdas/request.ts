import { DeadLetters } from './aws/dead-letters.ts';
import { Executions } from './aws/executions.ts';
import { RelayItem } from './aws/relay-item.ts';
import { ListMembers } from './aws/reveals/list-members.ts';
import { RevealsTable } from './aws/reveals/reveals-table.ts';
import { burstClientOptions, sdkClientOptions } from './aws/sdk.ts';
import { dynamoDB, eventBridge, sqs, stepFunctions } from './runtime/clients.ts';
import { relayHandler } from './runtime/relay-handler.ts';
import { revealBus } from './runtime/wiring.ts';
import { type Receiving, receiveRequest } from './usecases/starting/receive-request.ts';
import { RevealStarter } from './usecases/starting/start.ts';

/** The rule on `Contact Reveal Requested`. */
export const handler = relayHandler('request', ({ settings, now }) => {
  const documents = dynamoDB(burstClientOptions);
  const reveals = new RevealsTable(settings.revealsTable, documents);
  const relay = new RelayItem(settings.revealsTable, { documents, now });
  const executions = new Executions(settings.stateMachine, stepFunctions(burstClientOptions));
  const { retentionDays } = settings;
  const lists = new ListMembers(settings.revealsTable, { documents, now, retentionDays });
  const receiving: Receiving = {
    starter: new RevealStarter({ reveals, executions, relay, lists, now }),
    bus: revealBus(settings, eventBridge(sdkClientOptions)),
    relayName: settings.relayName,
    deadLetters: new DeadLetters(settings.deadLetters, sqs(sdkClientOptions)),
  };
  return (event: unknown) => receiveRequest(event, receiving);
});
