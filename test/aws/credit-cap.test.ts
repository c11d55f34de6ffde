import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CreditCap } from '../../lambdas/aws/credit-cap.ts';
import { sdkClientOptions } from '../../lambdas/aws/sdk.ts';
import { dynamoDB } from '../../lambdas/runtime/clients.ts';
import { startTestTables } from '../support/tables.ts';

let tables: Awaited<ReturnType<typeof startTestTables>>;
let caps = 0;
beforeAll(async () => {
  tables = await startTestTables();
});
afterAll(() => tables.close());

const newCap = (mostCredits: number) => {
  caps += 1;
  const documents = dynamoDB(sdkClientOptions);
  return new CreditCap({
    table: tables.reveals,
    name: `cap-${caps}`,
    mostCredits,
    expiresAt: 2_000_000_000,
    documents,
  });
};
const call = (nonce: string, credits = 12) => ({ nonce, credits, revealId: `reveal-${nonce}`, atMs: 1_000 });

describe('a cap on credits', () => {
  it('sets credits aside until the next call would go over it', async () => {
    const cap = newCap(24);

    expect(await cap.reserve(call('a'))).toBe(true);
    expect(await cap.reserve(call('b'))).toBe(true);
    expect(await cap.reserve(call('c'))).toBe(false);

    expect(await cap.standing()).toMatchObject({ spent: 24, mostCredits: 24, held: [call('a'), call('b')] });
  });

  it('knows its own earlier attempt, whose answer was lost', async () => {
    const cap = newCap(12);

    expect(await cap.reserve(call('a'))).toBe(true);
    expect(await cap.reserve(call('a'))).toBe(true);

    expect((await cap.standing()).spent).toBe(12);
  });

  it('lets nothing be spent by a call that costs more than the whole of it', async () => {
    const cap = newCap(5);

    expect(await cap.reserve(call('a'))).toBe(false);

    expect(await cap.standing()).toMatchObject({ spent: 0, held: [] });
  });

  it('gives back what a call that was not made had set aside, once', async () => {
    const cap = newCap(12);
    await cap.reserve(call('a'));

    await cap.release(call('a'));
    await cap.release(call('a'));

    expect(await cap.standing()).toMatchObject({ spent: 0, held: [] });
    expect(await cap.reserve(call('b'))).toBe(true);
  });

  it('counts what the vendor has charged in place of what was set aside, once', async () => {
    const cap = newCap(100);
    await cap.reserve(call('a'));

    await cap.commit(call('a'), 14);
    await cap.commit(call('a'), 14);
    await cap.release(call('a'));

    expect(await cap.standing()).toMatchObject({ spent: 14, held: [] });
  });

  it('counts what was set aside where the vendor does not say what it has charged', async () => {
    const cap = newCap(100);
    await cap.reserve(call('a'));

    await cap.commit(call('a'));

    expect((await cap.standing()).spent).toBe(12);
  });

  it('never comes to more than it is, and adds up, whoever does what at once and how often', async () => {
    const price = fc.constantFrom(4, 5, 9, 12);
    const plan = fc.record({
      credits: price,
      ends: fc.constantFrom('commit', 'release', 'stays'),
      times: fc.integer({ min: 1, max: 2 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(plan, { maxLength: 12 }), fc.integer({ min: 0, max: 60 }), async (plans, most) => {
        const cap = newCap(most);
        const calls = plans.map((its, at) => ({ ...its, ...call(String(at), its.credits) }));
        const reserved = await Promise.all(calls.map((one) => cap.reserve(one)));
        const kept = calls.filter((_, at) => reserved[at]);
        await Promise.all(
          kept.flatMap((one) =>
            Array.from({ length: one.times }, async () => {
              if (one.ends !== 'stays') await cap[one.ends as 'commit' | 'release'](one);
            }),
          ),
        );

        const spent = kept.filter(({ ends }) => ends !== 'release').reduce((sum, { credits }) => sum + credits, 0);
        const standing = await cap.standing();
        expect(standing.spent).toBe(spent);
        expect(standing.spent).toBeLessThanOrEqual(most);
        expect(standing.held).toHaveLength(kept.filter(({ ends }) => ends === 'stays').length);
        // Nobody was turned away for whom there was room all along.
        const refused = calls.filter((_, at) => !reserved[at]);
        const all = kept.reduce((sum, { credits }) => sum + credits, 0);
        for (const { credits } of refused) expect(all + credits).toBeGreaterThan(most);
      }),
      { numRuns: 40 },
    );
  });
});
