import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RevealBus } from '../../../lambdas/aws/event-bus.ts';
import { sdkClientOptions } from '../../../lambdas/aws/sdk.ts';
import type { RecordChanges } from '../../../lambdas/reveal/record.ts';
import { packAnswer } from '../../../lambdas/reveal/stored-answer.ts';
import { eventBridge } from '../../../lambdas/runtime/clients.ts';
import { Settlement } from '../../../lambdas/usecases/ending/settle.ts';
import { type Rereading, reread } from '../../../lambdas/usecases/showing/reread.ts';
import { answer, completed, type DoorSurroundings, result, startDoors } from '../../support/doors.ts';

let doors: DoorSurroundings;
let rereading: Rereading;
beforeAll(async () => {
  doors = await startDoors();
  const parts = { reveals: doors.reveals, retentionDays: 30, now: Date.now };
  const bus = new RevealBus('Bus', eventBridge(sdkClientOptions));
  const settlement = new Settlement({ ...parts, lowCredits: doors.lowCredits, bus, measure: () => undefined });
  rereading = { ...parts, settlement };
});
afterAll(() => doors[Symbol.asyncDispose]());
beforeEach(() => {
  doors.events.length = 0;
});

/** A reveal that was given up on by a version that could not read its answer. */
const givenUp: RecordChanges = {
  status: 'errored',
  reason: 'answers-unusable',
  polls: 5,
  answer: packAnswer(answer).answer,
  settledAt: '2026-11-23T12:00:00.000Z',
  publishedAt: '2026-11-23T12:00:01.000Z',
  eventId: '0'.repeat(32),
  expiresAt: Math.floor(Date.now() / 1_000) + 86_400,
};

describe('reading an answer again', () => {
  it('puts what it reads in place of what was read before, and announces nothing', async () => {
    const former: RecordChanges = {
      ...completed(),
      result: { ...result, emails: [] },
      found: { emails: 0, lowQualityEmails: 1, phoneNumbers: 1 },
      unreadable: 1,
      lossy: true,
    };
    await doors.put('better', former);
    expect(await reread('better', rereading)).toMatchObject({
      status: 'completed',
      found: { emails: 1 },
      result: { emails: result.emails },
    });
    const record = await doors.reveals.get('better');
    expect(record).toMatchObject({ result, found: { emails: 1 }, creditsCharged: 12, expiresAt: former.expiresAt });
    expect(record).not.toHaveProperty('unreadable');
    expect(record).not.toHaveProperty('lossy');
    expect(doors.events).toEqual([]);
  });

  it('gives a reveal that was given up on its late result, and announces that once', async () => {
    await doors.put('late', givenUp);
    for (const _ of ['once', 'again']) {
      expect(await reread('late', rereading)).toMatchObject({
        status: 'completed',
        late: true,
        result: { emails: result.emails },
      });
    }
    expect(await doors.reveals.get('late')).not.toHaveProperty('reason');
    expect(doors.events).toMatchObject([
      { type: 'Contact Reveal Completed', detail: { revealId: 'late', late: true, found: { emails: 1 } } },
    ]);
  });

  it('gives one whose answer says that it failed that ending', async () => {
    const bytes = Buffer.from(
      '{"output":{"done":true,"profile":{"status":"failed","error":"The profile is private."}}}',
    );
    await doors.put('late-failure', { ...givenUp, answer: packAnswer({ bytes }).answer });
    expect(await reread('late-failure', rereading)).toMatchObject({
      status: 'failed',
      reason: 'vendor-failed',
      late: true,
      failure: 'The profile is private.',
    });
    expect(doors.events).toMatchObject([{ type: 'Contact Reveal Failed', detail: { outcome: 'failed', late: true } }]);
    expect(JSON.stringify(doors.events)).not.toContain('private');
  });

  it('leaves the rest to the sweeper if it is cut off before it has announced the late result', async () => {
    await doors.put('cut-off', givenUp);
    doors.failing.set('PutEvents', sdkClientOptions.maxAttempts);
    await expect(reread('cut-off', rereading)).rejects.toMatchObject({ name: 'RelayFault' });
    const record = await doors.reveals.get('cut-off');
    expect(record).toMatchObject({ status: 'completed', open: 'open' });
    expect(record).not.toHaveProperty('publishedAt');
  });

  it('tells a late result that nobody has told yet as it was read then, and tells nothing else under its name', async () => {
    await doors.put('untold', {
      ...completed(),
      result: { ...result, emails: [] },
      found: { emails: 0, lowQualityEmails: 1, phoneNumbers: 1 },
      late: true,
      publishedAt: undefined,
      eventId: undefined,
    });
    expect(await reread('untold', rereading)).toMatchObject({ late: true, found: { emails: 1 } });
    expect(doors.events).toMatchObject([{ detail: { revealId: 'untold', late: true, found: { emails: 0 } } }]);
  });

  it.each<[string, RecordChanges]>([
    ['whose answer still cannot be read', { ...givenUp, answer: packAnswer({ bytes: Buffer.from('<html>') }).answer }],
    ['that somebody has cancelled', { ...givenUp, status: 'cancelled', reason: 'cancelled-by-caller' }],
  ])('leaves one as it is %s', async (what, changes) => {
    const id = what.replaceAll(' ', '-');
    await doors.put(id, changes);
    const before = await doors.reveals.get(id);
    expect(await reread(id, rereading)).toMatchObject({ status: changes.status });
    expect(await doors.reveals.get(id)).toEqual(before);
    expect(doors.events).toEqual([]);
  });

  it.each<[string, RecordChanges | undefined, string]>([
    ['that runs', { answer: packAnswer(answer).answer }, 'no-answer'],
    ['of an earlier version, which kept no answers', { ...completed(), answer: undefined }, 'no-answer'],
    [
      'that has been erased',
      { ...completed(), answer: undefined, result: undefined, erasedAt: '2026-11-23T12:00:00.000Z' },
      'no-answer',
    ],
    ['that has expired', { ...completed(), expiresAt: 1 }, 'no-such-reveal'],
    ['that nobody has started', undefined, 'no-such-reveal'],
  ])('knows of no answer of one %s', async (what, changes, problem) => {
    const id = what.replaceAll(/\W+/g, '-');
    if (changes) await doors.put(id, changes);
    expect(await reread(id, rereading)).toBe(problem);
  });
});
