import { AsyncLocalStorage } from 'node:async_hooks';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SFNClient } from '@aws-sdk/client-sfn';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { PollBudget } from '../../../lambdas/aws/budgets/poll-budget.ts';
import { RateBudget } from '../../../lambdas/aws/budgets/rate-budget.ts';
import { CreditCap } from '../../../lambdas/aws/credit-cap.ts';
import { RevealBus } from '../../../lambdas/aws/event-bus.ts';
import { Executions } from '../../../lambdas/aws/executions.ts';
import { LowCredits } from '../../../lambdas/aws/low-credits.ts';
import { PaidStarts } from '../../../lambdas/aws/reveals/paid-starts.ts';
import { RevealsTable } from '../../../lambdas/aws/reveals/reveals-table.ts';
import { sdkClientOptions } from '../../../lambdas/aws/sdk.ts';
import { envNames, type Reason, type RevealState } from '../../../lambdas/contract.ts';
import type { StartAnswer } from '../../../lambdas/fiber/start-answer.ts';
import { RelayFault } from '../../../lambdas/reveal/errors.ts';
import { endingOfExecution, endingOfState } from '../../../lambdas/reveal/life/ending.ts';
import { hasUnansweredStart } from '../../../lambdas/reveal/life/paid-start.ts';
import type { RevealRecord } from '../../../lambdas/reveal/record.ts';
import { toStartState } from '../../../lambdas/reveal/state.ts';
import { dynamoDB, eventBridge, stepFunctions } from '../../../lambdas/runtime/clients.ts';
import { cancel } from '../../../lambdas/usecases/ending/cancel.ts';
import { erase } from '../../../lambdas/usecases/ending/erase.ts';
import { Settlement } from '../../../lambdas/usecases/ending/settle.ts';
import { resume } from '../../../lambdas/usecases/starting/resume.ts';
import { RevealStarter } from '../../../lambdas/usecases/starting/start.ts';
import { firstPoll } from '../../../lambdas/usecases/workflow/first-poll.ts';
import { type Starting, startTask } from '../../../lambdas/usecases/workflow/start-task.ts';
import { answer, completed, type DoorSurroundings, startDoors, stateMachineArn } from '../../support/doors.ts';
import { runs } from '../../support/more.ts';

const { numRuns, seed } = runs(40, 500);
let doors: DoorSurroundings;
beforeAll(async () => {
  doors = await startDoors();
});
afterAll(() => doors[Symbol.asyncDispose]());

/** What becomes of one call to a service, counted from 0, of an actor: and whether the actor is dead from there on. */
interface Strike {
  at: number;
  /** Whether the service has done what it was asked. */
  isDone: boolean;
  isDeadly: boolean;
}
interface Actor {
  strike: Strike | undefined;
  calls: number;
  isDead: boolean;
  /** What it works on, where it may pay. */
  generation?: number;
}
const acting = new AsyncLocalStorage<Actor>();
const struck = () => new RelayFault('DynamoDB', 'struck by the test');

/** One atomic step of an actor, at the scheduler's choice. */
async function step<Answer>(scheduler: fc.Scheduler, call: () => Promise<Answer>): Promise<Answer> {
  const actor = acting.getStore();
  const at = actor?.calls ?? 0;
  if (actor) actor.calls += 1;
  // The scheduler must not see a rejection: nobody would handle it there.
  const act = async (): Promise<{ value: Answer } | { error: unknown }> => {
    if (actor?.isDead) return { error: struck() };
    const isStruck = actor?.strike?.at === at;
    if (isStruck && actor?.strike?.isDeadly) actor.isDead = true;
    if (isStruck && !actor?.strike?.isDone) return { error: struck() };
    return call().then(
      (value) => (isStruck ? { error: struck() } : { value }),
      (error: unknown) => ({ error }),
    );
  };
  const settled: { value: Answer } | { error: unknown } = await scheduler.scheduleFunction(act)();
  if ('error' in settled) throw settled.error;
  return settled.value;
}

/** Every request to a service waits for its turn, and the scheduler decides whose is next: each is one atomic step. */
async function inTurns(scheduler: fc.Scheduler, during: () => Promise<unknown>): Promise<void> {
  const spies = [DynamoDBDocumentClient, SFNClient, EventBridgeClient].map(({ prototype }) => {
    const send = prototype.send as (this: unknown, command: unknown) => Promise<unknown>;
    return vi.spyOn(prototype as { send: typeof send }, 'send').mockImplementation(function (this: unknown, command) {
      return step(scheduler, () => send.call(this, command));
    });
  });
  try {
    await scheduler.waitFor(during());
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}
/** After each step everybody goes on to their next request, before anything is chosen. */
const scheduler = fc.scheduler({
  act: async (next) => {
    await next();
    await new Promise(setImmediate);
  },
});

/** What the vendor does at a start, and what it says. */
const vendorDoes = fc.constantFrom(
  'started',
  'started',
  'started',
  'charged and silent',
  'silent',
  'rate-limited',
  'refused',
  'blocked',
  'not-sent',
);
type VendorDoes = 'started' | 'charged and silent' | 'silent' | 'rate-limited' | 'refused' | 'blocked' | 'not-sent';

const does = fc.constantFrom(
  'StartTask',
  'StartTask',
  'StartTask',
  'ask',
  'ask in a batch',
  'force 1',
  'force 2',
  'start again',
  'name the task',
  'cancel',
  'erase',
  'execution ended',
  'complete',
  'brake on',
  'brake off',
);
type Does =
  | 'StartTask'
  | 'ask'
  | 'ask in a batch'
  | 'force 1'
  | 'force 2'
  | 'start again'
  | 'name the task'
  | 'cancel'
  | 'erase'
  | 'execution ended'
  | 'complete'
  | 'brake on'
  | 'brake off';
const strike = fc.option(fc.record({ at: fc.nat(18), isDone: fc.boolean(), isDeadly: fc.boolean() }), {
  nil: undefined,
  freq: 2,
});
const phase = fc.array(fc.record({ does, strike }), { minLength: 1, maxLength: 6 });

/** Reasons that only a reveal without a task may have: nobody looks for its result. */
const startsOnly: readonly Reason[] = ['start-unknown', 'start-refused', 'credit-cap-reached', 'not-started'];

let people = 0;
const price = 12;

/** One person, everybody who does something about them, and the ledger of the vendor. */
class World {
  readonly name = `p-${process.pid}-${++people}`;
  readonly linkedinUrl = `https://www.linkedin.com/in/interleaved-${this.name}`;
  readonly ledger: { taskId: string; generation: number }[] = [];
  /** Claims that hold: which generation, of which record it took the place, and who made it. */
  readonly claims: { generation: number; replaces: RevealRecord | undefined; claimedBy: string }[] = [];
  readonly broken: string[] = [];
  readonly forced = new Map<string, Set<number>>();
  readonly #scheduler: fc.Scheduler;
  readonly #answers: VendorDoes[];
  readonly #mostCredits: number;
  #passedMs = 0;
  #tasks = 0;
  #claimant = 0;
  /** Whether the brake is on, and nobody lets go of it meanwhile. */
  #isBraked = false;
  /** Actors that have announced a call and may still be answered. */
  readonly #calling = new Set<Actor>();
  /** What the workflow of a generation goes on with. */
  readonly #states = new Map<number, RevealState>();
  revealId = '';

  constructor(scheduler: fc.Scheduler, answers: readonly VendorDoes[], mostCredits: number) {
    this.#scheduler = scheduler;
    this.#answers = [...answers];
    this.#mostCredits = mostCredits;
  }

  readonly now = () => Date.now() + this.#passedMs;
  pass(ms: number): void {
    this.#passedMs += ms;
  }

  readonly #documents = dynamoDB(sdkClientOptions);
  readonly #budgetOptions = {
    table: String(process.env[envNames.budgetTable]),
    documents: this.#documents,
    limits: { perMinute: 600_000, share: 1, interactiveShare: 0.25 },
    now: this.now,
    random: () => 0.5,
    sleep: async (ms: number) => this.pass(ms),
  };
  readonly #reveals = this.#watchedTable();
  readonly #paidStarts = new PaidStarts(this.#reveals.name, this.#documents);
  readonly #polls = new PollBudget(this.#budgetOptions);
  readonly #executions = new Executions(stateMachineArn, stepFunctions(sdkClientOptions));
  readonly #settlement = new Settlement({
    lowCredits: new LowCredits(this.#reveals.name, this.#documents),
    reveals: this.#reveals,
    bus: new RevealBus('Bus', eventBridge(sdkClientOptions)),
    retentionDays: 30,
    measure: () => {},
    now: this.now,
  });
  readonly #starter = new RevealStarter({
    reveals: this.#reveals,
    executions: this.#executions,
    relay: doors.relay,
    lists: doors.lists,
    now: this.now,
  });
  readonly #ending = {
    reveals: this.#reveals,
    executions: this.#executions,
    settlement: this.#settlement,
    now: this.now,
  };
  #cap(): CreditCap {
    return new CreditCap({
      table: this.#reveals.name,
      name: this.name,
      mostCredits: this.#mostCredits,
      expiresAt: 4_000_000_000,
      documents: this.#documents,
    });
  }

  #watchedTable(): RevealsTable {
    const claims = this.claims;
    const calling = this.#calling;
    const broken = this.broken;
    return new (class extends RevealsTable {
      override async claim(record: RevealRecord, replaces: RevealRecord | undefined, isRead?: boolean) {
        const isClaimed = await super.claim(record, replaces, isRead);
        if (!isClaimed) return false;
        claims.push({ generation: record.generation, replaces, claimedBy: record.claimedBy });
        for (const { generation, isDead } of calling) {
          if (!isDead && replaces !== undefined && generation === replaces.generation) {
            broken.push(`generation ${generation} was overwritten while its call was under way`);
          }
        }
        return true;
      }
    })(doors.reveals.name, this.#documents);
  }

  #starting(actor: Actor, generation: number): Starting {
    const starts = this.#paidStarts;
    const cap = this.#cap();
    return {
      reveals: this.#reveals,
      starts: {
        intend: async (...given) => {
          const isIntended = await starts.intend(...given);
          if (isIntended) this.#calling.add(actor);
          return isIntended;
        },
        withdraw: starts.withdraw.bind(starts),
        unknown: starts.unknown.bind(starts),
        started: starts.started.bind(starts),
      },
      budget: new RateBudget(`starts-${this.name}`, this.#budgetOptions),
      fiber: { start: () => step(this.#scheduler, async () => this.#vendor(generation)) },
      firstPoll: (record) =>
        firstPoll(record, {
          reveals: this.#reveals,
          starts,
          budget: this.#polls,
          maxWaitMs: 3_600_000,
          retentionDays: 30,
          now: this.now,
        }),
      maxWaitMs: 3_600_000,
      sleep: async () => {},
      now: this.now,
      monotonic: () => 0,
      log: { info: () => {} },
      relay: doors.relay,
      polls: this.#polls,
      capsFor: () => [cap],
      apiKey: { get: async () => 'key', refetch: async () => 'key' },
      nonce: () => `nonce-${++this.#tasks}-${this.name}`,
    };
  }

  #vendor(generation: number): StartAnswer {
    if (this.#isBraked) this.broken.push('a start left while the brake was on');
    const raw = { bytes: Buffer.from('{}') };
    const charge = () => {
      const taskId = `task-${this.ledger.length + 1}-${this.name}`;
      this.ledger.push({ taskId, generation });
      return taskId;
    };
    const what = this.#answers.shift() ?? 'started';
    switch (what) {
      case 'started':
        return { kind: 'started', taskId: charge(), charge: { creditsCharged: price }, answer: raw };
      case 'charged and silent':
        charge();
        return { kind: 'unknown', problem: 'timed-out' };
      case 'silent':
        return { kind: 'unknown', problem: 'cut-off' };
      case 'rate-limited':
        return { kind: 'rate-limited' };
      case 'refused':
        return { kind: 'refused', httpStatus: 422, answer: raw };
      case 'blocked':
        return { kind: 'blocked', reason: 'key-refused', httpStatus: 401, answer: raw };
      case 'not-sent':
        return { kind: 'not-sent', problem: 'no-connection' };
      default:
        return what satisfies never;
    }
  }

  async record(): Promise<RevealRecord | undefined> {
    return this.revealId === '' ? undefined : this.#reveals.get(this.revealId);
  }

  async earlier(record: RevealRecord): Promise<RevealRecord[]> {
    const generations = Array.from({ length: record.generation }, (_, at) => at + 1);
    const kept = await Promise.all(generations.map((generation) => this.#reveals.earlier(record, generation)));
    return kept.filter((one) => one !== undefined);
  }

  /** What the workflow of the generation that runs now, or ran last, does next. */
  async #workflow(actor: Actor): Promise<void> {
    const record = await this.record();
    if (!record) return;
    const { revealId, generation, executionArn } = record;
    const state = this.#states.get(generation) ?? toStartState(record, { nextStartAt: this.now() });
    actor.generation = generation;
    const call = { state, executionArn, input: { revealId } };
    try {
      const next = await startTask(call, this.#starting(actor, generation));
      if (actor.isDead) return;
      if (next.outcome === 'to-start') this.#states.set(generation, next);
      else if (next.outcome !== 'pending' && next.outcome !== 'duplicate' && next.outcome !== 'completed') {
        await this.#settlement.settle(revealId, executionArn, endingOfState(next));
      }
    } finally {
      this.#calling.delete(actor);
    }
  }

  async #ask(more: { maxAge?: number; key?: string; batch?: boolean } = {}): Promise<void> {
    const { key, maxAge, batch } = more;
    const { kind, record } = await this.#starter.start(
      { linkedinUrl: this.linkedinUrl, ...(maxAge !== undefined && { maxAge }) },
      {
        claimedBy: `ask-${++this.#claimant}`,
        ...(key && { key }),
        ...(batch && { batch: { key: 'b', maxCredits: 100 } }),
      },
    );
    this.revealId = record.revealId;
    if (kind === 'started' && key !== undefined) {
      this.forced.set(key, (this.forced.get(key) ?? new Set()).add(record.generation));
    }
  }

  async #resume(decision: { startAgain?: true; taskId?: string }): Promise<void> {
    await resume(this.revealId, decision, `resume-${++this.#claimant}`, {
      reveals: this.#reveals,
      now: this.now,
      starter: this.#starter,
      starts: this.#paidStarts,
      retentionDays: 30,
    });
  }

  readonly #acts: Record<Does, (actor: Actor) => Promise<unknown>> = {
    StartTask: (actor) => this.#workflow(actor),
    ask: () => this.#ask(),
    'ask in a batch': () => this.#ask({ batch: true }),
    'force 1': () => this.#ask({ maxAge: 0, key: 'order-1' }),
    'force 2': () => this.#ask({ maxAge: 0, key: 'order-2' }),
    'start again': () => this.#resume({ startAgain: true }),
    'name the task': () => this.#resume({ taskId: this.ledger.at(-1)?.taskId ?? `task-0-${this.name}` }),
    cancel: () => cancel(this.revealId, this.#ending),
    erase: () => erase(this.revealId, this.#ending),
    'execution ended': async () => {
      const record = await this.record();
      if (record) await this.#settlement.settle(this.revealId, record.executionArn, endingOfExecution('ABORTED'));
    },
    complete: async () => {
      const record = await this.record();
      if (record?.status !== 'running' || record.taskId === undefined) return;
      const { answer: _, ...settled } = completed();
      await this.#reveals.keepAnswer(record, answer, { ...settled, expiresAt: settled.expiresAt ?? 0 });
    },
    'brake on': () => doors.relay.putOnBrake(),
    'brake off': () => doors.relay.letGo(),
  };

  /** What the actors do at the same time. All of them have come to their end, or are dead, when it is over. */
  async play(actors: readonly { does: Does; strike: Strike | undefined }[]): Promise<void> {
    this.#isBraked = (await doors.relay.brake()) !== undefined && actors.every(({ does }) => does !== 'brake off');
    await inTurns(this.#scheduler, () =>
      Promise.all(
        actors.map(({ does, strike }) => {
          const actor: Actor = { strike, calls: 0, isDead: false };
          return acting.run(actor, async () => {
            await this.#acts[does](actor).catch((error: unknown) => {
              if (!(error instanceof RelayFault)) throw error;
            });
          });
        }),
      ),
    );
  }

  async begin(): Promise<void> {
    await doors.relay.salt();
    await doors.relay.letGo();
    await this.#ask();
  }

  /** Everything that is not as it must be in the end, in words. */
  async wrong(): Promise<string[]> {
    const record = await this.record();
    if (!record) return ['there is no record'];
    const kept = [record, ...(await this.earlier(record))];
    const travelling = [...this.#states.values()].map(
      ({ startedTask }) => (startedTask as { taskId?: string } | undefined)?.taskId,
    );
    const generations = this.ledger.map(({ generation }) => generation);
    const lost = this.ledger.filter(
      ({ taskId, generation }) =>
        !kept.some((one) => one.taskId === taskId) &&
        // An erasure takes what lies of earlier generations along.
        !(record.erasedAt !== undefined && generation < record.generation) &&
        !travelling.includes(taskId) &&
        !kept.some((one) => one.generation === generation && hasUnansweredStart(one)),
    );
    const { spent } = await this.#cap().standing();
    return [
      ...this.broken,
      ...(new Set(generations).size === generations.length ? [] : [`charged twice for one generation: ${generations}`]),
      ...lost.map(({ generation }) => `the charge of generation ${generation} is on no record`),
      ...(this.ledger.length * price <= this.#mostCredits ? [] : [`${this.ledger.length} charges are over the cap`]),
      ...(spent >= this.ledger.length * price ? [] : [`${spent} credits are counted of ${this.ledger.length} charges`]),
      ...(spent <= this.#mostCredits ? [] : [`${spent} credits are set aside, over the cap`]),
      ...this.claims
        .filter(
          ({ replaces, claimedBy }) => replaces && hasUnansweredStart(replaces) && !claimedBy.startsWith('resume'),
        )
        .map(({ generation }) => `generation ${generation} began though nobody knows of the one before`),
      ...[...this.forced].filter(([, of]) => of.size > 1).map(([key, of]) => `${key} was paid as ${[...of]}`),
      ...(hasUnansweredStart(record) && record.status !== 'running' && record.reason !== 'start-unknown'
        ? [`an unanswered call, and it says ${record.reason}`]
        : []),
      ...(record.startedBy !== undefined && record.reason !== undefined && startsOnly.includes(record.reason)
        ? [`its task is known, and it says ${record.reason}`]
        : []),
      ...(record.lookAgainAt && record.open === undefined && !record.erasedAt ? ['no sweep will look at it'] : []),
    ];
  }
}

describe('paying for a person', () => {
  /** What the runs have come to, so that none of it passes for having been played. */
  const seen = new Set<string>();

  it('happens once for each generation that somebody asks for, in whatever order everybody comes through', async () => {
    await fc.assert(
      fc.asyncProperty(
        scheduler,
        fc.array(phase, { minLength: 1, maxLength: 4 }),
        fc.array(vendorDoes as fc.Arbitrary<VendorDoes>, { maxLength: 4 }),
        fc.constantFrom(12, 24, 1_000),
        async (scheduler, phases, answers, mostCredits) => {
          const world = new World(scheduler, answers, mostCredits);
          await world.begin();
          for (const actors of phases) {
            await world.play(actors as { does: Does; strike: Strike | undefined }[]);
            // Longer than any handler lives: what is unanswered now stays so.
            world.pass(120_000);
          }
          expect(await world.wrong()).toEqual([]);
          const record = await world.record();
          seen.add(record?.reason ?? record?.status ?? '');
          if ((record?.generation ?? 0) > 1) seen.add('another generation');
          if (world.ledger.length > 1) seen.add('paid for several generations');
        },
      ),
      { numRuns, ...(seed !== undefined && { seed }) },
    );
  });

  it('has come to every kind of ending', () => {
    for (const what of ['start-unknown', 'cancelled-by-caller', 'running', 'another generation']) {
      expect(seen).toContain(what);
    }
  });
});
