import { describe, expect, it } from 'vitest';
import { eventSchemas, eventTypes, once, revealEvent } from '../lambdas/consumer.ts';
import { announcementOf } from '../lambdas/reveal/event.ts';
import { newRecord } from '../lambdas/reveal/record.ts';

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

describe('the event schemas', () => {
  it('say of every field that we send what it is', () => {
    const claim = {
      generation: 1,
      executionArn: 'arn:one',
      claimedBy: 'arn:one',
      nowMs: Date.parse('2026-11-23T12:00:00Z'),
    };
    const record = {
      ...newRecord({ taskId: 'task_1' }, claim),
      status: 'timed-out' as const,
      reason: 'deadline-passed' as const,
      late: true,
      charge: { method: 'charged-now', creditsCharged: 2 },
      settledAt: '2026-11-23T12:30:00.000Z',
    };
    const detail = announcementOf(record, 'Reveals')?.detail;
    expect(revealEvent.parse(detail)).toEqual(detail);
    expect(Object.keys(revealEvent.shape)).toEqual(expect.arrayContaining(Object.keys(detail ?? {})));
  });

  it('cover every type of event', () => {
    expect(Object.keys(eventSchemas).sort()).toEqual(Object.values(eventTypes).sort());
  });
});
