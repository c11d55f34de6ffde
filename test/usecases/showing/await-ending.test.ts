import { describe, expect, it } from 'vitest';
import { changed, newRecord, type RecordChanges, type RevealRecord } from '../../../lambdas/reveal/record.ts';
import { awaitEnding } from '../../../lambdas/usecases/showing/await-ending.ts';
import { completed } from '../../support/doors.ts';

const running = newRecord({ taskId: 'task-1' }, { generation: 1, executionArn: 'arn', claimedBy: 'me', nowMs: 0 });
const at = (ms: number) => new Date(ms).toISOString();

/** A table whose record changes as time goes by, in time that passes only where somebody sleeps. */
function awaiting(happenings: readonly (readonly [atMs: number, RecordChanges | 'gone'])[]) {
  let nowMs = 0;
  const reads = { consistent: 0, eventual: 0 };
  const current = () => {
    const past = happenings.filter(([ms]) => ms <= nowMs);
    if (past.some(([, changes]) => changes === 'gone')) return undefined;
    return past.reduce<RevealRecord>((record, [, changes]) => changed(record, changes as RecordChanges), running);
  };
  return {
    reads,
    reveals: {
      get: async () => {
        reads.consistent += 1;
        return current();
      },
      glance: async () => {
        reads.eventual += 1;
        return current();
      },
      resultOf: async ({ result }: RevealRecord) => result,
      earlier: async () => undefined,
    },
    budget: { read: async () => ({}) },
    startBudget: { read: async () => ({}) },
    relay: { brake: async () => undefined },
    now: () => nowMs,
    sleep: async (ms: number) => {
      nowMs += ms;
    },
  };
}

/** What came of a wait of 25 seconds, and when. */
async function waited(...happenings: Parameters<typeof awaiting>[0]) {
  const world = awaiting(happenings);
  const shown = await awaitEnding('task-1', 25_000, world);
  const status = typeof shown === 'string' ? shown : shown.record.status;
  return { status, atMs: world.now(), ...world.reads, result: typeof shown !== 'string' && shown.result };
}

describe('waiting for a reveal to end', () => {
  it('answers at once what has ended, and what there is none of, with the one read that it costs anyway', async () => {
    expect(await waited([0, completed()])).toMatchObject({ status: 'completed', atMs: 0, consistent: 1, eventual: 0 });
    expect(await waited([0, 'gone'])).toMatchObject({ status: 'no-such-reveal', atMs: 0, consistent: 1, eventual: 0 });
  });

  it('answers at once what cannot have ended by then', async () => {
    const later = { nextPollAt: at(120_000) };
    expect(await waited([0, later])).toMatchObject({ status: 'running', atMs: 0, consistent: 1, eventual: 0 });
  });

  it('reads about once for each poll, and answers with the result once there is one', async () => {
    const found = await waited(
      [0, { nextPollAt: at(4_000) }],
      [4_600, { nextPollAt: at(9_000) }],
      [9_700, { ...completed(), nextPollAt: null }],
    );
    expect(found).toMatchObject({ status: 'completed', atMs: 10_000, consistent: 2, eventual: 2 });
    expect(found.result).toEqual(completed().result);
  });

  it('stops as soon as the next poll is known to be too late', async () => {
    const found = await waited([0, { nextPollAt: at(4_000) }], [4_600, { nextPollAt: at(40_000) }]);
    expect(found).toMatchObject({ status: 'running', atMs: 5_000, consistent: 2, eventual: 1 });
  });

  it('ends with the wait where a poll does not come back, after at most 25 reads at half the price', async () => {
    const found = await waited([0, {}]);
    expect(found).toMatchObject({ status: 'running', atMs: 25_000, consistent: 2, eventual: 25 });
  });

  it('notices within five seconds that somebody has cancelled or deleted it', async () => {
    const polledLate = [0, { nextPollAt: at(20_000) }] as const;
    expect(await waited(polledLate, [5_100, { status: 'cancelled' }])).toMatchObject({
      status: 'cancelled',
      atMs: 10_000,
    });
    expect(await waited(polledLate, [5_100, 'gone'])).toMatchObject({ status: 'no-such-reveal', atMs: 10_000 });
  });
});
