import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RevealBus } from '../../lambdas/aws/event-bus.ts';
import { Executions } from '../../lambdas/aws/executions.ts';
import { sdkClientOptions } from '../../lambdas/aws/sdk.ts';
import { readAnswer } from '../../lambdas/fiber/vendor-answer.ts';
import { RelayFault } from '../../lambdas/reveal/errors.ts';
import { executionArn, executionName } from '../../lambdas/reveal/life/admission.ts';
import { secondLookWith } from '../../lambdas/reveal/life/second-look.ts';
import { changed, type RecordChanges, type RevealRecord } from '../../lambdas/reveal/record.ts';
import { eventBridge, stepFunctions } from '../../lambdas/runtime/clients.ts';
import { Settlement } from '../../lambdas/usecases/settle.ts';
import { type Sweeping, sweepReveals } from '../../lambdas/usecases/sweep.ts';
import { answer, type DoorSurroundings, startDoors, stateMachineArn } from '../support/doors.ts';

const noon = Date.parse('2026-11-23T12:00:00Z');
const minute = 60_000;

let doors: DoorSurroundings;
let executions: Executions;
beforeAll(async () => {
  doors = await startDoors();
  executions = new Executions(stateMachineArn, stepFunctions(sdkClientOptions));
});
afterAll(() => doors[Symbol.asyncDispose]());

/** The reveals of one test. */
let ids: string[];
let logged: unknown[];
let nowMs: number;
beforeEach(() => {
  ids = [];
  logged = [];
  nowMs = noon;
  doors.events.length = 0;
});

let reveals = 0;
async function put(changes: RecordChanges): Promise<string> {
  reveals += 1;
  const id = `swept-${reveals}`;
  ids.push(id);
  const hourAgo = new Date(noon - 60 * minute).toISOString();
  const arn = `${stateMachineArn.replace('stateMachine', 'execution')}:gone-${reveals}`;
  await doors.put(id, { createdAt: hourAgo, executionArn: arn, ...changes });
  return id;
}

const settledAt = '2026-11-23T11:30:00.000Z';
/** Its execution is not there any more. */
const putLeftBehind = () => put({});
const putUnannounced = () => put({ status: 'timed-out', reason: 'deadline-passed', settledAt });
const lookAgainAt = '2026-11-23T11:45:00.000Z';
const putGivenUp = () =>
  put({ status: 'timed-out', reason: 'deadline-passed', settledAt, publishedAt: settledAt, lookAgainAt });

const recordOf = async (id: string) => (await doors.reveals.get(id)) as RevealRecord;
const records = () => Promise.all(ids.map(recordOf));

/** The answer to a second look as the table keeps it, without a poll. */
async function lookedAt(record: RevealRecord, told: Parameters<typeof secondLookWith>[1]) {
  const look = secondLookWith(record, told, { nowMs, retentionDays: 30 });
  if (look.kind === 'not-now') return 'not-now';
  if (look.kind === 'late') {
    await doors.reveals.keepAnswer(record, look.answer, look.changes);
    return changed(record, look.changes);
  }
  await doors.reveals.whileAsRead(record, look.changes);
  return 'nothing';
}
const stillRunning = (record: RevealRecord) => lookedAt(record, { kind: 'running', vendorStatus: 'started' });

/** Sweeps the reveals of this test, as they now are. */
function sweep(given: Partial<Sweeping> = {}) {
  const now = () => nowMs;
  const bus = new RevealBus('Bus', eventBridge(sdkClientOptions));
  return sweepReveals({
    unfinished: async function* () {
      yield await records();
    },
    reveals: doors.reveals,
    settlement: new Settlement({ reveals: doors.reveals, bus, retentionDays: 30, now }),
    executions,
    lookAgain: stillRunning,
    maxWaitMs: 120 * minute,
    log: { error: (...line) => logged.push(line) },
    now,
    ...given,
  });
}

/** Step Functions as it is, but that it wants to be asked less often after so many questions. */
function throttledAfter(questions: number, answered?: 'RUNNING'): Sweeping['executions'] {
  let left = questions;
  return {
    start: (record) => executions.start(record),
    arnFor: (claim) => executions.arnFor(claim),
    statusOf: async (arn) => {
      if (left === 0) throw new RelayFault('Step Functions', 'ThrottlingException', { isThrottle: true });
      left -= 1;
      return answered ?? executions.statusOf(arn);
    },
  };
}

describe('a sweep', () => {
  it('announces what has ended, and settles what its execution has left behind', async () => {
    const [ended, left] = [await putUnannounced(), await putLeftBehind()];
    expect(await sweep()).toMatchObject({ open: 2, announced: 1, settled: 1, started: 0, late: 0, failed: 0 });
    expect(await recordOf(ended)).toMatchObject({ status: 'timed-out', publishedAt: expect.any(String) });
    expect(await recordOf(left)).toMatchObject({
      status: 'errored',
      reason: 'relay-fault',
      publishedAt: expect.any(String),
    });
    expect(doors.events.map(({ detail }) => detail.revealId).toSorted()).toEqual([ended, left].toSorted());
  });

  it('settles a reveal as cancelled whose execution somebody has aborted', async () => {
    const id = await putLeftBehind();
    const name = (await recordOf(id)).executionArn.split(':').at(-1) ?? '';
    doors.executions.set(name, { input: '{}', starts: 1, stopped: true });
    await sweep();
    expect(await recordOf(id)).toMatchObject({ status: 'cancelled', reason: 'cancelled-by-caller' });
  });

  it('starts what was claimed and never started', async () => {
    const createdAt = new Date(noon - 60 * minute).toISOString();
    const name = executionName({ revealId: `swept-${reveals + 1}`, createdAt, generation: 1 });
    const id = await put({ createdAt, executionArn: executionArn(stateMachineArn, name) });
    expect(await sweep()).toMatchObject({ started: 1, settled: 0 });
    expect(doors.executions.get(name)).toMatchObject({ input: JSON.stringify({ revealId: id }), starts: 1 });
    expect(await recordOf(id)).toMatchObject({ status: 'running' });
  });

  it('heals all that it can without the vendor, though the vendor takes up all the time', async () => {
    const [looked, late, ended, left] = [
      await putGivenUp(),
      await putGivenUp(),
      await putUnannounced(),
      await putLeftBehind(),
    ];
    await sweep({
      lookAgain: (record) => {
        nowMs += 2 * minute;
        return stillRunning(record);
      },
    });
    expect((await recordOf(looked)).looks).toBe(1);
    expect((await recordOf(late)).looks).toBeUndefined();
    for (const id of [ended, left]) expect(await recordOf(id)).toHaveProperty('publishedAt');
  });

  it('gives twenty reveals a second look at the most', async () => {
    for (let n = 0; n < 22; n += 1) await putGivenUp();
    await sweep();
    expect((await records()).filter(({ looks }) => looks === 1)).toHaveLength(20);
  });

  it('gives none any more once it is no time to look', async () => {
    for (let n = 0; n < 4; n += 1) await putGivenUp();
    const told = [{ kind: 'running', vendorStatus: 'started' }, { kind: 'rate-limited' }] as const;
    let polls = 0;
    await sweep({
      lookAgain: (record) => {
        polls += 1;
        return lookedAt(record, told[polls - 1] ?? told[0]);
      },
    });
    expect((await records()).filter(({ looks }) => looks === 1)).toHaveLength(1);
  });

  it('stops inspecting when Step Functions wants to be asked less often, calls nobody for it, and goes on with the rest', async () => {
    for (let n = 0; n < 3; n += 1) await putLeftBehind();
    const givenUp = await putGivenUp();
    expect(await sweep({ executions: throttledAfter(1) })).toMatchObject({
      open: 4,
      settled: 1,
      failed: 0,
      postponed: 2,
    });
    expect((await records()).filter(({ status }) => status === 'running')).toHaveLength(2);
    expect((await recordOf(givenUp)).looks).toBe(1);
    expect(logged).toEqual([]);
  });

  it('comes to inspect all that are overdue, however few it may ask for at a time', async () => {
    for (let n = 0; n < 3; n += 1) await putLeftBehind();
    for (const inspected of [1, 2, 3]) {
      nowMs += 5 * minute;
      await sweep({ executions: throttledAfter(1, 'RUNNING') });
      expect((await records()).filter(({ inspectedAt }) => inspectedAt)).toHaveLength(inspected);
    }
    expect((await records()).every(({ status }) => status === 'running')).toBe(true);
  });

  it('counts who waits for the key, for credits, or in a backlog past the deadline', async () => {
    const isThere = { nextPollAt: '2026-11-23T12:05:00.000Z' };
    await put({ ...isThere, pausedBecause: 'key-refused' });
    await put({ ...isThere, pausedBecause: 'key-unavailable' });
    await put({ ...isThere, pausedBecause: 'out-of-credits' });
    await put(isThere);
    await putGivenUp();
    const report = await sweep({ maxWaitMs: 40 * minute });
    expect(report).toMatchObject({ open: 5, waitingForKey: 2, waitingForCredits: 1, overdue: 1 });
  });

  it('announces a result that a second look has found', async () => {
    const id = await putGivenUp();
    const report = await sweep({ lookAgain: (record) => lookedAt(record, readAnswer(answer)) });
    expect(report.late).toBe(1);
    expect(doors.events).toMatchObject([{ type: 'Contact Reveal Completed', detail: { revealId: id, late: true } }]);
    const record = await recordOf(id);
    expect(record).toMatchObject({ status: 'completed', publishedAt: expect.any(String) });
    expect(record).not.toHaveProperty('open');
  });

  it('goes on behind a reveal that cannot be healed, counts it, and heals it the next time', async () => {
    await putUnannounced();
    await putUnannounced();
    doors.failing.set('PutEvents', 1);
    expect(await sweep()).toMatchObject({ open: 2, announced: 1, failed: 1 });
    expect(logged).toHaveLength(1);
    await sweep();
    expect((await records()).every(({ publishedAt }) => publishedAt)).toBe(true);
  });
});
