import type { ApiKey } from '../../aws/api-key.ts';
import type { PollBudget } from '../../aws/budgets/poll-budget.ts';
import type { CreditCap } from '../../aws/credit-cap.ts';
import type { RelayItem } from '../../aws/relay-item.ts';
import { type RevealState, startCallSeconds, type WorkflowCall } from '../../contract.ts';
import { creditsToReserve } from '../../fiber/prices.ts';
import { askForSlot } from '../../polling/ask-for-slot.ts';
import { pausedBecause } from '../../polling/budget/breaker.ts';
import { newPollingState, type PollingState, type Wake } from '../../polling/polling-state.ts';
import { holdBack, noteUnknownStart, takeUnwantedProbe, waitForPolls } from '../../polling/starts.ts';
import { retryCapMs } from '../../polling/tuning.ts';
import { UnexpectedState } from '../../reveal/errors.ts';
import { startStep } from '../../reveal/life/paid-start.ts';
import { waitingWith } from '../../reveal/life/waiting.ts';
import { isOfLaterVersion, type RevealRecord } from '../../reveal/record.ts';
import { endedState, endingState, readState, sameStateLater, toStartState } from '../../reveal/state.ts';
import { againMs, callNeedsMs, keepStarted, makePaidCall, note, type PaidCalling } from './paid-call.ts';

export interface Starting extends Omit<PaidCalling, 'leftMs'> {
  relay: Pick<RelayItem, 'brake'>;
  polls: Pick<PollBudget, 'known' | 'decide'>;
  /** The sums that the start of a reveal counts against, if any is capped. */
  capsFor: (record: RevealRecord) => readonly Pick<CreditCap, 'reserve' | 'commit' | 'release'>[];
  apiKey: Pick<ApiKey, 'get' | 'refetch'>;
  /** Names one call, and no other. */
  nonce: () => string;
}

type Going = Starting & PaidCalling;

/** While the brake is on, reveals come by this often to see whether it still is. */
const brakeMs = 60_000;

/**
 * The state `StartTask`: makes the one paid call of a reveal that has no task, unless somebody else has set out to. It is the only state
 * that spends.
 */
export async function startTask({ state, executionArn }: WorkflowCall, parts: Starting): Promise<RevealState> {
  const endsAt = parts.monotonic() + 1_000 * startCallSeconds.handlerLives;
  const starting = { ...parts, leftMs: () => endsAt - parts.monotonic() };
  const current = readState(state);
  if (!current) throw new UnexpectedState('start-task');
  const { revealId, generation, startedTask } = current;
  if (startedTask) return keepStarted({ revealId, generation }, startedTask, starting);

  const record = await starting.reveals.get(revealId);
  if (!record || record.generation !== generation) return { revealId, generation, outcome: 'duplicate' };
  if (isOfLaterVersion(record)) return sameStateLater(state, starting.now());
  // One that somebody else has started for the same generation spends nothing.
  const isOurs = record.executionArn === executionArn;
  if (!isOurs || record.status !== 'running') return endedState(record, isOurs);
  const step = startStep(record, starting.now());
  switch (step.kind) {
    case 'started':
      return starting.firstPoll(record);
    case 'under-way':
      return toStartState(record, { nextStartAt: step.untilMs });
    case 'unknown':
      // Its handler has died. Those after it may fare no better.
      await starting.budget.decide((context) => noteUnknownStart(context, step.sentAtMs));
      return endingState(record, { outcome: 'errored', reason: 'start-unknown' });
    case 'send': {
      const { now, maxWaitMs } = starting;
      // Whose contact data is wanted nobody knows: that is none of ours to start.
      if (record.linkedinUrl === undefined) return endingState(record, { outcome: 'errored', reason: 'relay-fault' });
      return setOut(record, current.polling ?? newPollingState(record.priority, now(), now(), maxWaitMs), starting);
    }
    default:
      return step satisfies never;
  }
}

/** Everything that a start waits for, what costs nothing first. Nothing is announced before all of it is there. */
async function setOut(record: RevealRecord, standing: PollingState, starting: Going): Promise<RevealState> {
  const { budget, polls, apiKey, now, nonce } = starting;
  const braked = await waitForBrake(standing, starting);
  if (braked) return wait(record, braked, starting);
  const known = await polls.known();
  const hasProbe = pausedBecause(known.item) !== undefined && (await polls.decide(takeUnwantedProbe));
  const behind = hasProbe ? undefined : await budget.decide((context) => waitForPolls(context, standing, known));
  if (behind) return wait(record, behind, starting);
  // Before the slot: Secrets Manager may take longer than a slot is good for.
  const held = await apiKey.get();
  const slot = await budget.reach((context) => askForSlot(context, standing));
  if (slot === 'missed') return tryAgain(record, standing, starting);
  if (slot.kind === 'giveUp') return endingState(record, { outcome: 'errored', reason: 'not-started' });
  if (slot.kind === 'wake') return wait(record, slot, starting);
  // A probe asks whether the key that was refused has been replaced.
  const key = slot.probe || held === undefined ? await apiKey.refetch() : held;
  if (key === undefined) {
    await note({ verdict: { kind: 'refused', reason: 'key-unavailable' }, slot, sentAt: now() }, starting);
    return tryAgain(record, standing, starting);
  }
  // A slot may have been slept for, and a brake works at once.
  const brakedSince = await waitForBrake(standing, starting);
  if (brakedSince) return wait(record, brakedSince, starting);
  // All of that may have taken so long that the answer would find nobody.
  if (starting.leftMs() < callNeedsMs) return tryAgain(record, standing, starting);

  const credits = creditsToReserve(record.find ?? []);
  const call = { nonce: nonce(), credits, revealId: record.revealId, atMs: now() };
  const caps = starting.capsFor(record);
  for (const [at, cap] of caps.entries()) {
    if (await cap.reserve(call)) continue;
    for (const reserved of caps.slice(0, at)) await reserved.release(call);
    return endingState(record, { outcome: 'errored', reason: 'credit-cap-reached' });
  }
  const called = await makePaidCall(record, { slot, key, call, caps }, starting);
  if (called !== 'nothing-came-of-it') return called;
  return tryAgain(record, standing, starting);
}

/** A start that came to nothing, for now: less and less often, and not past the time after which a reveal is given up. */
function tryAgain(record: RevealRecord, standing: PollingState, starting: Going): Promise<RevealState> {
  const { now, reveals } = starting;
  const state = { ...standing, failures: standing.failures + 1 };
  const nextPollAt = now() + Math.min(retryCapMs, againMs * 2 ** standing.failures);
  return standStill(record, { kind: 'wake', nextPollAt, state }, { now, reveals });
}

async function waitForBrake(
  state: PollingState,
  { relay, budget }: Pick<Starting, 'relay' | 'budget'>,
): Promise<Wake | undefined> {
  const brake = await relay.brake();
  if (!brake) return undefined;
  const held = await budget.decide((context) => holdBack(context, state, brakeMs));
  return { ...held, pausedBecause: brake };
}

/**
 * Back to the workflow. Who stands in line is not late for that: the time after which a reveal is given up counts while nobody is started, because of the
 * key, the credits or the brake, and while starts come to nothing.
 */
function wait(record: RevealRecord, wake: Wake, starting: Going): Promise<RevealState> {
  const { maxWaitMs } = starting;
  if (wake.pausedBecause !== undefined) return standStill(record, wake, starting);
  const state = { ...wake.state, deadlineAt: Math.max(wake.state.deadlineAt, wake.nextPollAt + maxWaitMs) };
  return goBack(record, { ...wake, state }, starting);
}

async function standStill(
  record: RevealRecord,
  wake: Wake,
  starting: Pick<Going, 'now' | 'reveals'>,
): Promise<RevealState> {
  if (starting.now() <= wake.state.deadlineAt) return goBack(record, wake, starting);
  return endingState(record, { outcome: 'errored', reason: 'not-started' });
}

async function goBack(
  record: RevealRecord,
  { nextPollAt, state, pausedBecause }: Wake,
  { reveals }: Pick<Going, 'reveals'>,
): Promise<RevealState> {
  await reveals.whileRunning(record, waitingWith(record, { nextPollAt, ...(pausedBecause && { pausedBecause }) }));
  return toStartState(record, { nextStartAt: nextPollAt, state });
}
