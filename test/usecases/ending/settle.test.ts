import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RevealBus } from '../../../lambdas/aws/event-bus.ts';
import { sdkClientOptions } from '../../../lambdas/aws/sdk.ts';
import type { RecordChanges } from '../../../lambdas/reveal/record.ts';
import { eventBridge } from '../../../lambdas/runtime/clients.ts';
import { Settlement } from '../../../lambdas/usecases/ending/settle.ts';
import { type DoorSurroundings, startDoors } from '../../support/doors.ts';

let doors: DoorSurroundings;
let settlement: Settlement;
let measured: object[];
beforeAll(async () => {
  doors = await startDoors();
  const bus = new RevealBus('Bus', eventBridge(sdkClientOptions));
  const measure = (figures: object) => measured.push(figures);
  settlement = new Settlement({
    reveals: doors.reveals,
    lowCredits: doors.lowCredits,
    bus,
    retentionDays: 30,
    now: Date.now,
    measure,
  });
});
afterAll(() => doors[Symbol.asyncDispose]());
beforeEach(() => {
  doors.events.length = 0;
  measured = [];
});

let reveals = 0;
/** A reveal that has ended, at a minute of one hour, and is not announced. */
async function ended(minute: number, changes: RecordChanges) {
  reveals += 1;
  const settledAt = `2026-11-23T12:${String(minute).padStart(2, '0')}:00.000Z`;
  return doors.put(`ended-${reveals}`, { status: 'completed', settledAt, ...changes });
}
const link = 'https://fiber.ai/billing';
const warns = { charge: { method: 'charged-now', lowCreditAlert: { availableCredits: 9, getMoreCreditsUrl: link } } };
const warnsNot = { charge: { method: 'charged-now', creditsCharged: 12 } };
const warnings = () => doors.events.filter(({ type }) => type === 'Low Credits').map(({ detail }) => detail.revealId);

describe('a warning of the vendor that few credits are left', () => {
  it('is handed on once, until a later charge comes without it', async () => {
    const [first, second, early, enough, again] = [
      await ended(2, warns),
      await ended(3, warns),
      await ended(1, warnsNot),
      await ended(4, warnsNot),
      await ended(5, warns),
    ];
    await settlement.announce(first);
    expect(doors.events.at(-1)).toMatchObject({ detail: { availableCredits: 9, getMoreCreditsUrl: link } });
    await settlement.announce(second);
    // Settled before the warning, and announced after it: it says nothing of it.
    await settlement.announce(early);
    await settlement.announce(await ended(6, { status: 'timed-out' }));
    expect(warnings()).toEqual([first.revealId]);
    await settlement.announce(enough);
    await settlement.announce(again);
    expect(warnings()).toEqual([first.revealId, again.revealId]);
    await settlement.announce(await ended(7, warnsNot));
  });

  it('is handed on after all if the first attempt failed, and under one id if it was made twice', async () => {
    const [first, second] = [await ended(10, warns), await ended(11, warns)];
    doors.failing.set('PutEvents', 1);
    await expect(settlement.announce(first)).rejects.toThrow('EventBridge');
    await settlement.announce(second);
    expect(warnings()).toEqual([]);
    await settlement.announce(first);
    await settlement.announce(first);
    expect(warnings()).toEqual([first.revealId, first.revealId]);
    const ids = doors.events.filter(({ type }) => type === 'Low Credits').map(({ detail }) => detail.eventId);
    expect(new Set(ids).size).toBe(1);
    await settlement.announce(await ended(12, warnsNot));
  });
});

describe('what is measured of a paid start', () => {
  const startIntent = { nonce: 'one', at: '2026-11-23T12:00:00.000Z' };
  const createdAt = '2026-11-23T12:00:00.000Z';
  const started = { startedBy: 'one', startedAt: '2026-11-23T12:00:05.000Z', createdAt, startCreditsCharged: 9 };

  it.each<[string, RecordChanges, object[]]>([
    ['what it was charged, before anything was given back', { ...started, creditsRefunded: 4 }, [{ creditsSpent: 9 }]],
    [
      'one that may have been paid for, at the price of the list',
      { taskId: undefined, startIntent, status: 'errored', reason: 'start-unknown', find: ['work-emails'] },
      [{ creditsSpent: 5, unknownStarts: 1 }],
    ],
    ['nothing again with the result that comes late', { ...started, late: true }, []],
    [
      'nothing for a task that an earlier generation has started',
      { ...started, createdAt: '2026-11-23T13:00:00.000Z' },
      [],
    ],
    ['nothing for a task that was given', warnsNot, []],
  ])('is %s', async (_, changes, figures) => {
    await settlement.announce(await ended(20, changes));
    expect(measured).toEqual(figures);
  });
});
