import { describe, expect, it } from 'vitest';
import { announcementOf, type CreditWarning, creditWarningOf } from '../../../lambdas/reveal/events/announcement.ts';
import { newRecord, type RevealRecord } from '../../../lambdas/reveal/record.ts';

const nowMs = Date.parse('2026-11-23T12:00:00Z');
const claim = { generation: 1, executionArn: 'arn:one', claimedBy: 'arn:one', nowMs };
const record: RevealRecord = newRecord({ taskId: 'task_1' }, claim);
const settled: RevealRecord = {
  ...record,
  status: 'completed',
  polls: 4,
  result: { emails: [{ email: 'ada@example.com' }], lowQualityEmails: [], phoneNumbers: [] },
  found: { emails: 1, lowQualityEmails: 0, phoneNumbers: 0 },
  charge: { method: 'credits-refunded', creditsRefunded: 4 },
  settledAt: '2026-11-23T12:01:30.000Z',
};

describe('announcementOf', () => {
  it('says nothing of a reveal that has not ended', () => {
    expect(announcementOf(record, 'Reveals')).toBeUndefined();
  });

  it('tells how it ended in counts and pointers, without contact data', () => {
    const announcement = announcementOf(settled, 'Reveals');
    expect(announcement).toEqual({
      type: 'Contact Reveal Completed',
      detail: {
        schemaVersion: 1,
        eventId: expect.stringMatching(/^[0-9a-f]{32}$/),
        revealId: 'task_1',
        taskId: 'task_1',
        generation: 1,
        outcome: 'completed',
        found: { emails: 1, lowQualityEmails: 0, phoneNumbers: 0 },
        polls: 4,
        seconds: 90,
        credits: -4,
        creditsRefunded: 4,
        settledAt: '2026-11-23T12:01:30.000Z',
        record: { table: 'Reveals', revealId: 'task_1' },
      },
    });
    expect(JSON.stringify(announcement)).not.toContain('ada');
  });

  it('tells what the start was charged beside what came of it, and counts it once', () => {
    const startCharge = { method: 'charged-now', creditsCharged: 12 };
    const { detail } = announcementOf({ ...settled, startCharge, startCreditsCharged: 12 }, 'Reveals') ?? {};
    expect(detail).toMatchObject({ credits: 8, creditsCharged: 12, creditsRefunded: 4, startCreditsCharged: 12 });
  });

  it('says of a person whose task was not started that nothing was charged, and names no task', () => {
    const wish = { revealId: 'person-1-a', linkedinUrl: 'ada', find: ['work-emails' as const], maxAgeDays: 30 };
    const waiting = newRecord(wish, claim);
    const ended = {
      ...waiting,
      status: 'errored',
      reason: 'not-started',
      settledAt: settled.settledAt,
    } as RevealRecord;
    const { detail } = announcementOf(ended, 'Reveals') ?? {};
    expect(detail).toMatchObject({ revealId: 'person-1-a', reason: 'not-started', credits: 0, creditsCharged: 0 });
    expect(detail).not.toHaveProperty('taskId');
    expect(JSON.stringify(detail)).not.toContain('ada');
  });

  it('has the same id every time, and another for another generation', () => {
    const id = (of: RevealRecord) => announcementOf(of, 'Reveals')?.detail.eventId;
    expect(id(settled)).toBe(id({ ...settled, publishedAt: '2026-11-23T12:02:00.000Z' }));
    expect(id(settled)).not.toBe(id({ ...settled, generation: 2 }));
  });
});

describe('creditWarningOf', () => {
  it('hands on how many credits the vendor says are left', () => {
    const charge = { method: 'charged-now', creditsCharged: 2, lowCreditAlert: { availableCredits: 40 } };
    const warning = creditWarningOf({ ...settled, charge });
    expect(warning).toMatchObject({ type: 'Low Credits', detail: { revealId: 'task_1', availableCredits: 40 } });
    expect(warning).toHaveProperty('detail.eventId');
    expect((warning as CreditWarning).detail.eventId).not.toBe(announcementOf(settled, 'Reveals')?.detail.eventId);
  });

  it('hands on where to get more, if that is an https address', () => {
    const alerted = (getMoreCreditsUrl: string) =>
      creditWarningOf({ ...settled, charge: { lowCreditAlert: { availableCredits: 40, getMoreCreditsUrl } } });
    const link = 'https://fiber.ai/billing';
    expect(alerted(link)).toHaveProperty('detail.getMoreCreditsUrl', link);
    for (const other of ['http://fiber.ai/billing', 'javascript:alert(1)', '']) {
      expect(alerted(other)).not.toHaveProperty('detail.getMoreCreditsUrl');
    }
  });

  it('takes the warning of a start for as long as nothing else is known of the charge', () => {
    const { charge: _, ...waiting } = settled;
    const startCharge = { method: 'charged-now', creditsCharged: 12, lowCreditAlert: { availableCredits: 40 } };
    expect(creditWarningOf({ ...waiting, startCharge })).toMatchObject({ detail: { availableCredits: 40 } });
    expect(creditWarningOf({ ...settled, startCharge })).toBe('none');
  });

  it('tells a charge without a warning from no charge, and from one whose words were erased', () => {
    expect(creditWarningOf(settled)).toBe('none');
    expect(creditWarningOf({ ...settled, charge: undefined } as unknown as RevealRecord)).toBeUndefined();
    expect(creditWarningOf({ ...settled, erasedAt: '2026-11-23T12:02:00.000Z' })).toBeUndefined();
  });
});
