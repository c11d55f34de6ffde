import { DeadLetters } from './aws/dead-letters.ts';
import { Executions } from './aws/executions.ts';
import { RevealsTable } from './aws/reveals-table.ts';
import { burstClientOptions, sdkClientOptions } from './aws/sdk.ts';
import { envNames } from './contract.ts';
import { dynamoDB, eventBridge, sqs, stepFunctions } from './runtime/clients.ts';
import { relayHandler } from './runtime/relay-handler.ts';
import { revealBus } from './runtime/wiring.ts';
import { type Receiving, receiveRequest } from './usecases/receive-request.ts';
import { RevealStarter } from './usecases/start.ts';

/** The rule on `Contact Reveal Requested`. */
export const handler = relayHandler('request', ({ environment, now }) => {
  const reveals = new RevealsTable(environment.text(envNames.revealsTable), dynamoDB(burstClientOptions));
  const executions = new Executions(environment.text(envNames.stateMachine), stepFunctions(burstClientOptions));
  const receiving: Receiving = {
    starter: new RevealStarter({ reveals, executions, now }),
    bus: revealBus(environment, eventBridge(sdkClientOptions)),
    relayName: environment.optional(envNames.relayName),
    deadLetters: new DeadLetters(environment.text(envNames.deadLetters), sqs(sdkClientOptions)),
  };
  return (event: unknown) => receiveRequest(event, receiving);
});
