import { describe, expect, it } from 'vitest';
import type { RevealRequest } from '../../../lambdas/reveal/claim-request.ts';
import { newRecord } from '../../../lambdas/reveal/record.ts';
import type { Caller, RevealOptions, Started, StartRequest } from '../../../lambdas/usecases/starting/start.ts';
import { type BatchStarting, startBatch } from '../../../lambdas/usecases/starting/start-batch.ts';
import { withResolvers } from '../../../local/workflow/with-resolvers.ts';

const claim = { generation: 1, executionArn: 'arn', claimedBy: 'me', nowMs: 0 };
const startedOf = (request: RevealRequest): Started => ({
  kind: 'started',
  record: newRecord(request, claim),
  optionsDiffer: [],
  missing: [],
});

/** Starts whatever it is asked for, unless told otherwise, at second 1. The deadline never comes by itself. */
function starting(changes: Partial<BatchStarting> = {}): BatchStarting & { asked: unknown[][] } {
  const asked: unknown[][] = [];
  let named = 0;
  return {
    asked,
    starter: {
      start: async (request: StartRequest, { claimedBy }: Caller, otherwise?: RevealOptions) => {
        asked.push([request, claimedBy, otherwise]);
        return startedOf({ taskId: request.taskId ?? '' });
      },
    },
    newClaimant: () => `claimant-${++named}`,
    now: () => 1_000,
    callLater: () => () => {},
    ...changes,
  };
}
const requests = (count: number) => Array.from({ length: count }, (_, n) => ({ taskId: `task-${n}` }));

describe('starting a batch', () => {
  it('starts each by a claimant of its own, as bulk unless it says otherwise, and answers in order', async () => {
    const batch = starting();
    const starts = await startBatch(requests(60), {}, 2_000, batch);
    expect(starts.map((start) => 'record' in start && start.record.revealId)).toEqual(
      requests(60).map(({ taskId }) => taskId),
    );
    expect(new Set(batch.asked.map(([, claimedBy]) => claimedBy)).size).toBe(60);
    expect(new Set(batch.asked.map(([, , otherwise]) => JSON.stringify(otherwise)))).toEqual(
      new Set(['{"priority":"bulk"}']),
    );
  });

  it('has 25 under way at a time', async () => {
    let underWay = 0;
    let most = 0;
    const start = async (request: RevealRequest) => {
      most = Math.max(most, ++underWay);
      await new Promise(setImmediate);
      underWay -= 1;
      return startedOf({ taskId: request.taskId ?? '' });
    };
    await startBatch(requests(100), {}, 2_000, starting({ starter: { start } }));
    expect(most).toBe(25);
  });

  it('lets a start that fails cost no other', async () => {
    const error = new Error('no');
    const start = async (request: RevealRequest) => {
      if (request.taskId === 'task-1') throw error;
      return startedOf({ taskId: request.taskId ?? '' });
    };
    const starts = await startBatch(requests(3), {}, 2_000, starting({ starter: { start } }));
    expect(starts).toMatchObject([{ kind: 'started' }, { kind: 'failed', error }, { kind: 'started' }]);
  });

  it('answers when its time is over, with what is not known to be started as late', async () => {
    let timeIsUp = () => {};
    const neverAnswered = withResolvers<Started>();
    const start = ({ taskId = '' }: StartRequest) => {
      if (taskId !== 'task-1') return Promise.resolve(startedOf({ taskId }));
      setImmediate(() => timeIsUp());
      return neverAnswered.promise;
    };
    const callLater: BatchStarting['callLater'] = (callback, ms) => {
      expect(ms).toBe(1_000);
      timeIsUp = callback;
      return () => {};
    };
    const starts = await startBatch(requests(2), {}, 2_000, starting({ starter: { start }, callLater }));
    expect(starts).toMatchObject([{ kind: 'started' }, { kind: 'late' }]);
    neverAnswered.resolve(startedOf({ taskId: 'task-1' }));
    await new Promise(setImmediate);
    expect(starts[1]).toEqual({ kind: 'late' });
  });

  it('calls its time off when everything is started', async () => {
    let pending = 0;
    const callLater = () => {
      pending += 1;
      return () => {
        pending -= 1;
      };
    };
    await startBatch(requests(3), {}, 2_000, starting({ callLater }));
    expect(pending).toBe(0);
  });

  it('waits for no time at all when its time was over before it began, and starts nothing', async () => {
    const waits: number[] = [];
    const callLater: BatchStarting['callLater'] = (callback, ms) => {
      waits.push(ms);
      callback();
      return () => {};
    };
    const batch = starting({ callLater });
    expect(await startBatch(requests(1), {}, 500, batch)).toEqual([{ kind: 'late' }]);
    expect(waits).toEqual([0]);
    expect(batch.asked).toEqual([]);
  });
});
