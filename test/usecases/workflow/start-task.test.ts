import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PollBudget } from '../../../lambdas/aws/budgets/poll-budget.ts';
import { RateBudget } from '../../../lambdas/aws/budgets/rate-budget.ts';
import { SharedItem } from '../../../lambdas/aws/budgets/shared-item.ts';
import { CreditCap } from '../../../lambdas/aws/credit-cap.ts';
import type { RelayItem } from '../../../lambdas/aws/relay-item.ts';
import { PaidStarts } from '../../../lambdas/aws/reveals/paid-starts.ts';
import { RevealsTable } from '../../../lambdas/aws/reveals/reveals-table.ts';
import { sdkClientOptions } from '../../../lambdas/aws/sdk.ts';
import { budgetKey, type RevealState, startCallSeconds } from '../../../lambdas/contract.ts';
import type { StartAnswer } from '../../../lambdas/fiber/start-answer.ts';
import { openMoves, pausedBecause } from '../../../lambdas/polling/budget/breaker.ts';
import { RelayFault, UnexpectedState } from '../../../lambdas/reveal/errors.ts';
import { callMayLastMs } from '../../../lambdas/reveal/life/paid-start.ts';
import { changed, newRecord, type RecordChanges, type RevealRecord } from '../../../lambdas/reveal/record.ts';
import { dynamoDB } from '../../../lambdas/runtime/clients.ts';
import { firstPoll } from '../../../lambdas/usecases/workflow/first-poll.ts';
import { type Starting, startTask } from '../../../lambdas/usecases/workflow/start-task.ts';
import { startTestTables } from '../../support/tables.ts';

const noon = Date.parse('2026-11-27T12:00:00Z');
const hourMs = 3_600_000;
const executionArn = 'arn:ours';
const profile = 'https://www.linkedin.com/in/ada-example-1';

let tables: Awaited<ReturnType<typeof startTestTables>>;
let reveals: RevealsTable;
let starts: PaidStarts;
let startsItem: SharedItem;
let pollsItem: SharedItem;
beforeAll(async () => {
  tables = await startTestTables();
  const documents = dynamoDB(sdkClientOptions);
  reveals = new RevealsTable(tables.reveals, documents);
  starts = new PaidStarts(tables.reveals, documents);
  startsItem = new SharedItem(tables.pollBudget, budgetKey.starts, documents);
  pollsItem = new SharedItem(tables.pollBudget, budgetKey.budget, documents);
});
afterAll(() => tables.close());
/** Whatever the test before has left: every slot is free, and nothing is paused. */
const attributes = ['broken', 'mended', 'tat', 'unknowns', 'cool', 'tailInteractive', 'tailBulk', 'probeAt'];
beforeEach(async () => {
  const reset = [{ name: 'reset', when: [], set: attributes.map((attr) => ({ attr, to: 0 })) }];
  await startsItem.apply(reset);
  await pollsItem.apply(reset);
});

let people = 0;
async function wanted(changes: RecordChanges = {}): Promise<RevealRecord> {
  people += 1;
  const person = { revealId: `person-${people}`, linkedinUrl: profile, find: ['work-emails'] as const, maxAgeDays: 30 };
  const claim = { generation: 1, executionArn, claimedBy: 'test', nowMs: noon };
  const record = changed(newRecord(person, claim), changes);
  await reveals.claim(record, undefined);
  return record;
}

interface World {
  answer: StartAnswer;
  at: number;
  /** Milliseconds that reading the key takes. */
  keyMs: number;
  key: string | undefined;
  /** What the secret holds, if that is another one by now. */
  secret: string | undefined;
  mostCredits: number;
  brake: Awaited<ReturnType<RelayItem['brake']>>;
  state: object;
  starts: Partial<Starting['starts']>;
  /** What happens while the vendor is asked. */
  meanwhile: (record: RevealRecord) => Promise<unknown>;
}
const answered: StartAnswer = {
  kind: 'started',
  taskId: 'task_1',
  charge: { method: 'charged-now', creditsCharged: 5 },
  answer: { bytes: Buffer.from('{}') },
};

let worlds = 0;
/** Runs the state once, and says what the vendor got to see, what is next, and what is there. */
async function start(record: RevealRecord, given: Partial<World> = {}) {
  worlds += 1;
  const world: World = {
    answer: answered,
    at: noon,
    keyMs: 0,
    key: 'key',
    secret: undefined,
    mostCredits: 100,
    brake: undefined,
    state: {},
    starts: {},
    meanwhile: async () => {},
    ...given,
  };
  let clock = world.at;
  const now = () => clock;
  const sleep = async (ms: number) => {
    clock += ms;
  };
  const documents = dynamoDB(sdkClientOptions);
  const limits = { perMinute: 120, share: 1, interactiveShare: 0.25 };
  const shared = { table: tables.pollBudget, documents, limits, now, random: () => 0.5, sleep };
  const polls = new PollBudget(shared);
  const name = `test-${worlds}`;
  const cap = new CreditCap({ table: tables.reveals, name, mostCredits: world.mostCredits, expiresAt: 1, documents });
  const sent: { key: string; linkedinUrl: string; find: readonly string[] }[] = [];
  const logged: unknown[] = [];
  const nonce = `nonce-${worlds}`;
  const maxWaitMs = hourMs;
  const starting: Starting = {
    reveals,
    starts: {
      intend: starts.intend.bind(starts),
      withdraw: starts.withdraw.bind(starts),
      unknown: starts.unknown.bind(starts),
      started: starts.started.bind(starts),
      ...world.starts,
    },
    relay: { brake: async () => world.brake },
    budget: new RateBudget(budgetKey.starts, shared),
    polls,
    capsFor: () => [cap],
    apiKey: {
      get: async () => {
        clock += world.keyMs;
        return world.key;
      },
      refetch: async () => world.secret ?? world.key,
    },
    fiber: {
      start: async (key, linkedinUrl, find) => {
        sent.push({ key, linkedinUrl, find });
        await world.meanwhile(record);
        return world.answer;
      },
    },
    firstPoll: (record) => firstPoll(record, { reveals, starts, budget: polls, maxWaitMs, retentionDays: 30, now }),
    maxWaitMs,
    sleep,
    nonce: () => nonce,
    now,
    monotonic: now,
    log: { info: (...line) => logged.push(line) },
  };
  const { revealId, generation } = record;
  const state = { revealId, generation, outcome: 'to-start', ...world.state };
  const next = await startTask({ state, executionArn, input: { revealId } }, starting);
  const { spent, held } = await cap.standing();
  return { next, sent, spent, held, logged, nonce, record: await reveals.get(revealId) };
}

const isTryingAgain = (next: RevealState) => expect(next).toMatchObject({ outcome: 'to-start' });

describe('a task', () => {
  it('is started once, and polled from then on', async () => {
    const { next, sent, spent, held, record } = await start(await wanted());

    expect(sent).toEqual([{ key: 'key', linkedinUrl: profile, find: ['work-emails'] }]);
    expect(next).toMatchObject({ outcome: 'pending', nextPollAt: expect.any(String) });
    expect(record).toMatchObject({ status: 'running', taskId: 'task_1', startCreditsCharged: 5 });
    expect(record?.startIntent).toBeUndefined();
    expect({ spent, held }).toEqual({ spent: 5, held: [] });
    expect(await start(record as RevealRecord)).toMatchObject({ sent: [], next: { outcome: 'pending' } });
  });

  it('has the time it may take from its start, and not from when it was asked for', async () => {
    const { next } = await start(await wanted(), { at: noon + 2 * hourMs });
    expect(next).toMatchObject({ turn: { startedAt: noon + 2 * hourMs, deadlineAt: noon + 3 * hourMs } });
  });

  it.each<[string, RecordChanges, Partial<World>, object]>([
    ['of another generation', { generation: 2 }, { state: { generation: 1 } }, { outcome: 'duplicate' }],
    ['of another execution', { executionArn: 'arn:other' }, {}, { outcome: 'duplicate' }],
    ['that was cancelled', { status: 'cancelled', reason: 'cancelled-by-caller' }, {}, { outcome: 'cancelled' }],
    ['of nobody', { linkedinUrl: null }, {}, { outcome: 'errored' }],
    ['while the brake is on', {}, { brake: 'starts-paused' }, { nextStartAt: '2026-11-27T12:01:00.000Z' }],
    ['for more credits than are left', {}, { mostCredits: 4 }, { outcome: 'errored', reason: 'credit-cap-reached' }],
    ['without a key', {}, { key: undefined }, { outcome: 'to-start' }],
    [
      'that is under way',
      { startIntent: { nonce: 'other', at: new Date(noon).toISOString() } },
      {},
      { outcome: 'to-start' },
    ],
  ])('is not started %s', async (_what, changes, given, expected) => {
    const { sent, next, held } = await start(await wanted(changes), given);
    expect(sent).toEqual([]);
    expect(next).toMatchObject(expected);
    expect(held).toEqual([]);
  });

  it('is not started for a state that is none', async () => {
    await expect(start(await wanted(), { state: { revealId: '' } })).rejects.toThrow(UnexpectedState);
  });

  it('is not started while nobody polls', async () => {
    await pollsItem.apply(openMoves(noon, noon, 'key-refused'));
    const { sent, next, record } = await start(await wanted());
    expect(sent).toEqual([]);
    isTryingAgain(next);
    expect(record?.pausedBecause).toBe('key-refused');
  });

  it('is started all the same, one in a while, when there is nobody left who would find out that polls are taken again', async () => {
    await pollsItem.apply(openMoves(noon, noon, 'key-refused'));
    const at = noon + hourMs;
    expect((await start(await wanted(), { at })).sent).toHaveLength(1);
    expect((await start(await wanted(), { at: at + 1_000 })).sent).toEqual([]);
  });

  it('is not started by a handler that may not live to hear the answer', async () => {
    const keyMs = 1_000 * startCallSeconds.handlerLives - 1_000 * startCallSeconds.answer;
    const { sent, next, held, record } = await start(await wanted(), { keyMs });
    expect(sent).toEqual([]);
    expect(held).toEqual([]);
    expect(record?.startIntent).toBeUndefined();
    isTryingAgain(next);
  });
});

describe('the call of another', () => {
  const intent = { nonce: 'other', at: new Date(noon).toISOString() };

  it('is waited for as long as it may last, and then nobody knows what came of it', async () => {
    const record = await wanted({ startIntent: intent });
    const { next } = await start(record, { at: noon + callMayLastMs - 1 });
    expect(next).toMatchObject({ nextStartAt: new Date(noon + callMayLastMs).toISOString() });

    const { next: last, sent } = await start(record, { at: noon + callMayLastMs });
    expect(last).toMatchObject({ outcome: 'errored', reason: 'start-unknown' });
    expect(sent).toEqual([]);
  });
});

describe('a call that came to nothing', () => {
  const nothings: StartAnswer[] = [
    { kind: 'not-sent', problem: 'no-connection' },
    { kind: 'turned-away', httpStatus: 403 },
    { kind: 'rate-limited' },
    { kind: 'blocked', reason: 'out-of-credits', httpStatus: 402, answer: { bytes: Buffer.from('{}') } },
  ];
  it.each(nothings)('because it was $kind is taken back, with its credits, and made again', async (answer) => {
    const { next, spent, held, record } = await start(await wanted(), { answer });
    isTryingAgain(next);
    expect({ spent, held }).toEqual({ spent: 0, held: [] });
    expect(record?.startIntent).toBeUndefined();
    expect(record?.status).toBe('running');
  });

  it('is made less and less often, and not for ever', async () => {
    const record = await wanted();
    const answer = nothings[0] as StartAnswer;
    const waits: number[] = [];
    let state: object = {};
    let at = noon;
    for (;;) {
      const { next } = await start(record, { answer, at, state });
      if (next.outcome !== 'to-start') {
        expect(next).toMatchObject({ outcome: 'errored', reason: 'not-started' });
        break;
      }
      const nextAt = Date.parse(String(next.nextStartAt));
      waits.push(nextAt - at);
      state = { turn: next.turn };
      at = nextAt;
    }
    expect(waits.slice(0, 5)).toEqual([5_000, 10_000, 20_000, 40_000, 60_000]);
    expect(at - noon).toBeLessThan(hourMs + 120_000);
  });

  it('pauses starts, and not polls, when it says that the credits are used up', async () => {
    await start(await wanted(), { answer: nothings[3] as StartAnswer });
    expect(pausedBecause(await startsItem.read())).toBe('out-of-credits');
    expect(pausedBecause(await pollsItem.read())).toBeUndefined();
  });

  it('is known by itself to have been taken back when that answer was lost', async () => {
    const answer: StartAnswer = { kind: 'refused', httpStatus: 422, answer: { bytes: Buffer.from('{}') } };
    const { next, spent, held } = await start(await wanted(), {
      answer,
      starts: {
        withdraw: async (...call) => {
          await starts.withdraw(...call);
          return starts.withdraw(...call);
        },
      },
    });
    expect(next).toMatchObject({ outcome: 'errored', reason: 'start-refused' });
    expect({ spent, held }).toEqual({ spent: 0, held: [] });
  });
});

it.each([
  ['new', undefined],
  ['key', 'key-refused'],
])('a refusal of the key is about the one that the secret holds: now that is %s', async (secret, paused) => {
  const answer: StartAnswer = {
    kind: 'blocked',
    reason: 'key-refused',
    httpStatus: 401,
    answer: { bytes: Buffer.from('') },
  };
  isTryingAgain((await start(await wanted(), { answer, secret })).next);
  expect(pausedBecause(await startsItem.read())).toBe(paused);
});

describe('a call of which nobody knows what came of it', () => {
  const answer: StartAnswer = { kind: 'unknown', problem: 'cut-off' };

  it('ends the reveal, counts at its price, and is never made again', async () => {
    const { next, spent, held, record } = await start(await wanted(), { answer });
    expect(next).toMatchObject({ outcome: 'errored', reason: 'start-unknown' });
    expect({ spent, held }).toEqual({ spent: 5, held: [] });
    expect(record).toMatchObject({ startProblem: 'cut-off', startIntent: { nonce: expect.any(String) } });
    expect((await start(record as RevealRecord)).sent).toEqual([]);
  });

  it('pauses starts when there are two in a row', async () => {
    await start(await wanted(), { answer });
    expect(pausedBecause(await startsItem.read())).toBeUndefined();
    await start(await wanted(), { answer });
    expect(pausedBecause(await startsItem.read())).toBe('starts-unknown');
    expect((await start(await wanted(), { at: noon + 1_000 })).sent).toEqual([]);
  });

  it('is counted among them when its handler has died', async () => {
    const startIntent = { nonce: 'other', at: new Date(noon).toISOString() };
    for (const _ of [1, 2]) await start(await wanted({ startIntent }), { at: noon + callMayLastMs });
    expect(pausedBecause(await startsItem.read())).toBe('starts-unknown');
  });

  it('counts at its price when it is charged later', async () => {
    const charge = { method: 'charging-later', message: 'soon', creditsCharged: 0 };
    const { spent } = await start(await wanted(), { answer: { ...answered, charge } as StartAnswer });
    expect(spent).toBe(5);
  });
});

describe('a task that the vendor has named', () => {
  const busy = async () => {
    throw new RelayFault('DynamoDB', 'ThrottlingException');
  };

  it('travels on while the table does not take it, without the vendor’s words, and is kept by the next one', async () => {
    const person = await wanted();
    const { next, logged, record, nonce } = await start(person, { starts: { started: busy } });
    expect(next).toMatchObject({ outcome: 'to-start', startedTask: { taskId: 'task_1', nonce, creditsCharged: 5 } });
    expect(record?.taskId).toBeUndefined();
    expect(JSON.stringify(logged)).toContain('task_1');
    expect(JSON.stringify([logged, next])).not.toContain('ada-example');

    const { next: then, sent, record: kept } = await start(person, { state: JSON.parse(JSON.stringify(next)) });
    expect(sent).toEqual([]);
    expect(then.outcome).toBe('pending');
    expect(kept).toMatchObject({ taskId: 'task_1', startedBy: nonce, startCreditsCharged: 5 });
  });

  it('is kept of a reveal that was cancelled while the vendor was asked', async () => {
    const { next, record } = await start(await wanted(), {
      meanwhile: (person) => reveals.whileRunning(person, { status: 'cancelled', reason: 'start-unknown' }),
    });
    expect(next).toMatchObject({ outcome: 'cancelled' });
    expect(record).toMatchObject({ status: 'cancelled', reason: 'cancelled-by-caller', taskId: 'task_1' });
  });
});

it('lets one of any number of executions of the state call', async () => {
  const person = await wanted();
  const all = await Promise.all(Array.from({ length: 5 }, () => start(person)));
  expect(all.flatMap(({ sent }) => sent)).toHaveLength(1);
  expect(all.flatMap(({ held }) => held)).toEqual([]);
});
