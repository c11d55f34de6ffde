import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { outputNames } from '../../lambdas/contract.ts';
import { newRecord, type RecordChanges, recordSchema } from '../../lambdas/reveal/record.ts';
import { startTestRelay, type TestRelay } from '../support/relay.ts';

/**
 * While a deployment goes on, handlers of one version meet definitions and records of another. None of them may pay for what another has paid for, take
 * away what it does not know, or have something charged that nobody hears of.
 */
let test: TestRelay;
beforeAll(async () => {
  test = await startTestRelay();
});
afterAll(() => test.close());

const table = () => String(test.relay.outputs[outputNames.revealsTable]);
const invoke = (handler: string, payload: unknown) => test.relay.handlers.get(handler)?.invoke(payload);
/** The item as it lies there, unlike `record`, whatever version it is of. */
const item = async (revealId: string) =>
  (await test.relay.tables.send(new GetCommand({ TableName: table(), Key: { revealId, part: 'reveal' } }))).Item;

let people = 0;
/** A running reveal of a person whose task nobody has started. Its execution is not there. */
async function person(changes: RecordChanges = {}) {
  people += 1;
  const revealId = `person-1-${String(people).padStart(40, '0')}`;
  const executionArn = `arn:aws:states:us-east-1:000000000000:execution:Relay:gone-${people}`;
  const wish = {
    revealId,
    linkedinUrl: 'https://www.linkedin.com/in/ada',
    find: ['work-emails' as const],
    maxAgeDays: 30,
  };
  const claim = { generation: 1, executionArn, claimedBy: 'test', nowMs: Date.parse('2026-11-23T12:00:00Z') };
  const Item = { ...newRecord(wish, claim), part: 'reveal', ...changes };
  await test.relay.tables.send(new PutCommand({ TableName: table(), Item }));
  return { revealId, call: { executionArn, input: { revealId } } };
}
const announced = (revealId: string) =>
  test.relay.published.filter(({ detail }) => detail.revealId === revealId).map(({ detail }) => detail);

describe('a reveal that has no task', () => {
  it('ends as not started, nothing charged, where a definition of version 0.1.0 has no state to start it in', async () => {
    const { revealId, call } = await person();
    const admitted = await invoke('Admit', call);
    expect(admitted).toMatchObject({ outcome: 'to-start' });
    // `Next?` of that definition sends everything that it does not know to `SettleNotRevealed`.
    const settled = await invoke('Settle', { ...call, state: admitted });
    expect(settled).toMatchObject({ outcome: 'errored', reason: 'not-started', error: 'RevealErrored' });
    expect(announced(revealId)).toMatchObject([{ outcome: 'errored', reason: 'not-started' }]);
    expect(announced(revealId)[0]).not.toHaveProperty('taskId');
    expect(test.fiber.stats().starts).toBe(0);
  });

  it('is not polled, but sent on to be started', async () => {
    const { revealId, call } = await person();
    const state = { revealId, generation: 1, outcome: 'pending', nextPollAt: '2026-11-23T12:00:00.000Z' };
    expect(await invoke('Poll', { ...call, state })).toMatchObject({ revealId, outcome: 'to-start' });
    expect(test.fiber.stats().polls).toBe(0);
  });

  it('ends as start-unknown there, if somebody has set out to pay for it', async () => {
    const { revealId, call } = await person({ startIntent: { nonce: 'one', at: '2026-11-23T12:00:01.000Z' } });
    const state = { revealId, generation: 1, outcome: 'to-start', nextStartAt: '2026-11-23T12:00:00.000Z' };
    expect(await invoke('Settle', { ...call, state })).toMatchObject({ outcome: 'errored', reason: 'start-unknown' });
  });

  it('ends as not started after an error that was caught, and says what AWS had to do with it', async () => {
    const { call } = await person();
    const state = { Error: 'States.Timeout', Cause: 'https://www.linkedin.com/in/ada' };
    const settled = (await invoke('Settle', { ...call, state })) as Record<string, unknown>;
    expect(settled).toMatchObject({ reason: 'not-started', cause: expect.stringContaining('Nothing was charged') });
    expect(settled.cause).toContain('(States.Timeout)');
    expect(settled.cause).not.toContain('ada');
  });
});

describe('a record of a later version', () => {
  const later = { schema: recordSchema + 1, whatIsNew: 'kept' } as RecordChanges;

  it.each([
    ['Poll', { outcome: 'pending', nextPollAt: '2026-11-23T12:00:00.000Z' }, 'nextPollAt'],
    ['StartTask', { outcome: 'to-start', nextStartAt: '2026-11-23T12:00:00.000Z' }, 'nextStartAt'],
  ])(
    'is left alone by %s, which comes back a minute later with the state that it was given',
    async (name, given, wait) => {
      const { revealId, call } = await person(later);
      const before = await item(revealId);
      const state = { revealId, generation: 1, ...given, whatIsNew: { kept: true } };
      const answered = (await invoke(name, { ...call, state })) as Record<string, string>;
      expect(answered).toEqual({ ...state, [wait]: expect.any(String) });
      expect(Date.parse(answered[wait] ?? '')).toBeGreaterThan(test.clock.now());
      expect(await item(revealId)).toEqual(before);
      expect(test.fiber.stats()).toMatchObject({ starts: 0, polls: 0 });
    },
  );

  it('is not settled: the state is tried again, until the code is there that knows it', async () => {
    const { revealId, call } = await person(later);
    const before = await item(revealId);
    const state = { revealId, generation: 1, outcome: 'errored', reason: 'relay-fault' };
    await expect(invoke('Settle', { ...call, state })).rejects.toThrow('RelayFault');
    expect(await item(revealId)).toEqual(before);
    expect(announced(revealId)).toEqual([]);
  });

  it('is left alone by the sweeper, however long ago it should have gone on', async () => {
    const running = await person(later);
    const ended = await person({ ...later, status: 'errored', settledAt: '2026-11-23T12:30:00.000Z' });
    const before = [await item(running.revealId), await item(ended.revealId)];
    expect(await invoke('Sweep', {})).toMatchObject({ failed: 0 });
    expect([await item(running.revealId), await item(ended.revealId)]).toEqual(before);
  });
});

it('says in the record of a person which version it is of, and in none that version 0.1.0 could have written', async () => {
  const { revealId } = await person();
  expect(await item(revealId)).toMatchObject({ schema: recordSchema });
  const { record } = await test.play({ taskId: 'given', durationMs: 1 });
  expect(record).not.toHaveProperty('schema');
});
