import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ListMembers } from '../../../lambdas/aws/reveals/list-members.ts';
import { sdkClientOptions } from '../../../lambdas/aws/sdk.ts';
import { dynamoDB } from '../../../lambdas/runtime/clients.ts';
import { startTestTables } from '../../support/tables.ts';

const now = Date.parse('2026-11-27T12:00:00Z');
let tables: Awaited<ReturnType<typeof startTestTables>>;
let members: ListMembers;
const at = (nowMs: number) =>
  new ListMembers(tables.reveals, { documents: dynamoDB(sdkClientOptions), now: () => nowMs, retentionDays: 30 });
beforeAll(async () => {
  tables = await startTestTables();
  members = at(now);
});
afterAll(() => tables.close());

async function inOrder(list: string, limit: number, after?: string, of = members) {
  const { members: found, ...next } = await of.inOrder(list, limit, after);
  return { revealIds: found.map(({ revealId }) => revealId), ...next };
}

async function all(read: (after?: string) => Promise<{ revealIds: string[]; next?: string }>): Promise<string[]> {
  const found: string[] = [];
  let next: string | undefined;
  do {
    const page = await read(next);
    found.push(...page.revealIds);
    next = page.next;
  } while (next !== undefined);
  return found;
}

describe('the members of a list', () => {
  it('are each there once and in the order of their first positions, whoever puts them in how often, many at once', async () => {
    let run = 0;
    const puts = fc.array(
      fc.record({ who: fc.integer({ min: 0, max: 9 }), position: fc.integer({ min: 0, max: 50 }) }),
      {
        minLength: 1,
        maxLength: 25,
      },
    );
    await fc.assert(
      fc.asyncProperty(puts, async (batch) => {
        const list = `raced-${++run}`;
        const put = ({ who, position }: { who: number; position: number }) =>
          members.put(list, `task-${who}`, position);
        await Promise.all(batch.map(put));
        const first = await all((after) => inOrder(list, 4, after));
        const expected = [...new Set(batch.map(({ who }) => `task-${who}`))].sort();
        expect([...first].sort()).toEqual(expected);
        expect((await all((after) => members.page(list, 3, after))).sort()).toEqual(expected);
        expect(await members.count(list)).toBe(expected.length);
        // Whatever position each got, asking for others moves nobody.
        await Promise.all(batch.map(({ who, position }) => put({ who, position: 50 - position })));
        expect(await all((after) => inOrder(list, 100, after))).toEqual(first);
      }),
      { numRuns: 25 },
    );
  });

  it('may be in other lists too, at other places', async () => {
    for (const [position, revealId] of ['a', 'b', 'c'].entries()) {
      await members.put('up', revealId, position);
      await members.put('down', revealId, 9 - position);
    }
    expect(await inOrder('up', 10)).toEqual({ revealIds: ['a', 'b', 'c'] });
    expect(await inOrder('down', 10)).toEqual({ revealIds: ['c', 'b', 'a'] });
  });

  it('are not there any more once they have expired, though DynamoDB has not deleted them yet, unless they were put in again', async () => {
    await members.put('old', 'a', 1);
    await members.put('old', 'b', 2);
    const later = at(now + 20 * 86_400_000);
    await later.put('old', 'b', 7);
    const much = at(now + 40 * 86_400_000);
    expect(await inOrder('old', 10, undefined, much)).toEqual({ revealIds: ['b'] });
    expect(await much.page('old', 10)).toEqual({ revealIds: ['b'] });
    expect(await much.count('old')).toBe(1);
  });
});
