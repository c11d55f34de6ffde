import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { eventTypes, outputNames } from '../../lambdas/contract.ts';
import { localClientOptions } from '../../local/services/client-options.ts';
import type { TestRelay } from '../support/relay.ts';

/** What a caller of the HTTP API got. */
export interface ApiStart {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface MixedStarts {
  readonly api: readonly ApiStart[];
  /** ARNs of the executions that were started directly. */
  readonly executions: readonly string[];
}

/** Calls the HTTP API of a relay that was started with `httpPort: 0`. */
export async function callApi({ relay }: TestRelay, method: string, path: string, body?: object): Promise<ApiStart> {
  const response = await fetch(`${relay.deployment.httpUrl}${path}`, {
    method,
    ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as ApiStart['body'] };
}

/** Starts one and the same reveal many times at once, a third of them through each door. Resolves when all have been accepted. */
export async function startMixed(test: TestRelay, taskId: string, count: number): Promise<MixedStarts> {
  const { relay } = test;
  const events = new EventBridgeClient(localClientOptions(relay.deployment.endpointUrl));
  const entry = {
    EventBusName: String(relay.outputs[outputNames.eventBus]),
    Source: 'crm',
    DetailType: eventTypes.requested,
    Detail: JSON.stringify({ taskId }),
  };
  const api: Promise<ApiStart>[] = [];
  const executions: Promise<string>[] = [];
  const sent: Promise<unknown>[] = [];
  for (let n = 0; n < count; n += 1) {
    if (n % 3 === 0) api.push(callApi(test, 'POST', '/reveals', { taskId }));
    else if (n % 3 === 1) executions.push(relay.startReveal({ taskId }));
    else sent.push(events.send(new PutEventsCommand({ Entries: [entry] })));
  }
  await Promise.all(sent);
  events.destroy();
  return { api: await Promise.all(api), executions: await Promise.all(executions) };
}

/** Lets time pass until every execution has ended, those that events have started included. */
export async function allEnded({ relay }: TestRelay): Promise<void> {
  const [machine] = relay.deployment.stateMachines;
  const running = () => machine?.executions.list('RUNNING') ?? [];
  while (running().length > 0) await Promise.all(running().map(({ arn }) => relay.ended(arn)));
}

/** The executions that have polled for a task, and those that ended because somebody else does. */
export function rolesOf({ relay }: TestRelay, taskId: string): { polling: string[]; attached: string[] } {
  const [machine] = relay.deployment.stateMachines;
  const ours = (machine?.executions.list() ?? []).filter(({ input }) =>
    Object.values(JSON.parse(input)).includes(taskId),
  );
  const entered = (state: string) =>
    ours
      .filter(({ arn }) => relay.history(arn).some(({ state: entered }) => entered?.name === state))
      .map(({ arn }) => arn);
  return { polling: entered('Poll'), attached: entered('AlreadyTracked') };
}
