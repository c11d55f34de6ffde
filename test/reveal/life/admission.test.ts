import { describe, expect, it } from 'vitest';
import { admit, admitPerson, executionArn, executionName } from '../../../lambdas/reveal/life/admission.ts';
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

describe('admitPerson', () => {
  const wish = { maxAgeDays: 30 };
  const person: RevealRecord = {
    ...newRecord(
      {
        revealId: 'person-1',
        linkedinUrl: 'https://www.linkedin.com/in/ada-example-1',
        find: ['work-emails'],
        ...wish,
      },
      claim,
    ),
    settledAt: '2026-11-23T12:00:00.000Z',
    publishedAt: '2026-11-23T12:00:01.000Z',
  };
  const dayMs = 86_400_000;
  const startIntent = { nonce: 'nonce', at: '2026-11-23T11:00:00.000Z' };
  const unknown: RevealRecord = { ...person, status: 'errored', reason: 'start-unknown', startIntent };
  const isNew = (record: RevealRecord | undefined, asked: Parameters<typeof admitPerson>[1], at = nowMs) =>
    admitPerson(record, asked, at).kind === 'claim';

  it('starts nothing beside a reveal that runs, however much it is wished for', () => {
    expect(isNew({ ...person, status: 'running' }, { maxAgeDays: 0, force: 'key' })).toBe(false);
  });

  it('starts nothing while nobody knows whether the last start was paid for, however much it is wished for', () => {
    expect(isNew(unknown, { maxAgeDays: 0, force: 'key' })).toBe(false);
    expect(isNew({ ...unknown, status: 'cancelled' }, wish)).toBe(false);
  });

  it('takes a result that is young enough, and starts anew for one that is not', () => {
    const completed = { ...person, status: 'completed' as const };
    expect(isNew(completed, wish, nowMs + 30 * dayMs)).toBe(false);
    expect(isNew(completed, wish, nowMs + 30 * dayMs + 1)).toBe(true);
    expect(isNew(completed, { maxAgeDays: 180 }, nowMs + 31 * dayMs)).toBe(false);
  });

  it('starts nothing for a person who has been erased', () => {
    expect(isNew({ ...person, status: 'completed', erasedAt: 'then' }, { maxAgeDays: 0, force: 'key' })).toBe(false);
  });

  it.each(['timed-out', 'cancelled', 'errored'] as const)('goes on with the task of one that %s', (status) => {
    const task = { taskId: 'task_1', startedBy: 'nonce', startedAt: 'then', startCreditsCharged: 5 };
    expect(admitPerson({ ...person, status, ...task }, wish, nowMs)).toMatchObject({
      kind: 'claim',
      generation: 2,
      inherits: { ...task, find: ['work-emails'] },
    });
  });

  it('pays for nothing at the wish of somebody who asks by a task', () => {
    for (const status of ['failed', 'errored', 'cancelled', 'timed-out'] as const) {
      expect(isNew({ ...person, status }, { ...wish, paysNothing: true })).toBe(false);
    }
  });

  describe('by a key', () => {
    const completed = { ...person, status: 'completed' as const };
    const forced = (record: RevealRecord, force: string, more = {}) =>
      admitPerson(record, { maxAgeDays: 0, force, ...more }, nowMs);

    it('starts one generation, and knows the key from then on', () => {
      expect(forced(completed, 'key')).toMatchObject({ kind: 'claim', inherits: { forcedBy: ['key'] } });
      expect(forced({ ...completed, forcedBy: ['key'] }, 'key')).toMatchObject({ kind: 'attach' });
    });

    it('remembers the keys before it', () => {
      const forcedBy = ['second', 'first'];
      expect(forced({ ...completed, forcedBy }, 'third')).toMatchObject({
        inherits: { forcedBy: ['third', 'second', 'first'] },
      });
      const decision = { generation: 1 };
      expect(admitPerson({ ...unknown, forcedBy }, { ...wish, decision }, nowMs)).toMatchObject({
        kind: 'claim',
        inherits: { forcedBy },
      });
    });
  });

  describe('by a decision', () => {
    it('starts again, or goes on with the task that somebody has found', () => {
      expect(admitPerson(unknown, { ...wish, decision: { generation: 1 } }, nowMs)).toMatchObject({
        kind: 'claim',
        generation: 2,
        replaces: unknown,
      });
      const found = { generation: 1, taskId: 'task_1' };
      expect(admitPerson(unknown, { ...wish, decision: found }, nowMs)).toMatchObject({
        inherits: { taskId: 'task_1' },
      });
    });

    it('does nothing about any other generation, whatever that has come to', () => {
      const decision = { generation: 1 };
      for (const status of ['running', 'completed', 'failed', 'errored', 'cancelled', 'timed-out'] as const) {
        expect(isNew({ ...person, status, generation: 2 }, { maxAgeDays: 0, decision })).toBe(false);
      }
      expect(isNew({ ...unknown, generation: 2 }, { ...wish, decision })).toBe(false);
    });
  });
});
