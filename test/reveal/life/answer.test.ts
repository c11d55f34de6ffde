import { describe, expect, it } from 'vitest';
import { readAnswer } from '../../../lambdas/fiber/vendor-answer.ts';
import { finishedWith, polledWith } from '../../../lambdas/reveal/life/answer.ts';
import { changed, newRecord, type RevealRecord } from '../../../lambdas/reveal/record.ts';

const nowMs = Date.parse('2026-11-23T12:00:00Z');
const claim = { generation: 1, executionArn: 'arn:one', claimedBy: 'arn:one', nowMs };
const record: RevealRecord = newRecord({ taskId: 'task_1' }, claim);

describe('polledWith', () => {
  it('counts answers that say nothing in a row', () => {
    const once = changed(record, polledWith(record, { kind: 'unusable', problem: 'no-connection' }, nowMs));
    const twice = changed(once, polledWith(once, { kind: 'rate-limited' }, nowMs));
    expect([once.failures, twice.failures, twice.polls]).toEqual([1, 2, 2]);
    expect(polledWith(twice, { kind: 'running', vendorStatus: 'started' }, nowMs)).toMatchObject({
      failures: 0,
      polls: 3,
    });
  });

  it('counts no poll where there was no key to ask with', () => {
    expect(polledWith(record, { kind: 'refused', reason: 'key-unavailable' }, nowMs)).toMatchObject({
      polls: 0,
      failures: 1,
      lastError: { at: '2026-11-23T12:00:00.000Z', problem: 'key-unavailable' },
    });
  });
});

describe('finishedWith', () => {
  const finished = (profile: object) => {
    const bytes = Buffer.from(JSON.stringify({ output: { done: true, profile } }));
    const answer = readAnswer({ bytes });
    if (answer.kind !== 'done') throw new Error('the answer is finished');
    return changed(record, finishedWith(record, answer, { nowMs, retentionDays: 30 }));
  };

  it('settles the record with what was found, unfinished until its event is out', () => {
    const settled = finished({ status: 'completed', emails: [{ email: 'ada@example.com' }] });
    expect(settled).toMatchObject({
      status: 'completed',
      found: { emails: 1, lowQualityEmails: 0, phoneNumbers: 0 },
      settledAt: '2026-11-23T12:00:00.000Z',
      expiresAt: nowMs / 1_000 + 30 * 86_400,
      open: 'open',
    });
    expect(settled).not.toHaveProperty('reason');
  });

  it('settles it as failed, with the words of the vendor, where the vendor has failed', () => {
    expect(finished({ status: 'failed', error: 'The profile is private.' })).toMatchObject({
      status: 'failed',
      reason: 'vendor-failed',
      failure: 'The profile is private.',
    });
  });
});
