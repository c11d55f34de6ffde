import { describe, expect, it } from 'vitest';
import type { PollAnswer } from '../../lambdas/fiber/vendor-answer.ts';
import type { Step } from '../../lambdas/polling/step.ts';
import type { Slot } from '../../lambdas/polling/turn.ts';
import { type PollParts, pollWithinBudget } from '../../lambdas/usecases/budgeted-poll.ts';

const noon = 1_800_000_000_000;
const record = { taskId: 'task_1', createdAt: new Date(noon - 600_000).toISOString() };
const granted: Slot = { kind: 'slot', pollAt: noon, probe: false, item: {}, grantedAt: noon };
const running: PollAnswer = { kind: 'running', vendorStatus: 'started' };
const refused: PollAnswer = { kind: 'refused', reason: 'key-refused', httpStatus: 401 };
const ask = (): Step<Slot> => ({ moves: [], next: () => granted });

interface World {
  /** The key that the container has. */
  held: string | undefined;
  /** What asking for the secret again comes to. */
  refetch: () => Promise<string | undefined>;
  slot: Slot | 'missed';
  answer: PollAnswer;
}
const fine: World = { held: 'old', refetch: async () => 'old', slot: granted, answer: running };

/** Polls in a world where everything is fine but for what is given. What was done is listed in order. */
async function poll(given: Partial<World> = {}) {
  const world = { ...fine, ...given };
  const done: string[] = [];
  const noted = async <T>(what: string, answer: T | Promise<T>) => {
    done.push(what);
    return answer;
  };
  const parts: PollParts = {
    apiKey: { get: () => noted('key', world.held), refetch: () => noted('key again', world.refetch()) },
    // biome-ignore lint/suspicious/noExplicitAny: stands in for every step
    budget: { reach: () => noted<any>('slot', world.slot) },
    fiber: { poll: (key) => noted(`poll with ${key}`, world.answer) },
    now: () => noon,
  };
  return { done, poll: await pollWithinBudget(record, ask, parts) };
}

describe('a poll', () => {
  it('reads the key first, so that it leaves as soon as its slot is there', async () => {
    const { done, poll: polled } = await poll();
    expect(done).toEqual(['key', 'slot', 'poll with old']);
    expect(polled).toMatchObject({ kind: 'polled', answer: running, verdict: { kind: 'pending' }, sentAt: noon });
  });

  it('does not leave without a slot', async () => {
    const { done, poll: polled } = await poll({ slot: 'missed' });
    expect([polled, done]).toEqual(['missed', ['key', 'slot']]);
  });

  it('does not leave without a key, and opens the breaker with the reason', async () => {
    const { done, poll: polled } = await poll({ held: undefined, refetch: async () => undefined });
    expect(done).toEqual(['key', 'slot', 'key again']);
    expect(polled).toMatchObject({
      answer: { kind: 'refused', reason: 'key-unavailable' },
      verdict: { kind: 'refused', reason: 'key-unavailable' },
    });
  });

  it('with a slot does not trust the memory of an empty secret: it may have been filled meanwhile', async () => {
    const { done } = await poll({ held: undefined, refetch: async () => 'new' });
    expect(done).toEqual(['key', 'slot', 'key again', 'poll with new']);
  });

  it('that is a probe takes the key that the secret holds now', async () => {
    const { done } = await poll({ slot: { ...granted, probe: true }, refetch: async () => 'new' });
    expect(done).toEqual(['key', 'slot', 'key again', 'poll with new']);
  });

  it.each<[string, World['refetch'], string]>([
    ['opens the breaker when its key is refused', async () => 'old', 'refused'],
    ['says nothing against a key that has replaced the refused one', async () => 'new', 'unknown'],
    [
      'stands when nobody can say what the secret holds now',
      async () => Promise.reject(new Error('denied')),
      'refused',
    ],
  ])('%s', async (_name, refetch, verdict) => {
    expect((await poll({ answer: refused, refetch })).poll).toMatchObject({
      answer: refused,
      verdict: { kind: verdict },
    });
  });
});
