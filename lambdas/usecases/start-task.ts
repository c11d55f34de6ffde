import type { ApiKey } from '../aws/api-key.ts';
import type { CreditCap, Reservation } from '../aws/credit-cap.ts';
import type { PaidStarts } from '../aws/paid-starts.ts';
import type { RelayItem } from '../aws/relay-item.ts';
import type { RevealsTable } from '../aws/reveals-table.ts';
import type { StartBudget, StartSlot, StartWait } from '../aws/start-budget.ts';
import { type RevealState, startCallSeconds, type WorkflowCall } from '../contract.ts';
import { creditsToReserve } from '../fiber/prices.ts';
import type { FiberStarts } from '../fiber/fiber-starts.ts';
import type { StartAnswer } from '../fiber/start-answer.ts';
import { loggedFacts, UnexpectedState } from '../reveal/errors.ts';
import { type StartedTask, startStep } from '../reveal/paid-start.ts';
import type { RevealRecord } from '../reveal/record.ts';
import { endedState, endingState, readState, toStartState } from '../reveal/state.ts';

export interface Starting {
  reveals: Pick<RevealsTable, 'get'>;
  starts: Pick<PaidStarts, 'intend' | 'withdraw' | 'unknown' | 'started' | 'alias'>;
  relay: Pick<RelayItem, 'brake'>;
  budget: Pick<StartBudget, 'reach' | 'heard' | 'afterPause'>;
  /** The sums that a start of this reveal counts against, if any is capped. */
  capsFor: (record: RevealRecord) => readonly Pick<CreditCap, 'reserve' | 'commit' | 'release'>[];
  apiKey: Pick<ApiKey, 'get' | 'refetch'>;
  fiber: Pick<FiberStarts, 'start'>;
  /** The state with which a reveal goes on that has its task. */
  firstPoll: (record: RevealRecord) => Promise<RevealState>;
  sleep: (ms: number) => Promise<unknown>;
  /** Names one call, and no other. */
  nonce: () => string;
  /** Unix milliseconds. */
  now: () => number;
  /** Milliseconds of a clock that nobody sets. */
  monotonic: () => number;
  log: { info(message: string, facts: Record<string, unknown>): void };
}

/** How often a write is tried that must not be lost, and how long after the one before. */
const writeTries = 4;
const writeAgainMs = 500;
/** When the state comes back whose task the table would not take. */
const tableAgainMs = 5_000;

/**
 * The state `StartTask`: makes the one paid call of a reveal that has no task, unless somebody else has set out to. It is the only place that spends.
 *
 * What it must never do is call twice. So the call is announced on the record first, and whoever finds the announcement of another
 * waits until that one has answered or cannot answer any more. What it must never lose is a task that the vendor has named: its id is
 * logged before the first write, and travels in the state until the table has it.
 */
export async function startTask({ state }: WorkflowCall, starting: Starting): Promise<RevealState> {
  const current = readState(state);
  if (!current) throw new UnexpectedState('start');
  const { revealId, generation, startedTask } = current;
  if (startedTask) return keepStarted({ revealId, generation }, startedTask, starting);

  const record = await starting.reveals.get(revealId);
  if (!record || record.generation !== generation) return { revealId, generation, outcome: 'duplicate' };
  if (record.status !== 'running') return endedState(record, true);
  const step = startStep(record, starting.now());
  switch (step.kind) {
    case 'started':
      return starting.firstPoll(record);
    case 'under-way':
      return toStartState(record, { nextStartAt: step.untilMs });
    case 'unknown':
      return endingState(record, { outcome: 'errored', reason: 'start-unknown' });
    case 'send':
      return setOut(record, current.place, starting);
    default:
      return step satisfies never;
  }
}

/** Everything that a start waits for, in the order in which each costs the least if the next one is missing. */
async function setOut(record: RevealRecord, place: number | undefined, starting: Starting): Promise<RevealState> {
  const { relay, budget, apiKey, now } = starting;
  const brake = await relay.brake();
  if (brake) return wait(record, { kind: 'wait', nextStartAt: budget.afterPause(now()), pausedBecause: brake });
  // Before the slot: Secrets Manager may take longer than a slot is good for.
  const held = await apiKey.get();
  const slot = await budget.reach(record, place);
  if (slot.kind === 'wait') return wait(record, slot);
  // A probe asks whether the key that was refused has been replaced.
  const key = slot.probe || held === undefined ? await apiKey.refetch() : held;
  if (key === undefined) return wait(record, await budget.heard(slot, { kind: 'refused', reason: 'key-unavailable' }));

  const call = { nonce: starting.nonce(), credits: creditsToReserve(record.find ?? []), revealId: record.revealId, atMs: now() };
  const caps = starting.capsFor(record);
  for (const [at, cap] of caps.entries()) {
    if (await cap.reserve(call)) continue;
    await Promise.all(caps.slice(0, at).map((reserved) => reserved.release(call)));
    return endingState(record, { outcome: 'errored', reason: 'credit-cap-reached' });
  }
  return send(record, slot, key, call, starting);
}

async function send(
  record: RevealRecord,
  slot: StartSlot,
  key: string,
  call: Reservation,
  starting: Starting,
): Promise<RevealState> {
  const { starts, fiber, monotonic, now } = starting;
  const { revealId } = record;
  const { nonce } = call;
  const setOutAt = monotonic();
  if (!(await starts.intend(record, { nonce, at: new Date(now()).toISOString() }))) {
    await release(record, call, starting);
    // Somebody was faster, or the reveal has ended: the next look at the record says which.
    return toStartState(record, { nextStartAt: now() });
  }
  // A container may have been frozen in between, and others take a call for dead that is still to leave.
  const isLate = monotonic() - setOutAt > 1_000 * startCallSeconds.leavesWithin;
  const sentAt = now();
  const answer: StartAnswer = isLate
    ? { kind: 'not-sent', problem: 'timed-out' }
    : await fiber.start(key, record.linkedinUrl ?? '', record.find ?? []);
  starting.log.info('start answered', { revealId, ...factsOf(answer) });

  switch (answer.kind) {
    case 'started': {
      const { taskId, charge } = answer;
      const task = { taskId, nonce, startedAt: new Date(sentAt).toISOString(), ...(charge && { charge }) };
      const next = await keepStarted(record, task, starting);
      await asWellAsItCan(starting, async () => {
        await commit(record, call, starting, statedCredits(charge).creditsCharged);
        await starting.budget.heard(slot, { kind: 'accepted' });
      });
      return next;
    }
    case 'unknown':
      await asWellAsItCan(starting, async () => {
        await starts.unknown(revealId, nonce, answer.problem, answer.answer);
        await commit(record, call, starting);
        await starting.budget.heard(slot, { kind: 'unknown' });
      });
      return endingState(record, { outcome: 'errored', reason: 'start-unknown' });
    case 'refused':
    case 'sandbox': {
      const refusal = answer.kind === 'refused' ? answer.answer : undefined;
      if (!(await starts.withdraw(revealId, nonce, { problem: problemOf(answer), answer: refusal }))) return lookAgain(record, starting);
      await release(record, call, starting);
      await asWellAsItCan(starting, () => starting.budget.heard(slot, { kind: 'accepted' }));
      return endingState(record, { outcome: 'errored', reason: 'start-refused' });
    }
    case 'rate-limited':
    case 'blocked':
    case 'turned-away':
    case 'not-sent': {
      // What cannot be taken back stays, and is unknown to whoever finds it.
      if (!(await starts.withdraw(revealId, nonce))) return lookAgain(record, starting);
      await release(record, call, starting);
      return wait(record, await starting.budget.heard(slot, verdictOnStart(answer)));
    }
    default:
      return answer satisfies never;
  }
}

/** The task is on the record, or travels on in the state: what was paid for must not be lost because the table is busy. */
async function keepStarted(
  reveal: Pick<RevealRecord, 'revealId' | 'generation'>,
  task: StartedTask,
  { starts, firstPoll, sleep, now, log }: Starting,
): Promise<RevealState> {
  const { revealId, generation } = reveal;
  for (let tries = 1; ; tries += 1) {
    try {
      const record = await starts.started(revealId, task, now());
      if (!record || record.generation !== generation) return { revealId, generation, outcome: 'duplicate' };
      return record.status === 'running' ? await firstPoll(record) : endedState(record, true);
    } catch (error) {
      log.info('task not kept', { revealId, taskId: task.taskId, ...loggedFacts(error) });
      if (tries === writeTries) return toStartState(reveal, { nextStartAt: now() + tableAgainMs, startedTask: task });
      await sleep(writeAgainMs * tries);
    }
  }
}

function wait(record: RevealRecord, { nextStartAt, place, pausedBecause }: StartWait): RevealState {
  return toStartState(record, { nextStartAt, place });
}
