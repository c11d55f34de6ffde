import { describe, expect, it } from 'vitest';
import { webhookAttempts } from '../../lambdas/contract.ts';
import { admitDelivery, begun, type Delivery, ended, heldBack } from '../../lambdas/webhooks/delivery.ts';

const nowMs = Date.parse('2026-11-27T12:00:00Z');
const hour = 3_600_000;
const about = { receiver: 'crm', eventId: 'e'.repeat(32), type: 'Contact Reveal Completed', expiresAt: 1_800_000_000 };
const first = begun(undefined, about, { id: 'one', receives: 1 }, nowMs);
const answered = (delivery: Delivery, status: number, state: Delivery['state'] = 'trying') =>
  ended(delivery, state, { status });

describe('a message', () => {
  it('is delivered if nobody knows of its event, and again for as long as it comes back', () => {
    expect(admitDelivery(undefined, { id: 'one', receives: 1 }, nowMs)).toBe('deliver');
    expect(admitDelivery(answered(first, 500), { id: 'one', receives: 2 }, nowMs)).toBe('deliver');
  });

  it('is delivered again if whoever tried has not lived to say what came of it', () => {
    expect(admitDelivery(first, { id: 'one', receives: 2 }, nowMs)).toBe('deliver');
  });

  it('is not delivered once its event has arrived, whichever copy brought it', () => {
    const arrived = answered(first, 204, 'delivered');
    for (const id of ['one', 'other']) expect(admitDelivery(arrived, { id, receives: 1 }, nowMs)).toBe('delivered');
  });

  it('leaves its event to another copy that is under way, so that both together make no more attempts than one', () => {
    expect(admitDelivery(answered(first, 500), { id: 'other', receives: 1 }, nowMs + 10 * hour)).toBe("another's");
  });

  it('takes over from a copy that has not come back when it was due', () => {
    expect(admitDelivery(answered(first, 500), { id: 'other', receives: 1 }, nowMs + 13 * hour)).toBe('deliver');
  });

  it('takes over at once from a copy that is out of attempts, or that was laid aside: somebody has sent it again', () => {
    const last = begun(first, about, { id: 'one', receives: webhookAttempts }, nowMs);
    const off = heldBack(undefined, about, { id: 'one', receives: 1 });
    for (const over of [last, answered(first, 500, 'given-up'), off]) {
      expect(admitDelivery(over, { id: 'other', receives: 1 }, nowMs)).toBe('deliver');
    }
  });

  it('is delivered when somebody has sent it again, though the note of the first message says that its attempts go on', () => {
    const message = { id: 'other', receives: 1, isSentAgain: true };
    for (const before of [first, answered(first, 500)]) {
      expect(admitDelivery(before, message, nowMs + hour)).toBe('deliver');
    }
    expect(admitDelivery(answered(first, 204, 'delivered'), message, nowMs + hour)).toBe('delivered');
  });

  it('is laid aside if it comes once more than it may be tried', () => {
    expect(admitDelivery(first, { id: 'one', receives: webhookAttempts + 1 }, nowMs)).toBe('exhausted');
  });
});

describe('the note of a delivery', () => {
  it('has each attempt with what was answered, counts its writes, and says no word of the receiver', () => {
    const again = begun(answered(first, 500), about, { id: 'one', receives: 2 }, nowMs + 5_000);
    expect(ended(again, 'trying', { problem: 'timed-out' })).toEqual({
      ...about,
      state: 'trying',
      attempts: [
        { at: '2026-11-27T12:00:00.000Z', status: 500 },
        { at: '2026-11-27T12:00:05.000Z', problem: 'timed-out' },
      ],
      messageId: 'one',
      tries: 2,
      version: 4,
    });
  });

  it('says of a receiver that is off that nothing was tried', () => {
    expect(heldBack(undefined, about, { id: 'one', receives: 1 })).toMatchObject({ state: 'off', attempts: [] });
  });

  it('keeps the newest twenty attempts', () => {
    let delivery = first;
    for (let receives = 2; receives <= 30; receives += 1) {
      delivery = begun(delivery, about, { id: 'one', receives }, nowMs + receives);
    }
    expect(delivery.attempts).toHaveLength(20);
    expect(delivery.attempts.at(-1)?.at).toBe('2026-11-27T12:00:00.030Z');
  });
});
