import { describe, expect, it } from 'vitest';
import { once } from '../../../lambdas/reveal/events/once.ts';

const event = { detail: { eventId: 'e-1' } };

describe('once', () => {
  it('calls the handler for the first copy only', async () => {
    const seen = new Set<string>();
    const store = {
      add: (id: string) => !seen.has(id) && Boolean(seen.add(id)),
      remove: (id: string) => seen.delete(id),
    };
    let calls = 0;
    const handle = () => (calls += 1);
    const copies = await Promise.all([once(event, store, handle), once(event, store, handle)]);
    expect([copies, calls]).toEqual([[true, false], 1]);
  });

  it('calls it again for the next copy when it has failed', async () => {
    const seen = new Set<string>();
    const store = {
      add: (id: string) => !seen.has(id) && Boolean(seen.add(id)),
      remove: (id: string) => seen.delete(id),
    };
    const failing = () => Promise.reject(new Error('database is down'));
    await expect(once(event, store, failing)).rejects.toThrow('database is down');
    expect(await once(event, store, () => {})).toBe(true);
  });
});
