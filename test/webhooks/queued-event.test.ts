import { expect, it } from 'vitest';
import { readQueuedEvent } from '../../lambdas/webhooks/queued-event.ts';

const event = {
  version: '0',
  id: 'one',
  source: 'reveal-relay',
  'detail-type': 'Contact Reveal Completed',
  time: '2026-11-27T12:00:00Z',
  detail: { schemaVersion: 1, eventId: 'e'.repeat(32), revealId: 'task_1', generation: 2, more: true },
};

it('reads an event of the relay, with all that it says', () => {
  expect(readQueuedEvent(JSON.stringify(event))).toEqual({
    type: 'Contact Reveal Completed',
    time: event.time,
    detail: event.detail,
  });
});

it.each([
  ['no JSON', '{'],
  ['no event', JSON.stringify({ Records: [] })],
  ['of somebody else', JSON.stringify({ ...event, source: 'crm' })],
  ['a request', JSON.stringify({ ...event, 'detail-type': 'Contact Reveal Requested' })],
  ['without an id', JSON.stringify({ ...event, detail: { revealId: 'task_1' } })],
  ['of an item that is no reveal', JSON.stringify({ ...event, detail: { ...event.detail, revealId: '#relay' } })],
])('takes for no event what is %s', (_what, body) => {
  expect(readQueuedEvent(body)).toBeUndefined();
});
