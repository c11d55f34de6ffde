import { describe, expect, it } from 'vitest';
import { readRequested, rejectionOf } from '../../../lambdas/reveal/events/requested.ts';

const event = { id: 'e-1', time: '2026-11-23T12:00:00Z', detail: { taskId: 'task_1', priority: 'bulk' } };

describe('readRequested', () => {
  it('reads the request, and the name that EventBridge gave to it', () => {
    expect(readRequested(event)).toEqual({
      eventId: 'e-1',
      requestedAt: '2026-11-23T12:00:00Z',
      request: { ok: true, value: { taskId: 'task_1', priority: 'bulk' } },
    });
  });

  it.each([{}, null, { ...event, id: 'a b' }, { ...event, time: 'noon' }])('knows that %j is no event', (value) => {
    expect(readRequested(value)).toBeUndefined();
  });

  it.each<[string, string | undefined, string | undefined, string]>([
    ['a name', 'east', undefined, 'relay must be left out, as the relay on this bus has no name'],
    ['no name', undefined, 'east', 'relay must be east'],
    ['the name of another relay', 'west', 'east', 'relay must be east'],
  ])('refuses a request with %s', (_what, relay, relayName, problem) => {
    const detail = { ...event.detail, ...(relay && { relay }) };
    expect(readRequested({ ...event, detail }, relayName)?.request).toEqual({ ok: false, problem });
  });

  it('takes one with the name of this relay, which is no part of the request', () => {
    const detail = { ...event.detail, relay: 'east' };
    expect(readRequested({ ...event, detail }, 'east')?.request).toEqual({ ok: true, value: event.detail });
  });
});

describe('rejectionOf', () => {
  it('is the same for every delivery of a request, and says what to change', () => {
    const requested = readRequested({ ...event, detail: {} });
    const rejection = requested && rejectionOf(requested, 'taskId is missing');
    expect(rejection).toEqual({
      type: 'Contact Reveal Rejected',
      detail: {
        schemaVersion: 1,
        eventId: expect.stringMatching(/^[0-9a-f]{32}$/),
        requestEventId: 'e-1',
        problem: expect.stringContaining('taskId is missing'),
        requestedAt: '2026-11-23T12:00:00.000Z',
      },
    });
    expect(requested && rejectionOf(requested, 'taskId is missing')).toEqual(rejection);
  });
});
