import { describe, expect, it } from 'vitest';
import {
  type CountedRecord,
  countedAttributes,
  countedWith,
  noCounts,
} from '../../../lambdas/reveal/lists/list-counts.ts';

const now = Date.parse('2026-11-27T12:00:00Z');
const createdAt = '2026-11-27T11:00:00.000Z';
const record = (changes: Partial<CountedRecord>): CountedRecord => ({
  revealId: 'a',
  status: 'running',
  createdAt,
  ...changes,
});
const count = (...records: (CountedRecord | undefined)[]) =>
  records.reduce((sum, found) => countedWith(sum, found, now), noCounts);
const nothing = { emails: 0, lowQualityEmails: 0, phoneNumbers: 0 };

describe('what a list comes to', () => {
  it('is its reveals by where they stand, each once, and the expired ones as gone', () => {
    const statuses = ['completed', 'failed', 'timed-out', 'cancelled', 'errored', 'completed'] as const;
    const counts = count(
      ...statuses.map((status) => record({ status, taskId: 'a' })),
      record({ taskId: 'a' }),
      undefined,
      record({ status: 'completed', taskId: 'a', expiresAt: now / 1_000 }),
    );
    expect(counts.statuses).toEqual({
      completed: 2,
      failed: 1,
      'timed-out': 1,
      cancelled: 1,
      errored: 1,
      running: 1,
      gone: 2,
    });
  });

  it('tells those that wait to be started from those that are polled, and since when the last of these runs', () => {
    const counts = count(
      record({}),
      record({ startIntent: { nonce: 'n', at: createdAt } }),
      record({ taskId: 'a' }),
      record({ taskId: 'b', startedAt: '2026-11-27T11:30:00.000Z' }),
      record({ taskId: 'c', status: 'completed', startedAt: '2026-11-27T11:59:00.000Z' }),
    );
    expect(counts).toMatchObject({ waitingToStart: 2, startUnknown: 0 });
    expect(counts.lastBegunMs).toBe(Date.parse('2026-11-27T11:30:00Z'));
  });

  it('says how many found nothing, were erased, and need a decision about their start', () => {
    const counts = count(
      record({ status: 'completed', taskId: 'a', found: nothing }),
      record({ status: 'completed', taskId: 'a', found: { ...nothing, emails: 1 } }),
      record({ status: 'completed', taskId: 'a', found: { ...nothing, emails: 1 }, erasedAt: createdAt }),
      record({ status: 'errored', reason: 'start-unknown', startIntent: { nonce: 'n', at: createdAt } }),
    );
    expect(counts).toMatchObject({
      nothingFound: 1,
      erased: 1,
      startUnknown: 1,
      statuses: { completed: 3, errored: 1 },
    });
  });

  it('adds up what the vendor has charged and given back, a charge that is told twice once', () => {
    const counts = count(
      record({ status: 'completed', taskId: 'a', startCreditsCharged: 9, creditsCharged: 9 }),
      record({ status: 'failed', taskId: 'b', startCreditsCharged: 5, creditsRefunded: 5 }),
      record({ status: 'errored' }),
      record({ taskId: 'c', startCreditsCharged: 12 }),
    );
    expect(counts).toMatchObject({ creditsCharged: 26, creditsRefunded: 5 });
  });

  it('asks for no contact data', () => {
    expect(countedAttributes).not.toEqual(expect.arrayContaining(['result']));
    for (const secret of ['result', 'answer', 'linkedinUrl', 'reference'])
      expect(countedAttributes).not.toContain(secret);
  });
});
