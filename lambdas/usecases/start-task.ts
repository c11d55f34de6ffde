import type { ApiKey } from '../aws/api-key.ts';
import type { CreditCap, Reservation } from '../aws/credit-cap.ts';
import type { PaidStarts } from '../aws/paid-starts.ts';
import type { PollBudget } from '../aws/poll-budget.ts';
import type { RateBudget } from '../aws/rate-budget.ts';
import type { RelayItem } from '../aws/relay-item.ts';
import type { RevealsTable } from '../aws/reveals-table.ts';
import { type RevealState, startCallSeconds, type WorkflowCall } from '../contract.ts';
import type { FiberStarts } from '../fiber/fiber-starts.ts';
import { creditsToReserve } from '../fiber/prices.ts';
import type { StartAnswer } from '../fiber/start-answer.ts';
import { askForSlot } from '../polling/ask-for-slot.ts';
import { isSlot, newPollingState, type PollingState, type Slot, type Wake } from '../polling/polling-state.ts';
import { noteStart, type StartVerdict, waitForPolls } from '../polling/starts.ts';
import { loggedFacts, UnexpectedState } from '../reveal/errors.ts';
import { type StartedTask, startStep } from '../reveal/paid-start.ts';
import type { RevealRecord } from '../reveal/record.ts';
import { endedState, endingState, readState, toStartState } from '../reveal/state.ts';

export interface Starting {
  reveals: Pick<RevealsTable, 'get' | 'whileRunning'>;
  starts: Pick<PaidStarts, 'intend' | 'withdraw' | 'unknown' | 'started' | 'alias'>;
  relay: Pick<RelayItem, 'brake'>;
  budget: Pick<RateBudget, 'decide' | 'reach'>;
  polls: Pick<PollBudget, 'read'>;
  /** The sums that the start of a reveal counts against, if any is capped. */
  capsFor: (record: RevealRecord) => readonly Pick<CreditCap, 'reserve' | 'commit' | 'release'>[];
  apiKey: Pick<ApiKey, 'get' | 'refetch'>;
  fiber: Pick<FiberStarts, 'start'>;
  /** What is next for a reveal that has its task. */
  firstPoll: (record: RevealRecord) => Promise<RevealState>;
  maxWaitMs: number;
  sleep: (ms: number) => Promise<unknown>;
  /** Names one call, and no other. */
  nonce: () => string;
  /** Unix milliseconds. */
  now: () => number;
  /** Milliseconds of a clock that nobody sets. */
  monotonic: () => number;
  log: { info(message: string, facts: Record<string, unknown>): void };
}

/** A start that went for nothing is made again after this long. */
const againMs = 5_000;
/** While the brake is on, reveals come by this often to see whether it still is. */
const brakeMs = 60_000;
/** A write that must not be lost is tried so often, and then travels in the state. */
const writeTries = 4;
const writeAgainMs = 500;

/**
 * The state `StartTask`: makes the one paid call of a reveal that has no task, unless somebody else has set out to. It is the only place
 * that spends.
 *
 * What it must never do is call twice: so the call is announced on the record before it is made, and whoever finds the announcement of
 * another waits until that one has answered, or cannot any more. What it must never lose is a task that the vendor has named: its id is
 * logged before the first write, and travels in the state until the table has it.
 */
export async function startTask({ state }: WorkflowCall, starting: Starting): Promise<RevealState> {
  const current = readState(state);
  if (!current) throw new UnexpectedState('start-task');
  const { revealId, generation, startedTask } = current;
  if (startedTask) return keepStarted(revealId, startedTask, starting);

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
    case 'send': {
      const { now, maxWaitMs } = starting;
      const standing = current.polling ?? newPollingState(record.priority, now(), now(), maxWaitMs);
      return setOut(record, standing, starting);
    }
    default:
      return step satisfies never;
  }
}

/** Everything that a start waits for, what costs nothing first. */
async function setOut(record: RevealRecord, standing: PollingState, starting: Starting): Promise<RevealState> {
  const { relay, budget, polls, apiKey, now } = starting;
  const brake = await relay.brake();
  if (brake) {
    return wait(record, { kind: 'wake', nextPollAt: now() + brakeMs, state: standing, pausedBecause: brake }, starting);
  }
  const pollsItem = await polls.read();
  const behind = await budget.decide(function* (context) {
    return waitForPolls(context, standing, pollsItem);
  });
  if (behind) return wait(record, behind, starting);
  // Before the slot: Secrets Manager may take longer than a slot is good for.
  const held = await apiKey.get();
  const slot = await budget.reach(() => budget.decide((context) => askForSlot(context, standing)));
  if (slot === 'missed') return wait(record, { kind: 'wake', nextPollAt: now() + againMs, state: standing }, starting);
  if (slot.kind === 'giveUp') return endingState(record, { outcome: 'errored', reason: 'not-started' });
  if (slot.kind === 'wake') return wait(record, slot, starting);
  // A probe asks whether the key that was refused has been replaced.
  const key = slot.probe || held === undefined ? await apiKey.refetch() : held;
  if (key === undefined) {
    await note(slot, { kind: 'refused', reason: 'key-unavailable' }, now(), starting);
    return again(record, standing, starting);
  }

  const call = {
    nonce: starting.nonce(),
    credits: creditsToReserve(record.find ?? []),
    revealId: record.revealId,
    atMs: now(),
  };
  const caps = starting.capsFor(record);
  for (const [at, cap] of caps.entries()) {
    if (await cap.reserve(call)) continue;
    for (const reserved of caps.slice(0, at)) await reserved.release(call);
    return endingState(record, { outcome: 'errored', reason: 'credit-cap-reached' });
  }
  return send(record, { standing, slot, key, call, caps }, starting);
}

interface PaidCall {
  standing: PollingState;
  slot: Slot;
  key: string;
  call: Reservation;
  caps: ReturnType<Starting['capsFor']>;
}

async function send(record: RevealRecord, paid: PaidCall, starting: Starting): Promise<RevealState> {
  const { starts, fiber, monotonic, now, log } = starting;
  const { revealId } = record;
  const { standing, slot, key, call } = paid;
  const { nonce } = call;
  const setOutAt = monotonic();
  if (!(await starts.intend(record, { nonce, at: new Date(now()).toISOString() }))) {
    for (const cap of paid.caps) await cap.release(call);
    // Somebody was faster, or the reveal has ended: the next look at the record says which.
    return toStartState(record, { nextStartAt: now() });
  }
  // A container may have been frozen in between, and others take a call for dead that is still to leave.
  const isLate = monotonic() - setOutAt > 1_000 * startCallSeconds.leavesWithin;
  const sentAt = now();
  const answer: StartAnswer = isLate
    ? { kind: 'not-sent', problem: 'timed-out' }
    : await fiber.start(key, record.linkedinUrl ?? '', record.find ?? []);
  log.info('start answered', { revealId, ...loggedOf(answer) });

  switch (answer.kind) {
    case 'started': {
      const { taskId, charge } = answer;
      const task = { taskId, nonce, startedAt: new Date(sentAt).toISOString(), ...(charge && { charge }) };
      const next = await keepStarted(revealId, task, starting);
      await tell(paid, { kind: 'accepted' }, sentAt, starting, charge?.creditsCharged);
      return next;
    }
    case 'unknown':
      // Should this fail: the intent stays, and says the same to whoever finds it.
      await starts.unknown(revealId, nonce, answer.problem, answer.answer);
      await tell(paid, { kind: 'unknown' }, sentAt, starting);
      return endingState(record, { outcome: 'errored', reason: 'start-unknown' });
    case 'refused':
    case 'sandbox': {
      const words = answer.kind === 'refused' ? answer.answer : undefined;
      if (!(await starts.withdraw(revealId, nonce, { problem: answer.kind, answer: words }))) break;
      await tellNotPaid(paid, { kind: 'accepted' }, sentAt, starting);
      return endingState(record, { outcome: 'errored', reason: 'start-refused' });
    }
    case 'rate-limited':
    case 'blocked':
    case 'turned-away':
    case 'not-sent':
      // What cannot be taken back stays, and is unknown to whoever finds it.
      if (!(await starts.withdraw(revealId, nonce))) break;
      await tellNotPaid(paid, verdictOn(answer), sentAt, starting);
      return again(record, standing, starting);
    default:
      return answer satisfies never;
  }
  return toStartState(record, { nextStartAt: now() });
}
