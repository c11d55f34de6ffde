import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { expect, it } from 'vitest';
import { eventTypes, outputNames } from '../../lambdas/contract.ts';
import type { PaidTask } from '../../local/fiber/index.ts';
import { localClientOptions } from '../../local/services/client-options.ts';
import { people } from '../reveal/person/profile-spellings.ts';
import { isMore } from '../support/more.ts';
import { startTestRelay, type TestRelay } from '../support/relay.ts';
import { type ApiStart, allEnded, callApi } from './mixed-starts.ts';

const many = isMore ? 1_000 : 240;
const inOneBatch = 10;
const spellings = (people['in:ada-example-1']?.spellings ?? []).slice(-20);

interface BatchBody {
  results: { status: number; reveal: { revealId: string } }[];
}

/** Asks for one and the same person many times at once, a third of the requests through each door that takes people. */
async function askMixed(test: TestRelay) {
  const { relay } = test;
  const events = new EventBridgeClient(localClientOptions(relay.deployment.endpointUrl));
  const entryOf = (linkedinUrl: string) => ({
    EventBusName: String(relay.outputs[outputNames.eventBus]),
    Source: 'crm',
    DetailType: eventTypes.requested,
    Detail: JSON.stringify({ linkedinUrl }),
  });
  const wishes = Array.from({ length: many }, (_, at) => spellings[at % spellings.length] ?? '');
  const api: Promise<ApiStart>[] = [];
  const batches: Promise<ApiStart>[] = [];
  const sent: Promise<unknown>[] = [];
  for (let at = 0; at < wishes.length; at += 3 * inOneBatch) {
    const [first, second, third] = [0, 1, 2].map((part) =>
      wishes.slice(at + part * inOneBatch, at + (part + 1) * inOneBatch),
    );
    for (const linkedinUrl of first ?? []) api.push(callApi(test, 'POST', '/reveals', { linkedinUrl }));
    const reveals = (second ?? []).map((linkedinUrl) => ({ linkedinUrl }));
    if (reveals.length > 0) batches.push(callApi(test, 'POST', '/reveals/batch', { reveals }));
    for (const linkedinUrl of third ?? []) {
      sent.push(events.send(new PutEventsCommand({ Entries: [entryOf(linkedinUrl)] })));
    }
  }
  await Promise.all(sent);
  events.destroy();
  const inBatches = (await Promise.all(batches)).flatMap(({ body }) => (body as unknown as BatchBody).results);
  return { api: await Promise.all(api), inBatches, events: sent.length };
}

it('pays once for one person whom very many ask for at once, in twenty spellings and through every door', async () => {
  const charges: PaidTask[] = [];
  await using test = await startTestRelay({ httpPort: 0, fiber: { onCharge: (paid) => charges.push(paid) } });
  expect(new Set(spellings).size).toBe(20);
  const { api, inBatches, events } = await askMixed(test);
  await allEnded(test);

  expect(api.length + inBatches.length + events).toBe(many);
  for (const { status } of [...api, ...inBatches]) expect([200, 202]).toContain(status);
  const ids = new Set([
    ...api.map(({ body }) => String(body.revealId)),
    ...inBatches.map(({ reveal }) => reveal.revealId),
  ]);
  expect(ids.size).toBe(1);
  const [revealId = ''] = ids;
  expect(charges).toHaveLength(1);
  const [paid] = charges;
  const record = await test.relay.record(revealId);
  expect(record).toMatchObject({ status: 'completed', generation: 1, taskId: paid?.taskId, startCreditsCharged: 12 });
  const told = test.relay.published.filter(({ source }) => source === 'reveal-relay');
  expect(told.map(({ 'detail-type': type, detail }) => [type, detail.revealId])).toEqual([
    [eventTypes.completed, revealId],
  ]);
  const [machine] = test.relay.deployment.stateMachines;
  expect(machine?.executions.list()).toHaveLength(1);
});
