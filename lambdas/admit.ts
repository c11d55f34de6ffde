import { PaidStarts } from './aws/reveals/paid-starts.ts';
import { RevealsTable } from './aws/reveals/reveals-table.ts';
import { sdkClientOptions } from './aws/sdk.ts';
import type { WorkflowCall } from './contract.ts';
import { dynamoDB } from './runtime/clients.ts';
import { relayHandler } from './runtime/relay-handler.ts';
import { pollBudget } from './runtime/wiring.ts';
import { type Admitting, admit } from './usecases/workflow/admit.ts';

/** The state `Admit`. */
export const handler = relayHandler('admit', ({ settings, now }) => {
  const documents = dynamoDB(sdkClientOptions);
  const admitting: Admitting = {
    reveals: new RevealsTable(settings.revealsTable, documents),
    starts: new PaidStarts(settings.revealsTable, documents),
    retentionDays: settings.retentionDays,
    budget: pollBudget(settings, { documents, now }),
    maxWaitMs: settings.maxWaitSeconds * 1_000,
    now,
  };
  return (call: WorkflowCall) => admit(call, admitting);
});
