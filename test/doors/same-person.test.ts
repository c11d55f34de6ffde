import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { expect, it } from 'vitest';
import { eventTypes, outputNames } from '../../lambdas/contract.ts';
import { localClientOptions } from '../../local/services/client-options.ts';
import { isMore } from '../support/more.ts';
import { startTestRelay } from '../support/relay.ts';
import { allEnded, callApi } from './mixed-starts.ts';

const many = isMore ? 1_000 : 60;
const spellings = [
  'quick-ada',
  'Quick-Ada',
  ' quick-ada ',
  'linkedin.com/in/quick-ada',
  'www.linkedin.com/in/quick-ada/',
  'http://linkedin.com/in/quick-ada',
  'https://linkedin.com/in/quick-ada',
  'https://www.linkedin.com/in/quick-ada',
  'https://www.linkedin.com/in/quick-ada/',
  'https://www.linkedin.com/in/QUICK-ADA',
  'HTTPS://WWW.LINKEDIN.COM/in/quick-ada',
  'https://uk.linkedin.com/in/quick-ada',
  'https://de.linkedin.com/in/quick-ada/',
  'https://www.linkedin.com/in/quick-ada?trk=people',
  'https://www.linkedin.com/in/quick-ada/?originalSubdomain=uk',
  'https://www.linkedin.com/in/quick-ada#about',
  'https://www.linkedin.com/mwlite/in/quick-ada',
  'https://www.linkedin.com/comm/in/quick-ada',
  'https://www.linkedin.com/in/quick%2Dada',
  '<https://www.linkedin.com/in/quick-ada>',
];

it('pays once for a person whom very many ask for at once, in twenty spellings, by request, in batches and on the bus', async () => {
  await using test = await startTestRelay({ httpPort: 0 });
  const { relay, fiber } = test;
  const events = new EventBridgeClient(localClientOptions(relay.deployment.endpointUrl));
  const EventBusName = String(relay.outputs[outputNames.eventBus]);
  const ask = async (n: number): Promise<unknown> => {
    const asked = { linkedinUrl: spellings[n % spellings.length] };
    switch (n % 3) {
      case 0: {
        const { status, body } = await callApi(test, 'POST', '/reveals', asked);
        expect([200, 202]).toContain(status);
        return body.revealId;
      }
      case 1: {
        const { body } = await callApi(test, 'POST', '/reveals/batch', { reveals: [asked, asked] });
        const results = body.results as { reveal: { revealId: string } }[];
        return results[0]?.reveal.revealId === results[1]?.reveal.revealId && results[0]?.reveal.revealId;
      }
      default: {
        const Entries = [
          { EventBusName, Source: 'crm', DetailType: eventTypes.requested, Detail: JSON.stringify(asked) },
        ];
        expect(await events.send(new PutEventsCommand({ Entries }))).toMatchObject({ FailedEntryCount: 0 });
        return undefined;
      }
    }
  };
  const ids = await Promise.all(Array.from({ length: many }, (_, n) => ask(n)));
  events.destroy();
  await allEnded(test);

  const [revealId, ...others] = new Set(ids.filter((id) => id !== undefined));
  expect(others).toEqual([]);
  expect(fiber.stats().starts).toBe(1);
  const record = await relay.record(String(revealId));
  expect(record).toMatchObject({ status: 'completed', generation: 1, startCreditsCharged: 12 });
  const told = relay.published.filter(({ source }) => source === 'reveal-relay');
  expect(told).toMatchObject([{ detail: { revealId } }]);
  expect(JSON.stringify([told, relay.history(String(record?.executionArn)), test.logs])).not.toMatch(/quick.{1,3}ada/i);
});
