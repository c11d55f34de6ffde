import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { burstClientOptions } from '../../../lambdas/aws/sdk.ts';
import { handler } from '../../../lambdas/request.ts';
import { rejectionEvent } from '../../../lambdas/reveal/events/schemas.ts';
import { completed, type DoorSurroundings, printed, startDoors } from '../../support/doors.ts';

let doors: DoorSurroundings;
beforeAll(async () => {
  doors = await startDoors();
});
afterAll(() => doors[Symbol.asyncDispose]());
beforeEach(() => {
  doors.executions.clear();
  doors.failing.clear();
  doors.events.length = 0;
  doors.letters.length = 0;
});

/** An event as the rule hands it over. */
const requested = (id: string, detail: unknown) => ({
  version: '0',
  id,
  'detail-type': 'Contact Reveal Requested',
  source: 'crm',
  account: '000000000000',
  time: '2026-11-23T12:00:00Z',
  region: 'us-east-1',
  resources: [],
  detail,
});
async function deliver(event: unknown) {
  let thrown: unknown;
  const output = await printed(() => handler(event).catch((error: unknown) => (thrown = error)));
  return { thrown, output };
}

describe('the door on the bus', () => {
  it('starts a reveal once, however often its request is delivered', async () => {
    const event = requested('e-1', { taskId: 'bus-1', priority: 'bulk', reference: 'crm/1' });
    await deliver(event);
    await deliver(event);
    expect([...doors.executions.values()].map(({ input }) => input)).toEqual(['{"revealId":"bus-1"}']);
    expect(await doors.reveals.get('bus-1')).toMatchObject({
      generation: 1,
      priority: 'bulk',
      reference: 'crm/1',
      claimedBy: 'event:e-1',
    });
    expect([doors.events, doors.letters]).toEqual([[], []]);
  });

  it('puts a reveal into the list that its request names, once', async () => {
    const event = requested('e-list', { taskId: 'bus-listed', list: 'from-bus', position: 3 });
    await deliver(event);
    await deliver(event);
    expect(await doors.lists.page('from-bus', 10)).toEqual({ revealIds: ['bus-listed'] });
  });

  it('starts a reveal of a person once, and keeps the profile out of the execution, the log and the bus', async () => {
    const event = requested('e-person', { linkedinUrl: 'linkedin.com/in/Secretive-Person', find: ['work-emails'] });
    const outputs = [await deliver(event), await deliver(event)];
    expect(outputs.map(({ thrown }) => thrown)).toEqual([undefined, undefined]);
    const [{ input } = { input: '{}' }, ...others] = doors.executions.values();
    expect(others).toEqual([]);
    expect(await doors.reveals.get(JSON.parse(input).revealId)).toMatchObject({
      linkedinUrl: 'https://www.linkedin.com/in/secretive-person',
      find: ['work-emails'],
      claimedBy: 'event:e-person',
    });
    const outside = JSON.stringify([...doors.executions, doors.events, doors.letters, outputs]);
    expect(outside).not.toMatch(/secretive/i);
  });

  it('takes one new result for an event that asks for one, however often that is delivered', async () => {
    const linkedinUrl = 'https://www.linkedin.com/in/forced-by-event';
    await deliver(requested('e-first', { linkedinUrl }));
    const [{ input } = { input: '{}' }] = doors.executions.values();
    const record = await doors.reveals.get(JSON.parse(input).revealId);
    await doors.reveals.whileRunning(record!, completed());
    const forced = requested('e-forced', { linkedinUrl, maxAge: 0 });
    await deliver(forced);
    await deliver(forced);
    expect(await doors.reveals.get(record!.revealId)).toMatchObject({ generation: 2, forcedBy: ['event:e-forced'] });
    expect(doors.executions.size).toBe(2);
  });

  it('rejects a profile that names no person with what to give, and repeats nothing of it', async () => {
    const event = requested('e-company', { linkedinUrl: 'https://www.linkedin.com/company/secretive' });
    const { output } = await deliver(event);
    expect(doors.events).toMatchObject([
      {
        type: 'Contact Reveal Rejected',
        detail: { problem: expect.stringContaining('linkedinUrl must name a person') },
      },
    ]);
    expect(JSON.stringify(doors.events) + output).not.toContain('secretive');
    expect(doors.letters).toMatchObject([{ requestPayload: event }]);
  });

  it('answers a request that it cannot start, says why, and puts the request into the dead-letter queue', async () => {
    const event = requested('e-2', { taskId: 'ada@example.com', who: 'Ada' });
    const { thrown, output } = await deliver(event);
    expect(thrown).toBeUndefined();
    expect(doors.events).toEqual([
      {
        type: 'Contact Reveal Rejected',
        detail: {
          schemaVersion: 1,
          eventId: expect.stringMatching(/^[0-9a-f]{32}$/),
          requestEventId: 'e-2',
          problem: expect.stringContaining('taskId must hold only letters'),
          requestedAt: '2026-11-23T12:00:00.000Z',
        },
      },
    ]);
    expect(rejectionEvent.safeParse(doors.events[0]?.detail).success).toBe(true);
    expect(JSON.stringify(doors.events) + output).not.toMatch(/ada|Ada/);
    expect(doors.letters).toMatchObject([{ requestPayload: event, responsePayload: { errorType: 'RequestRejected' } }]);
    expect(await doors.everything()).not.toContain('Ada');
  });

  it.each([[undefined], [null], ['task'], [{}], [{ taskId: 7 }], [{ taskId: 'a', __proto__x: 1 }], [['a']]])(
    'rejects the detail %j',
    async (detail) => {
      await deliver(requested('e-3', detail));
      expect(doors.events).toMatchObject([{ type: 'Contact Reveal Rejected' }]);
      expect(doors.letters).toHaveLength(1);
    },
  );

  it('refuses a request for a relay with a name, as it has none', async () => {
    await deliver(requested('e-6', { taskId: 'bus-6', relay: 'sales' }));
    expect(doors.events).toMatchObject([
      { detail: { problem: expect.stringContaining('relay must be left out, as the relay on this bus has no name') } },
    ]);
    expect(await doors.reveals.get('bus-6')).toBeUndefined();
  });

  it('puts what is no event into the dead-letter queue', async () => {
    await deliver('hello');
    expect([doors.events.length, doors.letters.length]).toEqual([0, 1]);
  });

  it('throws a fault of ours by its name, so that Lambda tries again, and then finishes', async () => {
    const event = requested('e-4', { taskId: 'bus-4' });
    doors.failing.set('StartExecution', burstClientOptions.maxAttempts);
    const { thrown, output } = await deliver(event);
    expect(thrown).toMatchObject({ name: 'RelayFault' });
    expect(String(thrown) + output).not.toContain('ada@');
    await deliver(event);
    expect(doors.executions.size).toBe(1);
    expect(await doors.reveals.get('bus-4')).toMatchObject({ generation: 1 });
  });

  it('publishes the same rejection when it is interrupted in between', async () => {
    doors.failing.set('SendMessage', 1);
    const event = requested('e-5', { taskId: '' });
    expect((await deliver(event)).thrown).toMatchObject({ name: 'RelayFault' });
    await deliver(event);
    expect(doors.events).toHaveLength(2);
    expect(doors.events[0]).toEqual(doors.events[1]);
    expect(doors.letters).toHaveLength(1);
  });
});
