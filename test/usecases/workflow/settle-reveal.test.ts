import { describe, expect, it } from 'vitest';
import type { WorkflowCall } from '../../../lambdas/contract.ts';
import { changed, newRecord, type RecordChanges } from '../../../lambdas/reveal/record.ts';
import { settleReveal } from '../../../lambdas/usecases/workflow/settle-reveal.ts';

const ours = 'arn:aws:states:eu-west-1:1:execution:Relay:ours';
const claim = { generation: 1, executionArn: ours, claimedBy: ours, nowMs: 0 };
/** What `SettleNotRevealed` gets after an error that was caught. */
const caught = (name = 'RelayFault'): WorkflowCall => ({
  state: { Error: name, Cause: '{"errorMessage":"ada@example.com"}' },
  executionArn: ours,
  input: { taskId: 'task_1' },
});
/** The last of what was measured. */
let measured: object | undefined;
const settledTo = (changes: RecordChanges, call = caught()) => {
  measured = undefined;
  const settle = async () => changed(newRecord({ taskId: 'task_1' }, claim), changes);
  const measure = (figures: object) => {
    measured = figures;
  };
  return settleReveal(call, { settlement: { settle }, measure });
};

describe('settling what failed', () => {
  it('says so with a name and a cause', async () => {
    expect(await settledTo({ status: 'errored', reason: 'relay-fault' })).toMatchObject({
      outcome: 'errored',
      error: 'RevealErrored',
      cause: expect.stringContaining('Start the reveal again'),
    });
  });

  it.each([
    ['Lambda.TooManyRequestsException', /concurrency/],
    ['Sandbox.Timedout', /in time/],
    ['States.Timeout', /in time/],
    ['Runtime.OutOfMemory', /cut it off/],
    ['Lambda.SomethingNew', /could not run/],
  ])('does not send anybody to the log of a handler that never ran: %s', async (name, words) => {
    const { cause } = await settledTo({ status: 'errored', reason: 'relay-fault' }, caught(name));
    expect(cause).toMatch(words);
    expect(cause).toContain(name);
    expect(cause).not.toMatch(/log of the handler|ada@/);
  });

  it.each(['RelayFault', 'ada@example.com', 'Lambda.ada@example.com'])(
    'repeats no name but those of AWS: %s',
    async (name) => {
      const { cause } = await settledTo({ status: 'errored', reason: 'relay-fault' }, caught(name));
      expect(cause).toMatch(/log of the handler/);
      expect(cause).not.toContain(name);
    },
  );

  it('keeps the reason of a reveal that has ended for another one', async () => {
    const ended = { status: 'errored', reason: 'out-of-credits' } as const;
    expect((await settledTo(ended, caught('States.Timeout'))).cause).toMatch(/credits/);
  });

  it.each<[RecordChanges, object | undefined]>([
    [{ status: 'completed' }, { endedWithoutResult: 0 }],
    [{ status: 'timed-out', reason: 'deadline-passed' }, { endedWithoutResult: 1 }],
    [{ status: 'cancelled', reason: 'cancelled-by-caller' }, undefined],
  ])('measures whether a reveal came to nothing, unless its caller stopped it: %j', async (changes, figures) => {
    await settledTo(changes);
    expect(measured).toEqual(figures);
  });

  it('is no failure where the result has been stored all the same', async () => {
    const settled = await settledTo({ status: 'completed' });
    expect(settled.outcome).toBe('completed');
    expect(settled).not.toHaveProperty('error');
  });

  it('leaves the reveal to another execution that has it by now', async () => {
    const theirs = { executionArn: `${ours}-2`, generation: 2 };
    expect(await settledTo({ ...theirs, status: 'running' })).toMatchObject({ error: 'RevealSuperseded' });
    expect(await settledTo({ ...theirs, status: 'failed', reason: 'vendor-failed' })).toMatchObject({
      error: 'RevealFailed',
    });
  });
});
