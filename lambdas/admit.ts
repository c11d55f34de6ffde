import { RevealsTable } from './aws/reveals-table.ts';
import { sdkClientOptions } from './aws/sdk.ts';
import { envNames, type WorkflowCall } from './contract.ts';
import { dynamoDB } from './runtime/clients.ts';
import { relayHandler } from './runtime/relay-handler.ts';
import { pollBudget } from './runtime/wiring.ts';
import { type Admitting, admit } from './usecases/admit.ts';

/** The state `Admit`. */
export const handler = relayHandler('admit', ({ environment, now }) => {
  const documents = dynamoDB(sdkClientOptions);
  const admitting: Admitting = {
    reveals: new RevealsTable(environment.text(envNames.revealsTable), documents),
    budget: pollBudget(environment, { documents, now }),
    maxWaitMs: environment.positive(envNames.maxWaitSeconds) * 1_000,
    now,
  };
  return (call: WorkflowCall) => admit(call, admitting);
});
