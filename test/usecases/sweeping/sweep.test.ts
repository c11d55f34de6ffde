import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CreditCap } from '../../../lambdas/aws/credit-cap.ts';
import { RevealBus } from '../../../lambdas/aws/event-bus.ts';
import { Executions } from '../../../lambdas/aws/executions.ts';
import { sdkClientOptions } from '../../../lambdas/aws/sdk.ts';
import { readAnswer } from '../../../lambdas/fiber/vendor-answer.ts';
import { RelayFault } from '../../../lambdas/reveal/errors.ts';
import { creditCapNear } from '../../../lambdas/reveal/events/credit-cap-near.ts';
import { executionArn, executionName } from '../../../lambdas/reveal/life/admission.ts';
import { secondLookWith } from '../../../lambdas/reveal/life/second-look.ts';
import { changed, newRecord, type RecordChanges, type RevealRecord } from '../../../lambdas/reveal/record.ts';
import { dynamoDB, eventBridge, stepFunctions } from '../../../lambdas/runtime/clients.ts';
import { sweptCaps } from '../../../lambdas/runtime/wiring.ts';
import { Settlement } from '../../../lambdas/usecases/ending/settle.ts';
import { type Sweeping, sweepReveals } from '../../../lambdas/usecases/sweeping/sweep.ts';
import { type CapSweeping, sweepCaps } from '../../../lambdas/usecases/sweeping/sweep-caps.ts';
import { answer, type DoorSurroundings, startDoors, stateMachineArn } from '../../support/doors.ts';

const noon = Date.parse('2026-11-23T12:00:00Z');
const minute = 60_000;

let documents: ReturnType<typeof dynamoDB>;
let doors: DoorSurroundings;
let executions: Executions;
beforeAll(async () => {
  doors = await startDoors();
  documents = dynamoDB(sdkClientOptions);
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

/** The sums of a relay with this cap on a day. */
function capSweeping(maxCreditsPerDay?: number): CapSweeping {
  const now = () => nowMs;
  const caps = sweptCaps({ revealsTable: doors.reveals.name, maxCreditsPerDay }, { documents, now });
  const bus = new RevealBus('Bus', eventBridge(sdkClientOptions));
  return { ...caps, reveals: doors.reveals, bus, log: { error: (...line) => logged.push(line) }, now };
}

/** Sweeps the reveals of this test, as they now are. */
function sweep(given: Partial<Sweeping> = {}) {
  const now = () => nowMs;
  const bus = new RevealBus('Bus', eventBridge(sdkClientOptions));
  return sweepReveals({
    unfinished: async function* () {
      yield await records();
    },
    reveals: doors.reveals,
    settlement: new Settlement({
      reveals: doors.reveals,
      lowCredits: doors.lowCredits,
      bus,
      retentionDays: 30,
      now,
      measure: () => undefined,
    }),
    executions,
    lookAgain: stillRunning,
    sweepCaps: (batches) => sweepCaps(batches, capSweeping()),
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

describe('a sweep of the sums of credits', () => {
  const wish = (revealId: string) => ({ revealId, linkedinUrl: 'ada', find: ['work-emails' as const], maxAgeDays: 30 });
  const long = noon - 5 * minute;
  let people = 0;
  /** Sets credits aside for a person's reveal, on the sums of a day and of a batch, as a handler does that then dies. */
  async function setAside(
    caps: CapSweeping,
    changes: RecordChanges,
    { atMs = long, batch }: { atMs?: number; batch?: string } = {},
  ) {
    people += 1;
    const revealId = `person-1-swept-${people}`;
    const inBatch = batch === undefined ? {} : { batch: { key: batch, maxCredits: 100 } };
    const claim = { generation: 1, executionArn: 'arn:one', claimedBy: 'test', nowMs: noon - 60 * minute };
    await doors.reveals.claim(changed(newRecord(wish(revealId), claim), { ...inBatch, ...changes }), undefined);
    const call = { nonce: `nonce-${people}`, credits: 12, revealId, atMs };
    for (const cap of capsOf(caps, batch)) await (cap as CreditCap).reserve(call);
    return call;
  }
  const capsOf = (caps: CapSweeping, batch?: string) => [
    ...caps.days().flatMap(({ cap, isToday }) => (isToday ? [cap] : [])),
    ...(batch === undefined ? [] : [caps.ofBatch({ key: batch, maxCredits: 100 })]),
  ];
  const spentOf = async (caps: CapSweeping, batch?: string) =>
    Promise.all(capsOf(caps, batch).map(async (cap) => (await cap.standing()).spent));
  const nonceNext = () => `nonce-${people + 1}`;
  /** A day of its own for each test: the sums of others stay out of it. */
  let days = 0;
  beforeEach(() => {
    days += 1;
    nowMs = noon + days * 10 * 24 * 60 * minute;
  });
  const before = (minutes: number) => ({ atMs: nowMs - minutes * minute });

  it('counts what has left, or may have, and gives back what has not, by the record', async () => {
    const caps = capSweeping(1_000);
    const at = new Date(nowMs - 5 * minute).toISOString();
    await setAside(caps, { startIntent: { nonce: nonceNext(), at } }, before(5));
    await setAside(caps, { taskId: 'swept-task', startedBy: nonceNext(), startCreditsCharged: 9 }, before(5));
    await setAside(caps, {}, before(5));
    await setAside(caps, { startIntent: { nonce: 'of another call', at } }, before(5));
    expect(await spentOf(caps)).toEqual([48]);

    expect(await sweepCaps([], caps)).toEqual({ reservations: 4, failed: 0 });
    expect(await spentOf(caps)).toEqual([21]);
    expect(await sweepCaps([], caps)).toEqual({ reservations: 0, failed: 0 });
  });

  it('leaves alone what a handler may still be about to use', async () => {
    const caps = capSweeping(1_000);
    await setAside(caps, {}, before(1));
    expect(await sweepCaps([], caps)).toMatchObject({ reservations: 0 });
    expect(await spentOf(caps)).toEqual([12]);
  });

  it('counts what nobody can tell any more: the record has gone, or is a later generation', async () => {
    const caps = capSweeping(1_000);
    const { revealId, ...call } = await setAside(caps, { createdAt: new Date(nowMs).toISOString() }, before(5));
    const [cap] = capsOf(caps) as CreditCap[];
    await cap?.reserve({ ...call, revealId: `${revealId}-gone`, nonce: 'gone' });
    await sweepCaps([], caps);
    expect(await spentOf(caps)).toEqual([24]);
  });

  it('settles those of the day before, and those of a batch that a left one or an unfinished reveal names', async () => {
    const caps = capSweeping(1_000);
    await setAside(caps, {}, { ...before(5), batch: `left-${days}` });
    nowMs += 24 * 60 * minute;
    await sweepCaps([], caps);
    nowMs -= 24 * 60 * minute;
    expect(await spentOf(caps, `left-${days}`)).toEqual([0, 0]);

    const uncapped = capSweeping();
    await setAside(uncapped, {}, { ...before(5), batch: `open-${days}` });
    await sweepCaps([{ key: `open-${days}`, maxCredits: 100 }], uncapped);
    expect(await spentOf(uncapped, `open-${days}`)).toEqual([0]);
  });

  it('warns at four fifths of a day, once, with an id that every copy has', async () => {
    const caps = capSweeping(60);
    for (let n = 0; n < 3; n += 1) await setAside(caps, { startedBy: nonceNext(), taskId: 'started' }, before(5));
    await sweepCaps([], caps);
    expect(doors.events).toEqual([]);
    await setAside(caps, { startedBy: nonceNext(), taskId: 'started' }, before(5));
    doors.failing.set('PutEvents', 1);
    expect(await sweepCaps([], caps)).toMatchObject({ failed: 1 });
    await sweepCaps([], caps);
    await sweepCaps([], caps);
    const day = new Date(nowMs).toISOString().slice(0, 10);
    expect(doors.events).toEqual([
      {
        type: 'Credit Cap Near',
        detail: {
          schemaVersion: 1,
          eventId: expect.stringMatching(/^[0-9a-f]{32}$/),
          day,
          creditsSpent: 48,
          maxCreditsPerDay: 60,
          noticedAt: new Date(nowMs).toISOString(),
        },
      },
    ]);
    const again = creditCapNear({ table: doors.reveals.name, day, nowMs }, { spent: 60, mostCredits: 60 });
    expect(doors.events[0]?.detail.eventId).toBe(again?.detail.eventId);
  });
});

it('gives a reveal whose task was named after it had ended a second look in the next sweep', async () => {
  const nonce = 'late';
  const at = new Date(noon - 20 * minute).toISOString();
  const ended = { status: 'errored', reason: 'start-unknown', settledAt, publishedAt: settledAt } as const;
  const id = await put({ ...ended, startIntent: { nonce, at }, taskId: undefined });
  await doors.paidStarts.started(id, { taskId: 'late-task', nonce, startedAt: at }, noon - 10 * minute);
  expect(await recordOf(id)).toMatchObject({ taskId: 'late-task', reason: 'relay-fault', open: 'open' });
  const report = await sweep({ lookAgain: (record) => lookedAt(record, readAnswer(answer)) });
  expect(report.late).toBe(1);
  expect(await recordOf(id)).toMatchObject({ status: 'completed', late: true, taskId: 'late-task' });
  expect(doors.events).toMatchObject([
    { type: 'Contact Reveal Completed', detail: { taskId: 'late-task', late: true } },
  ]);
});
