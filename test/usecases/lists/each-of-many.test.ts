import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RelayFault } from '../../../lambdas/reveal/errors.ts';
import { newRecord, type RevealRecord } from '../../../lambdas/reveal/record.ts';
import type { Counted } from '../../../lambdas/usecases/lists/count-list.ts';
import { type Act, type ActingOnMany, actOnList, actOnMatching } from '../../../lambdas/usecases/lists/each-of-many.ts';

const never = Number.POSITIVE_INFINITY;
const ids = (count: number) => Array.from({ length: count }, (_, n) => `task-${String(n).padStart(4, '0')}`);

/** Lists and records in memory: a list has its members in the order of their ids. */
function acting(members: string[], changes: Partial<ActingOnMany> = {}): ActingOnMany {
  const claim = { generation: 1, executionArn: 'arn', claimedBy: 'me', nowMs: 0 };
  const stored = new Map(members.map((taskId) => [taskId, newRecord({ taskId }, claim)]));
  return {
    lists: {
      count: async () => members.length,
      page: async (_list, limit, after = '') => {
        const revealIds = members
          .toSorted()
          .filter((id) => id > after)
          .slice(0, limit);
        return { revealIds, ...(revealIds.length === limit && { next: String(revealIds.at(-1)) }) };
      },
    },
    list: { page: async () => ({ reveals: [] }) },
    records: { get: async () => stored },
    now: () => 0,
    ...changes,
  };
}

/** Calls until there is no cursor, again after each fault, as callers do. */
async function toTheEnd(act: Act, many: ActingOnMany, mostCalls = 10_000) {
  let before: Counted | undefined;
  const left: string[] = [];
  for (let calls = 1; calls <= mostCalls; calls += 1) {
    const done = await actOnList('leads', act, before, many, never).catch((error: unknown) => {
      if (error instanceof RelayFault) return undefined;
      throw error;
    });
    if (done === 'no-such-list') throw new Error(done);
    if (!done) continue;
    left.push(...done.left.map(({ revealId }) => revealId));
    if (done.after === undefined) return { calls, left, done };
    before = done;
  }
  throw new Error('There was no end to it.');
}

describe('doing something to all of a list', () => {
  it('does it to a hundred in one call, ten at a time, and says how many there are left', async () => {
    let underWay = 0;
    let most = 0;
    const seen: string[] = [];
    const act = async (id: string) => {
      most = Math.max(most, ++underWay);
      await new Promise(setImmediate);
      underWay -= 1;
      seen.push(id);
      return undefined;
    };
    const first = await actOnList('leads', act, undefined, acting(ids(250)), never);
    expect(first).toMatchObject({
      members: 250,
      done: 100,
      after: 'task-0099',
      counts: { statuses: { running: 100 } },
    });
    expect(seen.toSorted()).toEqual(ids(100));
    expect(most).toBe(10);
  });

  it('reaches everybody, whatever faults come in between, and repeats at the most a little', async () => {
    const faults = fc.array(fc.nat({ max: 2 }), { minLength: 1, maxLength: 150 });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 230 }), faults, async (count, failures) => {
        const seen = new Map<string, number>();
        const failing = failures.values();
        const act = async (id: string) => {
          if (failing.next().value === 0) throw new RelayFault('DynamoDB', 'TimeoutError');
          seen.set(id, (seen.get(id) ?? 0) + 1);
          return undefined;
        };
        const { done, left } = await toTheEnd(act, acting(ids(count)));
        expect([...seen.keys(), ...left].filter((id, at, all) => all.indexOf(id) === at).toSorted()).toEqual(
          ids(count),
        );
        expect(done).toMatchObject({ done: count, counts: { statuses: { running: count } } });
      }),
      { numRuns: 60 },
    );
  });

  it('names the one that always fails, and keeps nobody else waiting', async () => {
    const act = async (id: string) => {
      if (id === 'task-0042') throw new RelayFault('The reveals table', 'RecordOfLaterVersion');
      return undefined;
    };
    expect(await toTheEnd(act, acting(ids(120)), 4)).toMatchObject({ left: ['task-0042'], done: { done: 120 } });
  });

  it('does nothing more than ten once its time is over', async () => {
    const act = async () => undefined;
    expect(await actOnList('leads', act, undefined, acting(ids(50), { now: () => 1_000 }), 500)).toMatchObject({
      done: 10,
      after: 'task-0009',
    });
  });

  it('does not take what is wrong with the relay for a fault that passes', async () => {
    const act = async (id: string) => {
      if (id === 'task-0025') throw new Error('no');
      return undefined;
    };
    await expect(actOnList('leads', act, undefined, acting(ids(50)), never)).rejects.toThrow('no');
  });

  it('goes on with all reveals where it was interrupted among them', async () => {
    const reveals = ids(30).map((revealId) => ({ revealId, createdAt: '2026-11-27T12:00:00.000Z' }) as RevealRecord);
    const asked: (string | undefined)[] = [];
    const many = acting(ids(30), {
      list: {
        page: async ({ cursor }) => {
          asked.push(cursor);
          return { reveals };
        },
      },
      now: () => 1_000,
    });
    const first = await actOnMatching({ status: 'running' }, async () => undefined, undefined, many, 500);
    expect(first).toMatchObject({ done: 10, members: 0 });
    await actOnMatching({ status: 'running' }, async () => undefined, first, many, 500);
    expect(asked).toEqual([undefined, first.after]);
    expect(Buffer.from(String(first.after), 'base64url').toString()).toBe('2026-11-27T12:00:00.000Z#task-0009');
  });
});
