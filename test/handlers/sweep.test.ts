import { describe, expect, it } from 'vitest';
import { RelayFault } from '../../lambdas/reveal/errors.ts';
import { changed, newRecord, type RecordChanges, type RevealRecord } from '../../lambdas/reveal/record.ts';
import { type Sweeping, sweepReveals } from '../../lambdas/usecases/sweep.ts';

const noon = Date.parse('2026-11-23T12:00:00Z');
const arn = 'arn:aws:states:eu-west-1:1:execution:Relay:one';
const claim = { generation: 1, executionArn: arn, claimedBy: arn, nowMs: noon - 3_600_000 };
const record = (taskId: string, changes: RecordChanges) => changed(newRecord({ taskId }, claim), changes);
const settledAt = '2026-11-23T11:30:00.000Z';
const givenUp = (taskId: string) =>
  record(taskId, { status: 'timed-out', settledAt, publishedAt: settledAt, lookAgainAt: '2026-11-23T11:45:00.000Z' });
const unannounced = (taskId: string) => record(taskId, { status: 'completed', settledAt });

/** Sweeps these records. What was done is listed in order. */
async function sweep(records: RevealRecord[], given: Partial<Sweeping> = {}) {
  const done: string[] = [];
  const report = await sweepReveals({
    open: async function* () {
      yield records;
    },
    settlement: {
      announce: async ({ revealId }) => void done.push(`announce ${revealId}`),
      settle: async (revealId) => {
        done.push(`settle ${revealId}`);
        return undefined;
      },
    },
    executions: {
      start: async ({ revealId }) => void done.push(`start ${revealId}`),
      statusOf: async () => 'ABORTED',
      arnFor: () => arn,
    },
    reveals: {
      whileRunning: async ({ revealId }, changes) => {
        done.push(`note ${revealId} ${Object.keys(changes)}`);
        return true;
      },
    },
    maxWaitMs: 7_200_000,
    lookAgain: async ({ revealId }) => {
      done.push(`look at ${revealId}`);
      return 'nothing';
    },
    log: { error: () => {} },
    now: () => noon,
    ...given,
  });
  return { done, report };
}

describe('a sweep', () => {
  it('heals first and looks at the vendor last', async () => {
    const { done, report } = await sweep([givenUp('a'), unannounced('b'), record('c', {})]);
    expect(done).toEqual(['announce b', 'settle c', 'look at a']);
    expect(report).toMatchObject({ open: 3, announced: 1, settled: 1, started: 0, late: 0, failed: 0 });
  });

  it('starts what was claimed and never started', async () => {
    const started: string[] = [];
    const executions: Sweeping['executions'] = {
      start: async ({ revealId }) => void started.push(revealId),
      statusOf: async () => undefined,
      arnFor: () => arn,
    };
    const { report } = await sweep([record('a', {})], { executions });
    expect([started, report.started]).toEqual([['a'], 1]);
  });

  it('looks at twenty at the most, and at none any more when it is no time to look', async () => {
    const many = Array.from({ length: 30 }, (_, n) => givenUp(`task_${n}`));
    expect((await sweep(many)).done).toHaveLength(20);
    let looks = 0;
    await sweep(many, {
      lookAgain: async () => {
        looks += 1;
        return looks < 3 ? 'nothing' : 'not-now';
      },
    });
    expect(looks).toBe(3);
  });

  it('stops inspecting when Step Functions wants to be asked less often, and calls nobody for it', async () => {
    const errors: unknown[] = [];
    let asked = 0;
    const executions: Sweeping['executions'] = {
      start: async () => {},
      statusOf: async () => {
        asked += 1;
        if (asked === 2) throw new RelayFault('Step Functions', 'ThrottlingException', { isThrottle: true });
        return 'ABORTED';
      },
      arnFor: () => arn,
    };
    const records = [record('a', {}), record('b', {}), record('c', {}), givenUp('d')];
    const { done, report } = await sweep(records, { executions, log: { error: (...line) => errors.push(line) } });
    expect(done).toEqual(['settle a', 'look at d']);
    expect(report).toMatchObject({ open: 4, settled: 1, failed: 0, postponed: 2 });
    expect([asked, errors]).toEqual([2, []]);
  });

  it('notes whom it has seen running, and inspects the others first the next time', async () => {
    const inspected: string[] = [];
    const executions: Sweeping['executions'] = {
      start: async () => {},
      statusOf: async (executionArn) => {
        inspected.push(executionArn);
        return 'RUNNING';
      },
      arnFor: () => arn,
    };
    const seen = (taskId: string, inspectedAt?: string) =>
      record(taskId, { executionArn: taskId, ...(inspectedAt && { inspectedAt }) });
    const records = [seen('a', '2026-11-23T11:55:00.000Z'), seen('b', '2026-11-23T11:50:00.000Z'), seen('c')];
    const { done, report } = await sweep(records, { executions });
    expect(inspected).toEqual(['c', 'b', 'a']);
    expect(done).toEqual(['note c inspectedAt', 'note b inspectedAt', 'note a inspectedAt']);
    expect(report).toMatchObject({ failed: 0, postponed: 0 });
  });

  it('counts who waits for the key, for credits, or in a backlog past the deadline', async () => {
    const isThere = { nextPollAt: '2026-11-23T12:05:00.000Z' };
    const { report } = await sweep(
      [
        record('a', { ...isThere, pausedBecause: 'key-refused' }),
        record('b', { ...isThere, pausedBecause: 'key-unavailable' }),
        record('c', { ...isThere, pausedBecause: 'out-of-credits' }),
        record('d', isThere),
        givenUp('e'),
      ],
      { maxWaitMs: 40 * 60_000 },
    );
    expect(report).toMatchObject({ open: 5, waitingForKey: 2, waitingForCredits: 1, overdue: 1 });
  });

  it('announces a late result', async () => {
    const late = changed(givenUp('a'), { status: 'completed', late: true });
    const { done, report } = await sweep([givenUp('a')], { lookAgain: async () => late });
    expect([done, report.late]).toEqual([['announce a'], 1]);
  });

  it('goes on behind a record that cannot be healed, and counts it', async () => {
    const { report } = await sweep([unannounced('a'), unannounced('b')], {
      settlement: {
        announce: async ({ revealId }) => {
          if (revealId === 'a') throw new Error('not taken');
        },
        settle: async () => undefined,
      },
    });
    expect(report).toMatchObject({ open: 2, announced: 1, failed: 1 });
  });
});
