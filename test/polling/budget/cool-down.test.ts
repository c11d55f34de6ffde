import { describe, expect, it } from 'vitest';
import { coolDownMoves, easeMoves, wantsEase } from '../../../lambdas/polling/budget/cool-down.ts';
import { defaultPollLimits as limits } from '../../../lambdas/polling/budget/limits.ts';
import { applyMoves, type Item, num } from '../../../lambdas/polling/budget/moves.ts';
import { slotMoves } from '../../../lambdas/polling/budget/slots.ts';

const noon = 1_800_000_000_000;
/** A 429 to a poll that left at `sentAt`, and asks for half a minute. */
const rejected = (now: number, sentAt: number) =>
  coolDownMoves(limits, now, { sentAt, retryAfterMs: 30_000, tooFast: true });

describe('a rejection all the same', () => {
  it('pauses everybody as long as the vendor asks and stretches the interval by a tenth', () => {
    const { item, move } = applyMoves({ tat: noon }, rejected(noon, noon - 100));

    expect([move, item.tat, item.cool, item.gap]).toEqual(['stretch', noon + 30_000, noon + 30_000, 282]);
  });

  it('pauses everybody for a quarter of a minute where the vendor does not say how long', () => {
    const { item } = applyMoves({ tat: noon }, coolDownMoves(limits, noon, { sentAt: noon - 100, tooFast: true }));

    expect([item.tat, item.cool]).toEqual([noon + 15_000, noon + 15_000]);
  });

  it('pauses everybody who has no slot yet, however short it is, and by whatever clock the last slots were granted', () => {
    // As far ahead as a slot may be, by a clock that is 1.5 s ahead of ours.
    const granted: Item = { tat: noon + 10_000 + 256 + 1_500 };
    const { item, move } = applyMoves(
      granted,
      coolDownMoves(limits, noon, { sentAt: noon - 100, retryAfterMs: 1_000, tooFast: true }),
    );

    expect(move).toBe('stretch');
    expect(item.cool).toBeGreaterThan(Number(granted.tat));
  });

  it('counts once per episode, however many polls were rejected in it', () => {
    let item: Item = { tat: noon };
    for (let i = 0; i < 50; i++) item = applyMoves(item, rejected(noon + i * 10, noon - 100 + i)).item;

    expect(item.gap).toBe(282);
  });

  it('is old news when the poll left before the cool-down ended, however late its answer comes', () => {
    const first = applyMoves({ tat: noon }, rejected(noon, noon - 100)).item;
    const late = applyMoves(first, rejected(noon + 31_000, noon + 29_000)).item;

    expect(late.gap).toBe(282);
  });

  it('is a new episode when a poll is rejected that left after the cool-down', () => {
    const first = applyMoves({ tat: noon }, rejected(noon, noon - 100)).item;
    const second = applyMoves(first, rejected(noon + 40_000, noon + 39_900)).item;

    expect([second.gap, second.cool]).toEqual([308, noon + 70_000]);
  });

  it('is forgiven by a hundredth of the interval a minute', () => {
    let item: Item = { gap: 282, easeAt: noon };
    const gaps = [0, 1, 30, 61, 122].map((seconds) => {
      const now = noon + seconds * 1_000;
      if (wantsEase(limits, item, now)) item = applyMoves(item, easeMoves(limits, now)).item;
      return num(item, 'gap');
    });

    expect(gaps).toEqual([279, 279, 279, 276, 273]);
  });

  it('a lowered limit holds at once, whatever interval is stored', () => {
    const slow = { ...limits, perMinute: 60 };
    const stored: Item = { gap: 300, easeAt: noon + 60_000 };

    expect(applyMoves(stored, slotMoves(slow, 'bulk', noon, undefined)).move).toBeUndefined();
    expect(applyMoves(stored, easeMoves(slow, noon)).item.gap).toBe(1_024);
  });
});
