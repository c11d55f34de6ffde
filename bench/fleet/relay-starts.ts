/** How the relay starts tasks: the rules of the state `StartTask`, on an item in memory, before it polls them. */
import { askForSlot } from '../../lambdas/polling/ask-for-slot.ts';
import { decideNow } from '../../lambdas/polling/budget/decision.ts';
import type { RateLimits } from '../../lambdas/polling/budget/limits.ts';
import { applyMoves, type Item, type Move } from '../../lambdas/polling/budget/moves.ts';
import { slotStillGood } from '../../lambdas/polling/budget/slots.ts';
import {
  newPollingState,
  type PollingState,
  type RateContext,
  type Wake,
} from '../../lambdas/polling/polling-state.ts';
import { noteStart, waitForPolls } from '../../lambdas/polling/starts.ts';
import { neverMs, type RelayPolls } from './relay-polls.ts';
import type { Profile, World } from './world.ts';

/** The handler tries again after a start that came to nothing, milliseconds. */
const againMs = 5_000;

/** @param waits whether starts wait for polls to follow; else they leave as fast as their own budget lets them */
export function relayStarts(
  world: World,
  polls: RelayPolls,
  limits: RateLimits,
  waits: boolean,
): (profile: Profile) => void {
  let item: Item = {};
  const write = (moves: readonly Move[]) => {
    const applied = applyMoves(item, moves);
    item = applied.item;
    return applied;
  };
  const startable = (state: PollingState, skew: number) =>
    decideNow(waitForPolls(context(skew), state, { ...polls.context(skew), item: polls.item() }), write);
  const context = (skew: number): RateContext => ({ limits, now: Math.round(world.now + skew), random: world.random });

  return (profile) => {
    const wake = ({ nextPollAt, state }: Pick<Wake, 'nextPollAt' | 'state'>) =>
      world.loop(nextPollAt, (skew, end) => setOut(state, skew, end));
    const setOut = (state: PollingState, skew: number, end: () => void): void => {
      const behind = waits ? startable(state, skew) : undefined;
      const slot = behind ?? decideNow(askForSlot(context(skew), state), write);
      if (slot.kind !== 'slot') end();
      if (slot.kind === 'wake') wake(slot);
      if (slot.kind !== 'slot') return;
      world.at(slot.pollAt - skew, () => {
        if (!slotStillGood(item, slot.pollAt, Math.round(world.now + skew), slot.probe))
          return setOut(state, skew, end);
        // The sum that it counts against, and the intent.
        world.at(world.now + world.account.writesMs() + world.account.writesMs(), () => {
          const sentAt = Math.round(world.now + skew);
          world.startTask(profile, (reveal) => {
            end();
            const verdict = { kind: reveal ? 'accepted' : 'rejected' } as const;
            if (reveal) polls.firstPoll(reveal, sentAt, skew);
            decideNow(noteStart(context(skew), { verdict, slot, sentAt }), write);
            if (!reveal) wake({ nextPollAt: world.now + skew + againMs, state });
          });
        });
      });
    };
    world.invoke((skew, end) => {
      end();
      const now = Math.round(world.now + skew);
      wake({ nextPollAt: now, state: newPollingState(profile.priority, now, now, neverMs) });
    });
  };
}
