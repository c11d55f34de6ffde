import { describe, expect, expectTypeOf, it } from 'vitest';
import type * as z from 'zod/mini';
import { eventTypes } from '../../../lambdas/contract.ts';
import { announcementOf } from '../../../lambdas/reveal/events/announcement.ts';
import type { RequestDetail } from '../../../lambdas/reveal/events/details.ts';
import type { requestedEvent } from '../../../lambdas/reveal/events/requested.ts';
import { eventSchemas, revealEvent } from '../../../lambdas/reveal/events/schemas.ts';
import { newRecord } from '../../../lambdas/reveal/record.ts';

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

  it('take a request of the type that senders are given, and no other', () => {
    expectTypeOf<z.output<typeof requestedEvent>>().toEqualTypeOf<RequestDetail>();
  });
});
