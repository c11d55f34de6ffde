import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RateBudget } from '../../lambdas/aws/rate-budget.ts';
import { sdkClientOptions } from '../../lambdas/aws/sdk.ts';
import { SharedItem } from '../../lambdas/aws/shared-item.ts';
import { askForSlot } from '../../lambdas/polling/ask-for-slot.ts';
import { coolDownMoves } from '../../lambdas/polling/cool-down.ts';
import { isSlot, newPollingState } from '../../lambdas/polling/polling-state.ts';
import { noteStart, type StartVerdict } from '../../lambdas/polling/starts.ts';
import { dynamoDB } from '../../lambdas/runtime/clients.ts';
import { hour, noon, slotAt } from '../support/budget.ts';
import { runs } from '../support/more.ts';
import { startTestTables } from '../support/tables.ts';

let tables: Awaited<ReturnType<typeof startTestTables>>;
let items = 0;
beforeAll(async () => {
  tables = await startTestTables();
});
afterAll(() => tables.close());

const limits = { perMinute: 120, share: 1, interactiveShare: 0.25 };
const asking = (priority: 'interactive' | 'bulk') => newPollingState(priority, noon, noon, hour);
const newItem = () => {
  items += 1;
  return `starts-${items}`;
};

/** A handler of its own, with a clock of its own that a sleep moves on. */
function handlerAt(now: number, item: string, during: () => Promise<unknown> = async () => {}) {
  const clock = { now, slept: [] as number[] };
  const documents = dynamoDB(sdkClientOptions);
  const budget = new RateBudget(item, {
    table: tables.pollBudget,
    documents,
    limits,
    now: () => clock.now,
    random: () => 0.5,
    sleep: async (ms) => {
      clock.slept.push(ms);
      await during();
      clock.now += ms;
    },
  });
  return {
    budget,
    clock,
    reach: (priority: 'interactive' | 'bulk' = 'bulk') =>
      budget.reach((context) => askForSlot(context, asking(priority))),
    note: (verdict: StartVerdict) =>
      budget.decide((context) => noteStart(context, { verdict, slot: slotAt(clock.now), sentAt: clock.now })),
  };
}

describe('a budget', () => {
  it('lets the first one go at once, and the next one after a sleep of one interval', async () => {
    const item = newItem();
    const first = handlerAt(noon, item);
    const second = handlerAt(noon, item);

    expect(await first.reach()).toMatchObject({ kind: 'slot', pollAt: noon });
    expect(await second.reach()).toMatchObject({ kind: 'slot', pollAt: noon + 512 });
    expect([first.clock.slept, second.clock.slept]).toEqual([[], [512]]);
  });

  it('is apart from any other, whatever that one has spent', async () => {
    await handlerAt(noon, newItem()).reach();

    expect(await handlerAt(noon, newItem()).reach()).toMatchObject({ pollAt: noon });
  });

  it('answers what the rule says in place of a slot', async () => {
    const item = newItem();
    await new SharedItem(tables.pollBudget, item, dynamoDB(sdkClientOptions)).apply([
      { name: 'line', when: [], set: [{ attr: 'tailBulk', to: noon + 60_000 }] },
    ]);
    await handlerAt(noon, item).reach('interactive');

    expect(await handlerAt(noon, item).reach()).toMatchObject({ kind: 'wake', state: { place: noon + 60_000 } });
  });

  it('asks again for a slot that a cool-down came before, while it was slept for', async () => {
    const item = newItem();
    for (let i = 0; i < 4; i++) await handlerAt(noon, item).reach();
    const other = new SharedItem(tables.pollBudget, item, dynamoDB(sdkClientOptions));
    const late = handlerAt(noon, item, () =>
      other.apply(coolDownMoves(limits, noon, { sentAt: noon, retryAfterMs: 60_000, tooFast: false })),
    );

    expect(await late.reach()).toMatchObject({ kind: 'wake' });
  });

  it('leaves the next one to somebody else when a clock that runs on misses one after the other', async () => {
    const item = newItem();
    await handlerAt(noon, item).reach();
    const other = handlerAt(noon, item);
    // Its sleeps end two seconds late, and others have taken the slots of the next three.
    const handler = handlerAt(noon, item, async () => {
      handler.clock.now += 2_000;
      await other.budget.reach((context) => askForSlot({ ...context, now: handler.clock.now + 3_000 }, asking('bulk')));
    });

    expect(await handler.reach()).toBe('missed');
  });
});

describe('any number of handlers at one budget', () => {
  const asks = fc.array(
    fc.record({
      priority: fc.constantFrom('interactive' as const, 'bulk' as const),
      skewMs: fc.integer({ min: -200, max: 200 }),
    }),
    { minLength: 2, maxLength: 60 },
  );
  const waves = fc.array(fc.record({ afterMs: fc.integer({ min: 0, max: 40_000 }), asks }), {
    minLength: 1,
    maxLength: 4,
  });

  it('never start more than the limit in any minute, and no two at once', async () => {
    await fc.assert(
      fc.asyncProperty(waves, async (all) => {
        const item = newItem();
        const left: number[] = [];
        let now = noon;
        for (const { afterMs, asks: wave } of all) {
          now += afterMs;
          const slots = await Promise.all(
            wave.map(({ priority, skewMs }) => handlerAt(now + skewMs, item).reach(priority)),
          );
          for (const slot of slots) if (slot !== 'missed' && isSlot(slot)) left.push(slot.pollAt);
        }
        left.sort((a, b) => a - b);
        for (const [at, slot] of left.entries()) {
          if (at > 0) expect(slot - (left[at - 1] ?? 0)).toBeGreaterThanOrEqual(512);
          expect(left.filter((other) => other >= slot && other < slot + 60_000).length).toBeLessThanOrEqual(120);
        }
        expect(left.length).toBeGreaterThan(0);
      }),
      runs(6, 60),
    );
  });
});

describe('a breaker of starts that has opened', () => {
  it.each<[string, readonly StartVerdict[]]>([
    ['starts-unknown', [{ kind: 'unknown' }, { kind: 'unknown' }]],
    ['402 out of credits', [{ kind: 'refused', reason: '402 out of credits' }]],
  ])('holds back every handler, says %s, and lets one go when the probe is due', async (reason, verdicts) => {
    const item = newItem();
    for (const verdict of verdicts) await handlerAt(noon, item).note(verdict);
    const waiting = await Promise.all(Array.from({ length: 5 }, () => handlerAt(noon + 1_000, item).reach()));
    const due = await Promise.all(Array.from({ length: 5 }, () => handlerAt(noon + 31_000, item).reach()));

    expect(waiting).toEqual(Array(5).fill(expect.objectContaining({ kind: 'wake', pausedBecause: reason })));
    expect(due.filter((slot) => slot !== 'missed' && isSlot(slot))).toEqual([expect.objectContaining({ probe: true })]);
  });
});
