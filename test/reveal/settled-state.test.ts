import { describe, expect, it } from 'vitest';
import { newRecord, type RevealRecord } from '../../lambdas/reveal/record.ts';
import { rejectedStateOf, settledStateOf, supersededState } from '../../lambdas/reveal/settled-state.ts';

const nowMs = Date.parse('2026-11-23T12:00:00Z');
const claim = { generation: 1, executionArn: 'arn:one', claimedBy: 'arn:one', nowMs };
const record: RevealRecord = newRecord({ taskId: 'task_1' }, claim);

describe('settledStateOf', () => {
  it.each([
    ['failed', 'RevealFailed'],
    ['timed-out', 'RevealTimedOut'],
    ['cancelled', 'RevealCancelled'],
    ['errored', 'RevealErrored'],
  ] as const)('ends the execution of one that %s with the error %s and what to do', (status, error) => {
    expect(settledStateOf({ ...record, status, reason: 'deadline-passed' })).toMatchObject({
      error,
      cause: expect.stringContaining('Start it again'),
    });
  });

  it('ends the execution of a completed one with counts', () => {
    const found = { emails: 1, lowQualityEmails: 0, phoneNumbers: 2 };
    expect(settledStateOf({ ...record, status: 'completed', found })).toEqual({
      revealId: 'task_1',
      outcome: 'completed',
      polls: 0,
      found,
    });
  });

  it.each<[string, string, string]>([
    ['Lambda.TooManyRequestsException', 'no concurrency', 'Lambda had no concurrency left'],
    ['States.Timeout', 'a step that was too slow', 'A step did not answer in time'],
    ['Lambda.Unknown', 'a step that was cut off', 'AWS could not run a step'],
  ])('says of %s that it was %s, whatever else the error says', (name, _what, words) => {
    const errored = { ...record, status: 'errored', reason: 'relay-fault' } as const;
    const { cause } = settledStateOf(errored, { Error: name, Cause: 'ada@example.com' });
    expect(cause).toContain(words);
    expect(cause).not.toContain('ada');
  });

  it('leaves an error of a handler of ours to its log', () => {
    const errored = { ...record, status: 'errored', reason: 'relay-fault' } as const;
    expect(settledStateOf(errored, { Error: 'RelayFault', Cause: '{}' }).cause).toContain('the log of the handler');
  });
});

it('fails an execution that never was a reveal, and one whose reveal belongs to another by now, each under its own name', () => {
  expect(rejectedStateOf('taskId is missing')).toEqual({
    outcome: 'rejected',
    error: 'InvalidInput',
    cause: 'taskId is missing',
  });
  expect(supersededState('task_1')).toMatchObject({ outcome: 'duplicate', error: 'RevealSuperseded' });
});
