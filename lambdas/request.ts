import { DeadLetters } from './aws/dead-letters.ts';
import type { RevealBus } from './aws/event-bus.ts';
import { Executions } from './aws/executions.ts';
import { RevealsTable } from './aws/reveals-table.ts';
import { burstClientOptions, sdkClientOptions } from './aws/sdk.ts';
import { envNames } from './contract.ts';
import { readRequested, rejectionOf } from './reveal/events/requested.ts';
import { dynamoDB, eventBridge, sqs, stepFunctions } from './runtime/clients.ts';
import { relayHandler } from './runtime/relay-handler.ts';
import { revealBus } from './runtime/wiring.ts';
import { Door } from './usecases/start.ts';

interface Receiving {
  door: Pick<Door, 'enter'>;
  bus: Pick<RevealBus, 'publish'>;
  deadLetters: Pick<DeadLetters, 'put'>;
  relayName: string | undefined;
}

/**
 * The rule on `Contact Reveal Requested`: starts the reveal, or says on the bus why it cannot and lays the request down. A fault of
 * ours is thrown: Lambda tries again, twice, and then lays the event into the same queue.
 */
async function receiveRequest(event: unknown, { door, bus, deadLetters, relayName }: Receiving): Promise<void> {
  const requested = readRequested(event, relayName);
  if (!requested) return deadLetters.put(event, { errorType: 'RequestRejected', errorMessage: 'This is no event.' });
  const { eventId, request } = requested;
  if (request.ok) {
    await door.enter(request.value, `event:${eventId}`);
    return;
  }
  const rejection = rejectionOf(requested, request.problem);
  await bus.publish(rejection);
  await deadLetters.put(event, { errorType: 'RequestRejected', errorMessage: rejection.detail.problem });
}

export const handler = relayHandler('request', ({ environment, now }) => {
  const reveals = new RevealsTable(environment.text(envNames.revealsTable), dynamoDB(burstClientOptions));
  const executions = new Executions(environment.text(envNames.stateMachine), stepFunctions(burstClientOptions));
  const receiving: Receiving = {
    door: new Door({ reveals, executions, now }),
    bus: revealBus(environment, eventBridge(sdkClientOptions)),
    relayName: environment.optional(envNames.relayName),
    deadLetters: new DeadLetters(environment.text(envNames.deadLetters), sqs(sdkClientOptions)),
  };
  return (event: unknown) => receiveRequest(event, receiving);
});
