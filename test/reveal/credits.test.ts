import { describe, expect, it } from 'vitest';
import { creditsOf, creditsPaid, statedCredits } from '../../lambdas/reveal/credits.ts';

describe('what a reveal cost', () => {
  it.each([
    [{ method: 'charged-now', creditsCharged: 12 }, { creditsCharged: 12 }, 12],
    [{ method: 'credits-refunded', creditsRefunded: 4, message: 'back' }, { creditsRefunded: 4 }, -4],
    [{ method: 'new', creditsCharged: 12, creditsRefunded: 4 }, { creditsCharged: 12, creditsRefunded: 4 }, 8],
    [
      { method: 'new', creditsCharged: '12', creditsRefunded: ' 4.5 ' },
      { creditsCharged: 12, creditsRefunded: 4.5 },
      7.5,
    ],
    [{ method: 'free', message: 'nothing', creditsCharged: 0 }, { creditsCharged: 0 }, 0],
    [{ method: 'charging-later', message: 'later' }, {}, undefined],
    [{ creditsCharged: '1,200' }, {}, undefined],
    [{ creditsCharged: 'a dozen', creditsRefunded: null }, {}, undefined],
    [undefined, {}, undefined],
  ])('is read out of %j', (charge, figures, paid) => {
    expect(creditsOf({ charge })).toEqual(figures);
    expect(creditsPaid(creditsOf({ charge }))).toBe(paid);
  });

  const started = { startCharge: { method: 'charged-now', creditsCharged: 12 }, startCreditsCharged: 12 };
  it.each([
    ['repeats the charge', { method: 'charged-for-async-process', creditsCharged: 12, message: 'all' }, 12, undefined],
    ['states it once more', { method: 'charged-now', creditsCharged: 12 }, 12, undefined],
    ['speaks of the poll alone', { method: 'free', message: 'polls are', creditsCharged: 0 }, 12, undefined],
    ['speaks of no figure', { method: 'charging-later', message: 'later' }, 12, undefined],
    ['gives a part back', { method: 'credits-refunded', creditsRefunded: 7, message: 'back' }, 12, 7],
    ['gives all of it back', { method: 'credits-refunded', creditsRefunded: 12, message: 'back' }, 12, 12],
    ['says nothing', undefined, 12, undefined],
  ] as const)('counts the charge of a start once where the last answer %s', (_, charge, creditsCharged, refunded) => {
    const { creditsCharged: ofPoll, creditsRefunded } = statedCredits(charge);
    const figures = {
      ...(ofPoll !== undefined && { creditsCharged: ofPoll }),
      ...(creditsRefunded && { creditsRefunded }),
    };
    const said = creditsOf({ ...started, ...(charge && { charge }), ...figures });
    expect(said).toEqual({ creditsCharged, ...(refunded !== undefined && { creditsRefunded: refunded }) });
    expect(creditsPaid(said)).toBe(creditsCharged - (refunded ?? 0));
  });

  it.each([
    ['charged-now', 12],
    ['charged-for-async-process', 12],
    ['charging-later', undefined],
    ['free', undefined],
    ['credits-refunded', undefined],
  ])('is at the end what the vendor only says then, if its start was %s', (method, creditsCharged) => {
    const startCharge = { method, ...(creditsCharged !== undefined && { creditsCharged }), message: 'said' };
    const charge = { method: 'charged-for-async-process', creditsCharged: 12, message: 'all' };
    expect(creditsOf({ startCharge, charge, creditsCharged: 12 })).toEqual({ creditsCharged: 12 });
  });

  it('is nothing for a reveal that has ended before anybody set out to pay, and unknown while nobody knows', () => {
    expect(creditsOf({ status: 'errored' })).toEqual({ creditsCharged: 0 });
    expect(creditsOf({ status: 'running' })).toEqual({});
    const startIntent = { nonce: 'one', at: '2026-11-23T12:00:00.000Z' };
    expect(creditsOf({ status: 'errored', startIntent })).toEqual({});
  });

  it('is what the record says, if it says more than the charge', () => {
    expect(creditsOf({ creditsCharged: 12, creditsRefunded: 4, charge: { creditsCharged: 9 } })).toEqual({
      creditsCharged: 12,
      creditsRefunded: 4,
    });
  });
});
