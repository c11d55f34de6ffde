import { describe, expect, it } from 'vitest';
import type { PollAnswer } from '../../../lambdas/fiber/vendor-answer.ts';
import { askForSlot } from '../../../lambdas/polling/ask-for-slot.ts';
import { decideNow } from '../../../lambdas/polling/budget/decision.ts';
import type { Item } from '../../../lambdas/polling/budget/moves.ts';
import { type Context, isSlot, newPollingState } from '../../../lambdas/polling/polling-state.ts';
import { type PollParts, pollWithinBudget } from '../../../lambdas/usecases/workflow/budgeted-poll.ts';
import { at, budgetWith, noon } from '../../support/budget.ts';

const record = { taskId: 'task_1', createdAt: new Date(noon - 600_000).toISOString() };
const state = newPollingState('bulk', noon - 600_000, noon);
const running: PollAnswer = { kind: 'running', vendorStatus: 'started' };
const refused: PollAnswer = { kind: 'refused', reason: 'key-refused', httpStatus: 401 };

interface World {
  /** The key that the container has. */
  held: string | undefined;
  /** What the secret holds now. */
  secret: () => Promise<string | undefined>;
  /** How long the secret takes to be read, milliseconds. */
  secretMs: number;
  budget: Item;
  answer: PollAnswer;
}
const fine: World = { held: 'old', secret: async () => 'old', secretMs: 0, budget: {}, answer: running };

/** Polls in a world where everything is fine but for what is given, and says what the vendor got to see, and when. */
async function poll(given: Partial<World> = {}) {
  const world = { ...fine, ...given };
  const seen: { key: string; taskId: string; at: number }[] = [];
  let now = noon;
  const read = async <Key>(key: Key | Promise<Key>) => {
    now += world.secretMs;
    return key;
  };
  const budget = budgetWith(world.budget);
  const parts: PollParts = {
    apiKey: { get: () => read(world.held), refetch: () => read(world.secret()) },
    budget: {
      reach: async (ask) => {
        const slot = decideNow(ask(at(now)), budget.apply);
        if (isSlot(slot)) now = slot.pollAt;
        return slot;
      },
    },
    fiber: {
      poll: async (key, taskId) => {
        seen.push({ key, taskId, at: now });
        return world.answer;
      },
    },
    now: () => now,
  };
  const ask = (context: Context) => askForSlot(context, state);
  return { seen, polled: await pollWithinBudget(record, ask, parts) };
}

describe('a poll', () => {
  it('leaves in its slot, with the key that is held, and the answer is judged', async () => {
    const { seen, polled } = await poll({ budget: { tat: noon + 4_000 } });
    expect(seen).toEqual([{ key: 'old', taskId: 'task_1', at: noon + 4_000 }]);
    expect(polled).toMatchObject({ answer: running, verdict: { kind: 'pending' }, sentAt: noon + 4_000 });
  });

  it('leaves as soon as its slot is there, however long the key takes to be read', async () => {
    const { polled } = await poll({ secretMs: 2_000 });
    expect(polled).toMatchObject({ slot: { pollAt: noon + 2_000 }, sentAt: noon + 2_000 });
  });

  it('does not leave without a slot', async () => {
    const { seen, polled } = await poll({ budget: { tat: noon + 60_000 } });
    expect(seen).toEqual([]);
    expect(polled).toMatchObject({ kind: 'wake' });
  });

  it('does not leave without a key, and opens the breaker with the reason', async () => {
    const { seen, polled } = await poll({ held: undefined, secret: async () => undefined });
    expect(seen).toEqual([]);
    expect(polled).toMatchObject({
      answer: { kind: 'refused', reason: 'key-unavailable' },
      verdict: { kind: 'refused', reason: 'key-unavailable' },
    });
  });

  it('with a slot does not trust the memory of an empty secret: it may have been filled meanwhile', async () => {
    const { seen } = await poll({ held: undefined, secret: async () => 'new' });
    expect(seen).toMatchObject([{ key: 'new' }]);
  });

  it('that is a probe takes the key that the secret holds now', async () => {
    const { seen, polled } = await poll({
      budget: { broken: noon - 60_000, reason: 'key-refused' },
      secret: async () => 'new',
    });
    expect(seen).toMatchObject([{ key: 'new' }]);
    expect(polled).toMatchObject({ slot: { probe: true } });
  });

  it.each<[string, World['secret'], string]>([
    ['opens the breaker when its key is refused', async () => 'old', 'refused'],
    ['says nothing against a key that has replaced the refused one', async () => 'new', 'unknown'],
    [
      'stands when nobody can say what the secret holds now',
      async () => Promise.reject(new Error('denied')),
      'refused',
    ],
  ])('%s', async (_name, secret, verdict) => {
    expect((await poll({ answer: refused, secret })).polled).toMatchObject({
      answer: refused,
      verdict: { kind: verdict },
    });
  });
});
