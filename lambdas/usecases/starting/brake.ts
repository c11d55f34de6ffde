import type { SharedItem } from '../../aws/budgets/shared-item.ts';
import type { CreditCap } from '../../aws/credit-cap.ts';
import type { RelayItem } from '../../aws/relay-item.ts';
import { pausedBecause } from '../../polling/budget/breaker.ts';
import { SaltMissing } from '../../reveal/errors.ts';

/** What knows whether tasks are started at the moment. */
export interface StartsPaused {
  relay: Pick<RelayItem, 'brake'>;
  /** The item of the budget of starts. */
  startBudget: Pick<SharedItem, 'read'>;
  /** The item of the poll budget: a task that nobody could poll for is not started. */
  budget: Pick<SharedItem, 'read'>;
}

/** Why no task is started at the moment: the brake first, as a person has put it on. Undefined if nothing stands in the way. */
export async function startsPausedBecause({ relay, startBudget, budget }: StartsPaused): Promise<string | undefined> {
  return (await relay.brake()) ?? pausedBecause(await startBudget.read()) ?? pausedBecause(await budget.read());
}

export interface Braking extends StartsPaused {
  relay: Pick<RelayItem, 'salt' | 'brake' | 'putOnBrake' | 'letGo'>;
  /** The sum of the day, if it has a cap. */
  capOfDay: () => { day: string; cap: Pick<CreditCap, 'standing'> } | undefined;
}

export interface StandingOfStarts {
  pausedBecause?: string;
  /** What starts have cost today, as far as it counts against a cap. */
  credits?: {
    /** UTC, as in `2026-11-27`. */
    day: string;
    /** With what is set aside for starts that are under way. */
    spent: number;
    most: number;
  };
}

/** Whether tasks are started, and what they have cost today. */
export async function standingOfStarts(braking: Braking): Promise<StandingOfStarts> {
  const reason = (await isSaltLost(braking)) ? 'salt-missing' : await startsPausedBecause(braking);
  const today = braking.capOfDay();
  const standing = today && (await today.cap.standing());
  return {
    ...(reason !== undefined && { pausedBecause: reason }),
    ...(today && standing && { credits: { day: today.day, spent: standing.spent, most: standing.mostCredits } }),
  };
}

/** A relay that nobody has asked for a person yet gets its salt now. */
async function isSaltLost({ relay }: Pick<Braking, 'relay'>): Promise<boolean> {
  try {
    await relay.salt();
    return false;
  } catch (error) {
    if (error instanceof SaltMissing) return true;
    throw error;
  }
}

/** Puts on the brake: nothing is paid for any more. A call that has left by then is not called back. */
export async function pauseStarts(braking: Braking): Promise<StandingOfStarts> {
  await braking.relay.putOnBrake();
  return standingOfStarts(braking);
}

/** Lets go of the brake, in a table that was restored from a backup too. What the vendor has paused goes on by itself. */
export async function letStartsGo(braking: Braking): Promise<StandingOfStarts> {
  await braking.relay.letGo();
  return standingOfStarts(braking);
}
