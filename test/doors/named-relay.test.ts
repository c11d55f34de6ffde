import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { App } from 'aws-cdk-lib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventTypes, outputNames } from '../../lambdas/contract.ts';
import { RevealRelayStack } from '../../lib/index.ts';
import { localClientOptions } from '../../local/services/client-options.ts';
import { readAssembly } from '../../local/template/assembly.ts';
import { startTestRelay, type TestRelay } from '../support/relay.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

let test: TestRelay;
beforeAll(async () => {
  const outdir = await temporaryFolder();
  const context = { 'aws:cdk:enable-path-metadata': true, 'aws:cdk:enable-asset-metadata': true };
  const app = new App({ outdir, context });
  new RevealRelayStack(app, 'RevealRelay', { relay: { name: 'sales' } });
  app.synth();
  test = await startTestRelay({ assembly: await readAssembly(outdir) });
});
afterAll(() => test.close());

async function request(detail: Record<string, unknown>): Promise<void> {
  const events = new EventBridgeClient(localClientOptions(test.relay.deployment.endpointUrl));
  const EventBusName = String(test.relay.outputs[outputNames.eventBus]);
  const Entries = [{ EventBusName, Source: 'crm', DetailType: eventTypes.requested, Detail: JSON.stringify(detail) }];
  expect((await events.send(new PutEventsCommand({ Entries }))).FailedEntryCount).toBe(0);
}

it('takes the requests that carry its name and leaves the others, and signs what it announces', async () => {
  for (const taskId of ['for-nobody', 'for-support', 'for-sales']) test.fiber.addTask({ taskId, durationMs: 1 });
  await request({ taskId: 'for-nobody' });
  await request({ taskId: 'for-support', relay: 'support' });
  await request({ taskId: 'for-sales', relay: 'sales' });

  await expect.poll(() => test.relay.record('for-sales')).toMatchObject({ status: 'running' });
  const [machine] = test.relay.deployment.stateMachines;
  const executionArn = String((await test.relay.record('for-sales'))?.executionArn);
  await expect.poll(() => machine?.executions.byName(executionArn.split(':').at(-1) ?? '')).toBeDefined();
  await test.relay.ended(executionArn);

  const announced = test.relay.published.filter(({ source }) => source === 'reveal-relay');
  expect(announced.map((event) => [event['detail-type'], event.detail.relay, event.detail.revealId])).toEqual([
    ['Contact Reveal Completed', 'sales', 'for-sales'],
  ]);
  expect(await test.relay.record('for-nobody')).toBeUndefined();
  expect(await test.relay.record('for-support')).toBeUndefined();
});

it('says whose rejection it is', async () => {
  await request({ relay: 'sales' });
  await expect
    .poll(() => test.relay.published.at(-1))
    .toMatchObject({
      'detail-type': eventTypes.rejected,
      detail: { relay: 'sales', problem: expect.stringContaining('must hold either taskId or linkedinUrl') },
    });
});
