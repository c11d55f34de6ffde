import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expressionsOf, SharedItem } from '../../../lambdas/aws/budgets/shared-item.ts';
import { sdkClientOptions } from '../../../lambdas/aws/sdk.ts';
import { askForSlot } from '../../../lambdas/polling/ask-for-slot.ts';
import { inFlight, roomNear, squeezeMoves } from '../../../lambdas/polling/bookings.ts';
import { decide } from '../../../lambdas/polling/budget/decision.ts';
import { baseIntervalMs } from '../../../lambdas/polling/budget/gcra.ts';
import { defaultPollLimits } from '../../../lambdas/polling/budget/limits.ts';
import { joinMoves, placeTaken } from '../../../lambdas/polling/budget/lines.ts';
import { applyMoves, type Item, type Move } from '../../../lambdas/polling/budget/moves.ts';
import { slotGranted, slotMoves } from '../../../lambdas/polling/budget/slots.ts';
import { belief, forgetMoves, observeMoves } from '../../../lambdas/polling/durations.ts';
import { afterAnswer } from '../../../lambdas/polling/next-poll.ts';
import { newPollingState, type Slot } from '../../../lambdas/polling/polling-state.ts';
import { priceCurve } from '../../../lambdas/polling/price-curve.ts';
import { dynamoDB } from '../../../lambdas/runtime/clients.ts';
import { runs } from '../../support/more.ts';
import { startTestTables } from '../../support/tables.ts';

let tables: Awaited<ReturnType<typeof startTestTables>>;
let items = 0;
beforeAll(async () => {
  tables = await startTestTables();
});
afterAll(() => tables.close());

/** A new item of the budget table. */
const sharedItem = () => {
  items += 1;
  return new SharedItem(tables.pollBudget, `item-${items}`, dynamoDB(sdkClientOptions));
};
const withoutKey = ({ id: _, ...item }: Item) => item;

const attr = fc.constantFrom('a', 'b', 'c');
const number = fc.integer({ min: -50, max: 50 });
const term = fc.oneof(number, fc.record({ attr, or: number }), fc.record({ attr }));
/** Dynalite reads what an ADD of the same update has written, DynamoDB never does; our own moves do not depend on it. */
const readsWhatItWrites = ({ set }: Move) =>
  set.some(({ attr: written }) =>
    set.some(({ attr: own, to }) =>
      [to]
        .flat()
        .some((from) => typeof from === 'object' && 'attr' in from && from.attr === written && own !== written),
    ),
  );
const anyMove: fc.Arbitrary<Move> = fc.record({
  name: fc.constantFrom('one', 'two'),
  when: fc.array(fc.record({ attr, or: number, is: fc.constantFrom('<', '<=', '=', '>=', '>'), than: number }), {
    maxLength: 3,
  }),
  set: fc
    .uniqueArray(attr, { minLength: 1 })
    .chain((attrs) =>
      fc.tuple(
        ...attrs.map((name) => fc.record({ attr: fc.constant(name), to: fc.oneof(term, fc.tuple(term, term)) })),
      ),
    ),
});
const move = anyMove.filter((one) => !readsWhatItWrites(one));

describe('a shared item', () => {
  it('does with a list of moves what the rules say it does', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(move, { minLength: 1, maxLength: 3 }), { maxLength: 6 }), async (lists) => {
        const stored = sharedItem();
        let expected: Item = {};
        for (const moves of lists) {
          const should = applyMoves(expected, moves);
          const did = await stored.apply(moves);
          expected = should.item;
          expect([did.move, withoutKey(did.item)]).toEqual([should.move, should.item]);
        }
      }),
      runs(30, 300),
    );
  });

  it('answers what is there when it is asked for nothing', async () => {
    const item = sharedItem();
    expect(await item.apply([])).toEqual({ item: {}, move: undefined });
    await item.apply([{ name: 'set', when: [], set: [{ attr: 'a', to: 1 }] }]);
    expect(withoutKey((await item.apply([])).item)).toEqual({ a: 1 });
  });

  it('keeps every move within the 4 KB that DynamoDB gives an expression, the widest observation included', () => {
    const learned = applyMoves({}, observeMoves({}, 0, 7_200)).item;
    const full = { ...learned, total: 1e9 };
    for (const widest of [...observeMoves({}, 0, 7_200), ...forgetMoves(full)]) {
      expect(Buffer.byteLength(expressionsOf(widest).UpdateExpression)).toBeLessThan(4_096);
    }
    expect(forgetMoves(full)).not.toEqual([]);
  });
});

describe('many writers at one budget', () => {
  const limits = defaultPollLimits;
  const gap = baseIntervalMs(limits);
  const start = Date.parse('2026-11-23T12:00:00Z');
  /** Who asks: with which priority, how long after the start, and whether an SDK retry applies its write twice. */
  const asking = fc.array(
    fc.record({
      priority: fc.constantFrom('interactive' as const, 'bulk' as const),
      afterMs: fc.integer({ min: 0, max: 90_000 }),
      isRetried: fc.boolean(),
    }),
    { minLength: 1, maxLength: 60 },
  );

  it('never share a slot, and no window of a minute ever holds more than the limit', async () => {
    await fc.assert(
      fc.asyncProperty(asking, async (all) => {
        const item = sharedItem();
        const slots = await Promise.all(
          all.map(async ({ priority, afterMs, isRetried }) => {
            const moves = slotMoves(limits, priority, start + afterMs, undefined);
            if (isRetried) await item.apply(moves);
            const { item: after, move: granted } = await item.apply(moves);
            return slotGranted(limits, after, granted);
          }),
        );
        const granted = slots.filter((slot) => slot !== undefined).sort((a, b) => a - b);
        for (const [at, slot] of granted.entries()) {
          const previous = granted[at - 1];
          if (previous !== undefined) expect(slot - previous).toBeGreaterThanOrEqual(gap);
          const inMinute = granted.filter((other) => other >= slot && other < slot + 60_000);
          expect(inMinute.length).toBeLessThanOrEqual(limits.perMinute);
        }
        expect(granted.length).toBeGreaterThan(0);
      }),
      runs(10, 100),
    );
  });

  it('book their returns, and every one is counted', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 60 }), async (writers) => {
        const item = sharedItem();
        await Promise.all(
          Array.from({ length: writers }, () =>
            item.apply(squeezeMoves('bulk', roomNear(limits, 'bulk', {}, start, start + 60_000))),
          ),
        );
        expect(inFlight(limits, await item.read(), 'bulk', start)).toBe(writers);
      }),
      runs(5, 50),
    );
  });

  it('each get a place in line of their own, and none is lost', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 2, max: 60 }), async (writers) => {
        const item = sharedItem();
        const places = await Promise.all(
          Array.from({ length: writers }, async () => {
            const { item: after } = await item.apply(joinMoves(limits, 'bulk', start));
            return placeTaken(limits, 'bulk', after);
          }),
        );
        const expected = Array.from({ length: writers }, (_, at) => start + at * gap);
        expect(places.sort((a, b) => a - b)).toEqual(expected);
      }),
      runs(5, 50),
    );
  });
});

describe('what a wake costs while a key is refused', () => {
  const limits = defaultPollLimits;
  const start = Date.parse('2026-11-23T12:00:00Z');

  it('is one write that fails, and nothing else but now and then a probe', async () => {
    const calls: string[] = [];
    const documents = dynamoDB(sdkClientOptions);
    const counted = {
      send: (command: object) => {
        calls.push(command.constructor.name);
        return documents.send(command as never);
      },
    };
    const item = new SharedItem(tables.pollBudget, 'refused', counted as unknown as DynamoDBDocumentClient);
    const context = (now: number) => ({ limits, curve: priceCurve(belief({})), now, random: () => 0.5 });
    const state = newPollingState('bulk', start, start);
    const slot: Slot = { kind: 'slot', pollAt: start, probe: false, item: {}, grantedAt: start };
    const verdict = { kind: 'refused', reason: 'key-refused' } as const;
    await decide(afterAnswer(context(start), state, { verdict, sentAt: start, slot }), (moves) => item.apply(moves));
    calls.length = 0;

    const wakes = 60;
    for (let i = 0; i < wakes; i++) {
      // Reveals wake over ten minutes, in lines and without; whoever gets the probe is refused again.
      const now = start + 10_000 * (i + 1);
      const waiting = i % 2 === 0 ? state : { ...state, place: 0 };
      const asked = await decide(askForSlot(context(now), waiting), (moves) => item.apply(moves));
      if (asked.kind === 'slot') {
        const refused = afterAnswer(context(now), waiting, { verdict, sentAt: now, slot: asked });
        await decide(refused, (moves) => item.apply(moves));
      }
    }

    const writes = calls.filter((name) => name === 'UpdateCommand').length;
    expect(writes / wakes).toBeLessThanOrEqual(1.2);
    expect(calls.filter((name) => name === 'GetCommand')).toHaveLength(0);
  });
});
