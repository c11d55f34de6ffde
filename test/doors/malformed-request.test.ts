import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { expect, it } from 'vitest';
import { eventTypes, outputNames } from '../../lambdas/contract.ts';
import { localClientOptions } from '../../local/services/client-options.ts';
import { startTestRelay } from '../support/relay.ts';

it('answers a malformed request on the bus with why it was rejected, and puts it with the dead letters', async () => {
  await using test = await startTestRelay();
  const { relay } = test;
  const events = new EventBridgeClient(localClientOptions(relay.deployment.endpointUrl));
  const entry = {
    EventBusName: String(relay.outputs[outputNames.eventBus]),
    Source: 'crm',
    DetailType: eventTypes.requested,
    Detail: '{"task":"quick-1"}',
  };
  const { Entries = [] } = await events.send(new PutEventsCommand({ Entries: [entry] }));
  const queue = relay.deployment.stack
    .ofType('AWS::SQS::Queue')
    .find(({ reference }) => reference === relay.outputs[outputNames.deadLetters]);
  const letters = () => relay.queues.messages(queue?.attributes.Arn ?? '').map(({ body }) => JSON.parse(body));
  await expect.poll(letters).toHaveLength(1);

  expect(letters()[0]).toMatchObject({
    requestPayload: { id: Entries[0]?.EventId, detail: { task: 'quick-1' } },
    responsePayload: {
      errorType: 'RequestRejected',
      errorMessage: expect.stringContaining('must hold either taskId or linkedinUrl'),
    },
  });
  expect(relay.published.at(-1)).toMatchObject({
    'detail-type': eventTypes.rejected,
    detail: {
      requestEventId: Entries[0]?.EventId,
      problem: expect.stringContaining('must hold either taskId or linkedinUrl'),
    },
  });
});
