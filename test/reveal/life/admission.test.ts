import { describe, expect, it } from 'vitest';
import { admit, executionArn, executionName } from '../../../lambdas/reveal/life/admission.ts';
import { newRecord, type RevealRecord } from '../../../lambdas/reveal/record.ts';

const nowMs = Date.parse('2026-11-23T12:00:00Z');
const claim = { generation: 1, executionArn: 'arn:one', claimedBy: 'arn:one', nowMs };
const record: RevealRecord = newRecord({ taskId: 'task_1' }, claim);

describe('admit', () => {
  it('lets the first one claim a new reveal', () => {
    expect(admit(undefined, nowMs)).toEqual({ kind: 'claim', generation: 1 });
  });

  it.each(['running', 'completed'] as const)('attaches everybody to a reveal that is %s', (status) => {
    const existing = { ...record, status };
    expect(admit(existing, nowMs)).toEqual({ kind: 'attach', record: existing });
  });

  it.each(['failed', 'timed-out', 'cancelled', 'errored'] as const)('starts over after one that %s', (status) => {
    const replaces = { ...record, status, generation: 3, publishedAt: '2026-11-23T12:00:00.000Z' };
    expect(admit(replaces, nowMs)).toEqual({ kind: 'claim', generation: 4, replaces });
  });

  it('does not take the place of one whose event is not out yet', () => {
    const unannounced = { ...record, status: 'failed' as const };
    expect(admit(unannounced, nowMs)).toEqual({ kind: 'attach', record: unannounced });
  });

  it('starts over after one that has expired, though the item is still there', () => {
    const replaces = { ...record, status: 'completed' as const, expiresAt: nowMs / 1_000 };
    expect(admit(replaces, nowMs)).toEqual({ kind: 'claim', generation: 2, replaces });
    expect(admit(replaces, nowMs - 1)).toEqual({ kind: 'attach', record: replaces });
  });
});

describe('executionName', () => {
  it('is a valid name that says nothing of the task id and differs from claim to claim', () => {
    const name = executionName(record);
    expect(name).toMatch(/^[0-9a-z-]{1,80}$/);
    expect(name).not.toContain('task');
    expect(executionName({ ...record, createdAt: '2026-11-23T12:00:00.001Z' })).not.toBe(name);
    expect(executionArn('arn:aws:states:eu-west-1:1:stateMachine:Relay', name)).toBe(
      `arn:aws:states:eu-west-1:1:execution:Relay:${name}`,
    );
  });
});
