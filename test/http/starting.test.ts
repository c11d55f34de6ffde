import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { handler } from '../../lambdas/api.ts';
import * as schema from '../../lambdas/http/api-schema.ts';
import type { HttpResult } from '../../lambdas/http/http-api.ts';
import { problem, startApi, type TestApi } from '../support/api.ts';
import { completed, httpEvent, printed, result } from '../support/doors.ts';
import { isMore } from '../support/more.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api[Symbol.asyncDispose]());
beforeEach(() => api.forget());

describe('POST /reveals', () => {
  it('says which field was meant by one that is nearly ours, and names no other', async () => {
    const { status, body } = await api.call('POST', '/reveals', { linkedInUrl: 'https://www.linkedin.com/in/ada' });
    expect(status).toBe(422);
    expect(body.detail).toBe(
      'Body: it has fields that are not known here (did you mean linkedinUrl?); it must hold either taskId or linkedinUrl.',
    );
    const other = await api.call('POST', '/reveals', { taskId: 'a', 'ada@example.com': 1 });
    expect(other.body.detail).toBe('Body: it has fields that are not known here.');
  });

  it.each<[string, string]>([
    ['a number that is too large to be kept as it is', '{ "account": 9007199254740993 }'],
    ['a number that no table holds', '{ "score": 1e300 }'],
    ['a number that is too near to zero', '{ "score": 1e-200 }'],
    ['a list under a name of theirs', '{ "ada@example.com": ["ada@example.com"] }'],
    ['a name that is too long', `{ "ada@example.com${'x'.repeat(64)}": 1 }`],
  ])('refuses facts of the caller’s with %s before anything is claimed', async (_what, custom) => {
    const event = { ...httpEvent('POST', '/reveals', {}), body: `{ "taskId": "facts-1", "custom": ${custom} }` };
    const { status, body } = await api.send(event);
    expect({ status, type: body.type }).toEqual({ status: 422, type: '/problems/invalid-body' });
    expect(JSON.stringify(body)).not.toContain('ada@');
    expect(body.detail).toMatch(/^Body: custom must h[^:]+\.$/);
    expect(await api.reveals.get('facts-1')).toBeUndefined();
  });

  it('keeps facts of the caller’s as they are', async () => {
    const custom = { row: 17, score: -0.25, id: 9_007_199_254_740_991, isVip: false, campaign: '', least: 1e-100 };
    await api.call('POST', '/reveals', { taskId: 'facts-2', custom });
    expect((await api.call('GET', '/reveals/facts-2')).body.custom).toEqual(custom);
  });

  it('claims a new reveal, starts it, and says where it is', async () => {
    const answer = await api.call('POST', '/reveals', { taskId: 'new-1', priority: 'bulk', reference: 'crm/42' });
    expect(answer).toMatchObject({
      status: 202,
      headers: { location: '/reveals/new-1', 'content-type': 'application/json', 'cache-control': 'no-store' },
      body: { revealId: 'new-1', status: 'running', generation: 1, priority: 'bulk', reference: 'crm/42' },
    });
    expect(schema.revealView.parse(answer.body)).toEqual(answer.body);
    expect(api.starts()).toEqual([{ revealId: 'new-1', starts: 1 }]);
  });

  it('attaches to one that is there, and starts it again only while nobody knows that it runs', async () => {
    await api.call('POST', '/reveals', { taskId: 'again-1' });
    expect(await api.call('POST', '/reveals', { taskId: 'again-1' })).toMatchObject({ status: 200 });
    expect(api.starts()).toEqual([{ revealId: 'again-1', starts: 2 }]);
    const record = await api.reveals.get('again-1');
    await api.reveals.whileRunning(record!, { nextPollAt: new Date().toISOString() });
    expect(await api.call('POST', '/reveals', { taskId: 'again-1' })).toMatchObject({ status: 200 });
    expect(api.starts()).toEqual([{ revealId: 'again-1', starts: 2 }]);
  });

  it('starts no execution for a reveal that was started directly', async () => {
    await api.put('direct-1');
    expect(await api.call('POST', '/reveals', { taskId: 'direct-1' })).toMatchObject({ status: 200 });
    expect(api.starts()).toEqual([]);
  });

  it('returns the stored result of a completed one', async () => {
    await api.put('done-1', completed());
    const answer = await api.call('POST', '/reveals', { taskId: 'done-1' });
    expect(answer).toMatchObject({ status: 200, body: { status: 'completed', result: { emails: result.emails } } });
    expect(api.starts()).toEqual([]);
  });

  it.each(['failed', 'timed-out', 'cancelled', 'errored'] as const)('starts over after one that %s', async (status) => {
    await api.put(`over-${status}`, { ...completed(), status, result: undefined });
    expect(await api.call('POST', '/reveals', { taskId: `over-${status}` })).toMatchObject({
      status: 202,
      body: { status: 'running', generation: 2 },
    });
  });

  it('tells a second caller which options differ, and refuses if that is what they want', async () => {
    await api.call('POST', '/reveals', { taskId: 'options-1', reference: 'first' });
    expect(await api.call('POST', '/reveals', { taskId: 'options-1', priority: 'bulk' })).toMatchObject({
      status: 200,
      body: { priority: 'interactive', reference: 'first', optionsDiffer: ['priority'] },
    });
    const insisting = { taskId: 'options-1', reference: 'second', ifDifferent: 'refuse' };
    const refused = await api.call('POST', '/reveals', insisting);
    expect(refused).toMatchObject(problem('options-differ', 409));
    expect(refused.body).toMatchObject({ revealId: 'options-1', optionsDiffer: ['reference'] });
    const agreeing = { taskId: 'options-1', reference: 'first', ifDifferent: 'refuse' };
    expect(await api.call('POST', '/reveals', agreeing)).toMatchObject({ status: 200 });
  });

  it('answers 503 when a service fails, keeps its message to itself, and the same request then succeeds', async () => {
    api.failing.set('StartExecution', 3);
    const failed = await api.call('POST', '/reveals', { taskId: 'faulty-1' });
    expect(failed).toMatchObject({ ...problem('try-again', 503), headers: { 'retry-after': '5' } });
    expect(JSON.stringify(failed) + api.output()).not.toContain('ada@');
    expect(await api.call('POST', '/reveals', { taskId: 'faulty-1' })).toMatchObject({ status: 200 });
    expect(api.starts()).toEqual([{ revealId: 'faulty-1', starts: 1 }]);
  });

  it('takes one start out of very many at once', async () => {
    const callers = isMore ? 200 : 60;
    const answers: HttpResult[] = [];
    await printed(async () => {
      const calls = Array.from({ length: callers }, () =>
        handler(httpEvent('POST', '/reveals', { taskId: 'crowd-1' })),
      );
      answers.push(...(await Promise.all(calls)));
    });
    const statuses = answers.map(({ statusCode }) => statusCode).sort();
    expect(statuses).toEqual([...new Array(callers - 1).fill(200), 202]);
    expect(new Set(answers.map(({ body }) => JSON.parse(body).revealId))).toEqual(new Set(['crowd-1']));
    expect(api.starts()).toMatchObject([{ revealId: 'crowd-1' }]);
    expect(await api.reveals.get('crowd-1')).toMatchObject({ generation: 1, status: 'running' });
  });
});

describe('POST /reveals/{id}/resume', () => {
  it('starts another generation of one that ended without a result, with the options it had', async () => {
    await api.put('resumed-1', { ...completed(), status: 'timed-out', result: undefined, reference: 'crm/7' });
    expect(await api.call('POST', '/reveals/resumed-1/resume')).toMatchObject({
      status: 202,
      body: { generation: 2, status: 'running', reference: 'crm/7' },
    });
    expect(await api.call('POST', '/reveals/resumed-1/resume', { priority: 'bulk' })).toMatchObject({
      status: 200,
      body: { generation: 2, optionsDiffer: ['priority'] },
    });
  });

  it('leaves a completed one as it is, and knows none that is not there', async () => {
    await api.put('resumed-2', completed());
    expect(await api.call('POST', '/reveals/resumed-2/resume')).toMatchObject({ status: 200, body: { generation: 1 } });
    expect(await api.call('POST', '/reveals/nobody/resume')).toMatchObject(problem('no-such-reveal', 404));
  });
});
