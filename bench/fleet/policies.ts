/** Who polls when: the policies that are compared. Each is given a reveal at its admission and sees it through. */
import { baseIntervalMs } from '../../lambdas/polling/budget/gcra.ts';
import { defaultPollLimits, type RateLimits } from '../../lambdas/polling/budget/limits.ts';
import { relayPolls } from './relay-polls.ts';
import type { Handler, Reveal, VendorAnswer, World } from './world.ts';

export type PolicyName = 'fixed-15s' | 'fixed-30s' | 'backoff' | 'fixed-15s-reserved' | 'relay';

export const policyNames: readonly PolicyName[] = ['fixed-15s', 'fixed-30s', 'backoff', 'fixed-15s-reserved', 'relay'];

export type Admit = (reveal: Reveal) => void;

export function makePolicy(name: PolicyName, world: World, limits: RateLimits = defaultPollLimits): Admit {
  switch (name) {
    case 'fixed-15s':
      return fixed(world, 15_000);
    case 'fixed-30s':
      return fixed(world, 30_000);
    case 'backoff':
      return backoff(world);
    case 'fixed-15s-reserved':
      return reserved(world, 15_000, baseIntervalMs(limits));
    case 'relay':
      return relayPolls(world, limits).admit;
  }
}

/** What a handler without a plan makes of an answer: done, or another time. */
function answered(world: World, end: () => void, next: () => void) {
  return (answer: VendorAnswer) => {
    end();
    if (answer === 'done') world.settle();
    else next();
  };
}

/** The vendor's advice: poll every so many seconds until done; a rejection is just another "not yet". */
function fixed(world: World, waitMs: number): Admit {
  return (reveal) => {
    const next = () => world.loop(world.now + waitMs, (_skew, end) => world.poll(reveal, answered(world, end, next)));
    next();
  };
}

/** Exponential backoff with full jitter: a random wait up to 5 s, 10 s, 20 s … 60 s.
 * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/ */
function backoff(world: World): Admit {
  return (reveal) => {
    let attempt = 0;
    const next = () =>
      world.loop(world.now + world.random() * Math.min(60_000, 5_000 * 2 ** attempt++), (_skew, end) =>
        world.poll(reveal, answered(world, end, next)),
      );
    next();
  };
}

/** A fixed cadence that reserves each poll from one shared queue: the simplest thing that never exceeds the limit. */
function reserved(world: World, waitMs: number, intervalMs: number): Admit {
  let tat = 0;
  return (reveal) => {
    const pollAt = (slot: number, skew: number, end: () => void) => {
      world.at(slot - skew, () => world.poll(reveal, answered(world, end, next)));
    };
    const reserve: Handler = (skew, end) => {
      const now = world.now + skew;
      const slot = Math.max(tat, now);
      tat = slot + intervalMs;
      if (slot - now < 5_000) return pollAt(slot, skew, end);
      end();
      world.loop(slot - 1_000, (later, ended) =>
        world.now + later - slot > 700 ? reserve(later, ended) : pollAt(slot, later, ended),
      );
    };
    const next = () => world.loop(world.now + waitMs, reserve);
    next();
  };
}
