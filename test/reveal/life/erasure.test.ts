import { describe, expect, it } from 'vitest';
import { erasedWith } from '../../../lambdas/reveal/life/erasure.ts';
import { changed, newRecord, type RevealRecord } from '../../../lambdas/reveal/record.ts';

const noon = Date.parse('2026-11-23T12:00:00Z');
const claim = { generation: 1, executionArn: 'arn:one', claimedBy: 'arn:one', nowMs: noon };
const settled: RevealRecord = {
  ...newRecord({ taskId: 'task_1', reference: 'order-7' }, claim),
  status: 'failed',
  reason: 'vendor-failed',
  result: { emails: [{ email: 'ada@example.com' }], lowQualityEmails: [], phoneNumbers: [] },
  found: { emails: 1, lowQualityEmails: 0, phoneNumbers: 0 },
  failure: 'Ada has a private profile.',
  vendorStatus: 'failed for ada',
  charge: { method: 'credits-refunded', creditsRefunded: 4, message: 'Ada was not found.' },
  lookAgainAt: '2026-11-23T12:15:00.000Z',
};
const publishedAt = '2026-11-23T12:00:01.000Z';

describe('erasedWith', () => {
  it('leaves who asked for what, how it ended, and counts: nothing that the vendor wrote', () => {
    const tombstone = changed(settled, erasedWith(settled, noon));
    expect(tombstone).toMatchObject({
      reference: 'order-7',
      status: 'failed',
      found: { emails: 1 },
      charge: { method: 'credits-refunded', creditsRefunded: 4 },
      erasedAt: '2026-11-23T12:00:00.000Z',
    });
    expect(JSON.stringify(tombstone)).not.toMatch(/ada/i);
  });

  it('finishes a record whose event is out', () => {
    const published = { ...settled, publishedAt };
    expect(changed(published, erasedWith(published, noon))).not.toHaveProperty('open');
  });

  it('says nothing of whether a record is unfinished whose event may go out meanwhile', () => {
    expect(erasedWith(settled, noon)).not.toHaveProperty('open');
  });

  it('done again keeps the first time', () => {
    const once = changed(settled, erasedWith(settled, noon));
    expect(erasedWith(once, noon + 60_000).erasedAt).toBe(once.erasedAt);
  });
});
