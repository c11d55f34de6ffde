import { describe, expect, it } from 'vitest';
import { admitPerson } from '../../../lambdas/reveal/life/admission.ts';
import { newRecord, type RevealRecord } from '../../../lambdas/reveal/record.ts';

const nowMs = Date.parse('2026-11-27T12:00:00Z');
const claim = { generation: 2, executionArn: 'arn:two', claimedBy: 'arn:two', nowMs };
const request = {
  revealId: 'person-1',
  linkedinUrl: 'https://www.linkedin.com/in/ada-example-1',
  find: ['work-emails'],
  maxAgeDays: 30,
  force: 'order-7',
} as const;
const unknown: RevealRecord = {
  ...newRecord(request, claim),
  status: 'errored',
  reason: 'start-unknown',
  startIntent: { nonce: 'a', at: '2026-11-27T11:00:00.000Z' },
  publishedAt: '2026-11-27T11:10:00.000Z',
};
const startAgain = { maxAgeDays: 30, decision: { generation: 2 } };

describe('somebody’s decision about a start of which nobody knows', () => {
  it('does not start again what has been answered meanwhile: its task is paid for', () => {
    const { startIntent: _, ...same } = unknown;
    const answered: RevealRecord = { ...same, reason: 'relay-fault', taskId: 'task-1', startedBy: 'a' };

    expect(admitPerson(answered, startAgain, nowMs)).toMatchObject({
      kind: 'claim',
      inherits: { taskId: 'task-1', startedBy: 'a' },
    });
  });

  it('keeps the keys under which a new result was wished for: the same key is no wish for another', () => {
    const admission = admitPerson(unknown, startAgain, nowMs);

    expect(admission).toMatchObject({ kind: 'claim', generation: 3, inherits: { forcedBy: ['order-7'] } });
  });
});
