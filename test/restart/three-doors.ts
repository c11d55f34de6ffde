import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { eventTypes, outputNames } from '../../lambdas/contract.ts';
import { localClientOptions } from '../../local/services/client-options.ts';
import { LocalStack } from '../../local/template/template.ts';
import { testAssembly } from '../support/assembly.ts';
import type { LocalAddresses } from '../support/local-relay.ts';

/** Starts the reveal of a task, once: nothing is tried again. Rejects unless the relay says that it has been accepted. */
export type Door = (taskId: string) => Promise<void>;

/** The three doors of a relay, as somebody in another process uses them. */
export async function doorsOf({ url, endpointUrl }: LocalAddresses): Promise<Door[]> {
  const { stackName, template } = await testAssembly();
  const outputs = new LocalStack(stackName, template).outputs();
  const options = { ...localClientOptions(endpointUrl), maxAttempts: 1 };
  const byApi: Door = async (taskId) => {
    const response = await fetch(`${url}/reveals`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ taskId }),
    });
    await response.text();
    if (!response.ok) throw new Error(`POST /reveals answered ${response.status}`);
  };
  const byEvent: Door = async (taskId) => {
    const entry = {
      EventBusName: String(outputs[outputNames.eventBus]),
      Source: 'crm',
      DetailType: eventTypes.requested,
      Detail: JSON.stringify({ taskId }),
    };
    const { FailedEntryCount } = await new EventBridgeClient(options).send(new PutEventsCommand({ Entries: [entry] }));
    if (FailedEntryCount !== 0) throw new Error('PutEvents refused the event');
  };
  const byExecution: Door = async (taskId) => {
    const stateMachineArn = String(outputs[outputNames.stateMachine]);
    await new SFNClient(options).send(
      new StartExecutionCommand({ stateMachineArn, input: JSON.stringify({ taskId }) }),
    );
  };
  return [byApi, byEvent, byExecution];
}
