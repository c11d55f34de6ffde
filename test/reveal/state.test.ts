import { describe, expect, it } from 'vitest';
import type { PollingState } from '../../lambdas/polling/polling-state.ts';
import { newRecord } from '../../lambdas/reveal/record.ts';
import { pendingState, readState, toStartState } from '../../lambdas/reveal/state.ts';

const noon = Date.parse('2026-11-23T12:00:00Z');
const record = newRecord(
  { taskId: 'task_1' },
  { generation: 2, executionArn: 'arn', claimedBy: 'test', nowMs: noon - 60_000 },
);
const polling: PollingState = {
  priority: 'interactive',
  startedAt: noon - 60_000,
  deadlineAt: noon + 3_540_000,
  lastNegativeAt: noon - 5_000,
  place: 7,
  slowest: 0.01,
  refusedAt: noon - 9_000,
  failures: 3,
};

describe("the workflow's state of a reveal that goes on", () => {
  it('has the names that it has had since 0.1.0, whatever the code calls them', () => {
    expect(pendingState(record, { kind: 'wake', nextPollAt: noon + 1_500, state: polling })).toEqual({
      revealId: 'task_1',
      generation: 2,
      outcome: 'pending',
      nextPollAt: '2026-11-23T12:00:01.500Z',
      turn: {
        lane: 'interactive',
        startedAt: noon - 60_000,
        deadlineAt: noon + 3_540_000,
        pendingAt: noon - 5_000,
        place: 7,
        slowest: 0.01,
        refusedAt: noon - 9_000,
        unknowns: 3,
      },
    });
  });

  it('is read as it was written', () => {
    const state = JSON.parse(JSON.stringify(pendingState(record, { kind: 'wake', nextPollAt: noon, state: polling })));

    expect(readState(state)).toEqual({ revealId: 'task_1', generation: 2, polling });
  });

  it('is read without what this version does not know, and without a polling state that makes no sense', () => {
    const turn = { lane: 'bulk', startedAt: 1, deadlineAt: 2, pendingAt: 1, unknowns: 0 };
    const state = { revealId: 'task_1', generation: 1 };

    expect(readState({ ...state, turn: { ...turn, pace: 2.65 } })?.polling).toEqual({
      priority: 'bulk',
      startedAt: 1,
      deadlineAt: 2,
      lastNegativeAt: 1,
      failures: 0,
    });
    expect(readState({ ...state, turn: { ...turn, lane: 'express' } })).toEqual(state);
    expect(readState({ Error: 'States.Timeout' })).toBeUndefined();
  });
});

describe("the workflow's state of a reveal whose task is to be started", () => {
  const odd = 'task ü/\u0000"\n💡?#';
  const task = {
    taskId: odd,
    nonce: 'nonce',
    startedAt: '2026-11-23T12:00:00.000Z',
    charge: { method: 'charged-now', creditsCharged: 12, message: 'for ada-example-1' },
  };
  const onTheWire = (state: object) => JSON.parse(JSON.stringify(state)) as unknown;

  it('carries a task whatever characters its id holds, and none of the vendor’s words', () => {
    const state = onTheWire(toStartState(record, { nextStartAt: noon, startedTask: task }));
    expect(JSON.stringify(state)).not.toContain('ada-example');
    expect(readState(state)).toEqual({
      revealId: 'task_1',
      generation: 2,
      startedTask: { ...task, charge: { creditsCharged: 12 } },
    });
  });

  it('carries where it stands in line', () => {
    const state = toStartState(record, { nextStartAt: noon, state: polling });
    expect(state).toMatchObject({ outcome: 'to-start', nextStartAt: '2026-11-23T12:00:00.000Z' });
    expect(readState(onTheWire(state))).toEqual({ revealId: 'task_1', generation: 2, polling });
  });

  it('is no state if the task that it carries is none: it must not be taken for one to start', () => {
    const state = toStartState(record, { nextStartAt: noon, startedTask: { ...task, taskId: '' } });
    expect(readState(onTheWire(state))).toBeUndefined();
  });
});
