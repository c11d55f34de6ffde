import { describe, expect, it } from 'vitest';
import { publishedWith, settledWith } from '../../../lambdas/reveal/life/settlement.ts';
import { changed, newRecord } from '../../../lambdas/reveal/record.ts';

const noon = Date.parse('2026-11-23T12:00:00Z');
const claim = { generation: 1, executionArn: 'arn:one', claimedBy: 'arn:one', nowMs: noon };
const running = newRecord({ taskId: 'task_1' }, claim);
const settling = { nowMs: noon, retentionDays: 2 };
const note = { publishedAt: '2026-11-23T12:00:01.000Z', eventId: '0'.repeat(32) };

describe('settledWith', () => {
  it('ends the record, which stays unfinished until its event is out', () => {
    const waiting = { ...running, nextPollAt: '2026-11-23T12:01:00.000Z', pausedBecause: 'key-refused' as const };
    const settled = changed(
      waiting,
      settledWith(waiting, { outcome: 'cancelled', reason: 'cancelled-by-caller' }, settling),
    );
    expect(settled).toEqual({
      ...running,
      status: 'cancelled',
      reason: 'cancelled-by-caller',
      settledAt: '2026-11-23T12:00:00.000Z',
      expiresAt: noon / 1_000 + 172_800,
      open: 'open',
    });
  });

  it.each(['deadline-passed', 'task-not-found', 'key-refused', 'relay-fault'] as const)(
    'plans a second look after %s: the vendor may finish yet',
    (reason) => {
      const { lookAgainAt } = settledWith(running, { outcome: 'errored', reason }, settling);
      expect(lookAgainAt).toBe('2026-11-23T12:15:00.000Z');
    },
  );

  it.each(['request-refused', 'vendor-failed', 'cancelled-by-caller'] as const)(
    'plans none after %s: the vendor will not say more',
    (reason) => {
      expect(settledWith(running, { outcome: 'errored', reason }, settling)).not.toHaveProperty('lookAgainAt');
    },
  );
});

describe('settledWith, for a reveal of a person', () => {
  const wish = { revealId: 'person-1-a', linkedinUrl: 'ada', find: ['work-emails' as const], maxAgeDays: 30 };
  const waiting = newRecord(wish, claim);
  const reasonOf = (record: typeof waiting, ending: Parameters<typeof settledWith>[1]) =>
    settledWith(record, ending, settling).reason;

  it.each([
    ['errored', 'relay-fault', 'not-started'],
    ['timed-out', 'deadline-passed', 'not-started'],
    ['cancelled', 'cancelled-by-caller', 'cancelled-by-caller'],
    ['errored', 'credit-cap-reached', 'credit-cap-reached'],
    ['errored', 'start-refused', 'start-refused'],
    // Taken back, while somebody else took it for lost.
    ['errored', 'start-unknown', 'not-started'],
  ] as const)('that has no task: %s for %s says %s, and nobody looks again', (outcome, reason, said) => {
    expect(reasonOf(waiting, { outcome, reason })).toBe(said);
    expect(settledWith(waiting, { outcome, reason }, settling).lookAgainAt).toBeUndefined();
  });

  it('says that nobody knows, however it ends, as long as a paid call has no answer', () => {
    const startIntent = { nonce: 'one', at: '2026-11-23T12:00:00.000Z' };
    for (const ending of [
      { outcome: 'cancelled', reason: 'cancelled-by-caller' },
      { outcome: 'errored', reason: 'relay-fault' },
    ] as const) {
      expect(reasonOf({ ...waiting, startIntent }, ending)).toBe('start-unknown');
    }
  });

  it('says of one that has its task what it says of any other', () => {
    expect(reasonOf({ ...waiting, taskId: 'task_1' }, { outcome: 'errored', reason: 'relay-fault' })).toBe(
      'relay-fault',
    );
  });
});

describe('publishedWith', () => {
  it('finishes a record, unless a second look is due', () => {
    const settled = { ...running, status: 'errored' as const };
    expect(changed(settled, publishedWith(settled, note))).not.toHaveProperty('open');
    const givenUp = { ...settled, lookAgainAt: '2026-11-23T12:15:00.000Z' };
    expect(changed(givenUp, publishedWith(givenUp, note))).toMatchObject({ ...note, open: 'open' });
  });
});
