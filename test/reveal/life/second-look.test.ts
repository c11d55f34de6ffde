import { describe, expect, it } from 'vitest';
import { type PollAnswer, readAnswer } from '../../../lambdas/fiber/vendor-answer.ts';
import { isGivenUp, lateWith, secondLookWith } from '../../../lambdas/reveal/life/second-look.ts';
import { settledWith } from '../../../lambdas/reveal/life/settlement.ts';
import { changed, newRecord, type RecordChanges } from '../../../lambdas/reveal/record.ts';
import { sweepActionFor } from '../../../lambdas/reveal/sweep.ts';

const noon = Date.parse('2026-11-23T12:00:00Z');
const minutes = (count: number) => count * 60_000;
const claim = { generation: 1, executionArn: 'arn:one', claimedBy: 'arn:one', nowMs: noon };
const recordWith = (changes: RecordChanges) => changed(newRecord({ taskId: 'task_1' }, claim), changes);
const publishedAt = '2026-11-23T12:00:01.000Z';
const settling = { nowMs: noon, retentionDays: 30 };
const running: PollAnswer = { kind: 'running', vendorStatus: 'started' };

describe('second looks', () => {
  it('are taken a few times and then no more, and then the record is finished', () => {
    const claimed = recordWith({});
    let record = changed(claimed, {
      ...settledWith(claimed, { outcome: 'timed-out', reason: 'deadline-passed' }, settling),
      publishedAt,
    });
    const looks: number[] = [];
    for (let at = noon; at < noon + minutes(4 * 24 * 60); at += minutes(5)) {
      if (sweepActionFor(record, at) !== 'look-again') continue;
      looks.push((at - noon) / minutes(1));
      const look = secondLookWith(record, running, { nowMs: at, retentionDays: 30 });
      if (look.kind === 'nothing-new') record = changed(record, look.changes);
    }
    expect(looks).toEqual([15, 75, 435, 1_875]);
    expect(record.open).toBeUndefined();
  });
});

describe('secondLookWith', () => {
  const record = recordWith({ status: 'timed-out', publishedAt, lookAgainAt: '2026-11-23T12:15:00.000Z', looks: 1 });
  const look = (answer: PollAnswer, before = record) =>
    secondLookWith(before, answer, { nowMs: noon + minutes(15), retentionDays: 30 });
  const counted = { looks: 2, polls: 1, lookAgainAt: '2026-11-23T18:15:00.000Z' };

  it.each(['task-not-found', 'request-refused'] as const)('is the last one where the vendor answers %s', (reason) => {
    expect(look({ kind: 'refused', reason, httpStatus: 404 })).toEqual({
      kind: 'nothing-new',
      changes: { looks: 2, polls: 1, lookAgainAt: null, open: null },
    });
  });

  it.each<[string, PollAnswer]>([
    ['that the task is running', running],
    ['nothing that can be read, so that there is an end to it', { kind: 'unusable', problem: 'timed-out' }],
    [
      'with a page before the vendor that asks to wait',
      { kind: 'unusable', problem: 'edge', retryAfterMs: minutes(1) },
    ],
  ])('counts where the answer is %s', (_what, answer) => {
    expect(look(answer)).toEqual({ kind: 'nothing-new', changes: counted });
  });

  it('counts a refusal that may be about the key, after which nobody else is looked at', () => {
    expect(look({ kind: 'refused', reason: 'key-refused', httpStatus: 403 })).toEqual({
      kind: 'perhaps-the-key',
      changes: counted,
    });
  });

  it.each<[string, PollAnswer]>([
    ['the pace', { kind: 'rate-limited' }],
    ['the key', { kind: 'refused', reason: 'key-refused', httpStatus: 401 }],
    ['the credits', { kind: 'refused', reason: 'out-of-credits', httpStatus: 402 }],
    ['the vendor as a whole', { kind: 'unusable', problem: 'server-error', retryAfterMs: minutes(1) }],
  ])('comes back by its own time where the answer is about %s', (_what, answer) => {
    expect(look(answer)).toEqual({ kind: 'not-now' });
  });

  it('keeps the first answer that cannot be read, and no other', () => {
    const answer = { bytes: Buffer.from('NaN') };
    const unread: PollAnswer = { kind: 'unusable', problem: 'not-json', httpStatus: 200, answer };
    const expiresAt = (noon + minutes(15)) / 1_000 + 30 * 86_400;
    expect(look(unread)).toEqual({ kind: 'unread', changes: { ...counted, expiresAt }, answer });
    expect(look(unread, { ...record, answer: { bytes: Buffer.from('') } })).toEqual({
      kind: 'nothing-new',
      changes: counted,
    });
  });

  it('makes a late ending of a finished answer, which is unfinished until that is announced', () => {
    const bytes = Buffer.from('{"output":{"done":true,"profile":{"status":"completed","emails":[]}}}');
    const done = readAnswer({ bytes });
    const late = look(done);
    expect(late).toMatchObject({
      kind: 'late',
      answer: { bytes },
      changes: { status: 'completed', late: true, polls: 1, publishedAt: null, lookAgainAt: null, open: 'open' },
    });
  });
});

describe('isGivenUp', () => {
  it.each([
    ['timed-out', 'deadline-passed', true],
    ['errored', 'key-refused', true],
    ['errored', 'request-refused', false],
    ['failed', 'vendor-failed', false],
    ['cancelled', 'cancelled-by-caller', false],
  ] as const)('of a reveal that %s with %s is %s', (status, reason, expected) => {
    expect(isGivenUp(recordWith({ status, reason }))).toBe(expected);
  });
});

it('a late ending makes a finished record unfinished again', () => {
  const done = readAnswer({ bytes: Buffer.from('{"output":{"done":true,"profile":{"status":"failed"}}}') });
  if (done.kind !== 'done') throw new Error('the answer is finished');
  const finished = recordWith({ status: 'errored', reason: 'task-not-found', publishedAt, open: null });
  expect(changed(finished, lateWith(finished, done, settling))).toMatchObject({ status: 'failed', open: 'open' });
});
