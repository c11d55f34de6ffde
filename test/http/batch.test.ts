import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as schema from '../../lambdas/http/api-schema.ts';
import { problem, startApi, type TestApi } from '../support/api.ts';
import { completed, httpEvent } from '../support/doors.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api[Symbol.asyncDispose]());
beforeEach(() => api.forget());

describe('POST /reveals/batch', () => {
  it('answers each item by itself, in order', async () => {
    await api.put('batch-there', { ...completed(), priority: 'interactive' });
    const answer = await api.call('POST', '/reveals/batch', {
      reveals: [
        { taskId: 'batch-1' },
        { taskId: 'not an id' },
        { taskId: 'batch-there' },
        'ada@example.com',
        { taskId: 'batch-there', priority: 'bulk', ifDifferent: 'refuse' },
        { taskId: 'batch-2', priority: 'interactive' },
      ],
    });
    expect(answer).toMatchObject({
      status: 207,
      body: {
        started: 2,
        attached: 1,
        refused: 3,
        results: [
          { status: 202, reveal: { revealId: 'batch-1', status: 'running' }, location: '/reveals/batch-1' },
          { status: 422, problem: { type: '/problems/invalid-body', detail: expect.stringContaining('taskId must') } },
          { status: 200, reveal: { revealId: 'batch-there', status: 'completed' } },
          { status: 422, problem: { type: '/problems/invalid-body' } },
          { status: 409, problem: { type: '/problems/options-differ', optionsDiffer: ['priority'] } },
          { status: 202 },
        ],
      },
    });
    expect(schema.batchAnswer.parse(answer.body)).toEqual(answer.body);
    expect(JSON.stringify(answer.body)).not.toContain('ada@');
    expect(await api.reveals.get('batch-1')).toMatchObject({ priority: 'bulk' });
    expect(await api.reveals.get('batch-2')).toMatchObject({ priority: 'interactive' });
  });

  it('takes a thousand, and not one more', async () => {
    const reveals = Array.from({ length: Number(process.env.MANY_CALLERS ?? 1_000) }, (_, n) => ({
      taskId: `many-${n}`,
    }));
    // On Lambda it has to be answered within half a minute. A busy machine takes as long as it needs.
    const unhurried = { getRemainingTimeInMillis: () => 3_600_000 };
    const answer = await api.send(httpEvent('POST', '/reveals/batch', { reveals }), unhurried);
    expect(answer).toMatchObject({ body: { started: reveals.length } });
    const tooMany = Array.from({ length: 1_001 }, (_, n) => ({ taskId: `too-many-${n}` }));
    expect(await api.call('POST', '/reveals/batch', { reveals: tooMany })).toMatchObject(problem('invalid-body', 422));
    expect(await api.reveals.get('too-many-0')).toBeUndefined();
  });

  it('says which items it could not start', async () => {
    api.failing.set('StartExecution', 3);
    const answer = await api.call('POST', '/reveals/batch', { reveals: [{ taskId: 'unlucky' }] });
    expect(answer.body).toMatchObject({
      refused: 1,
      results: [{ status: 503, problem: { type: '/problems/try-again' } }],
    });
  });

  it('begins nothing new when its time runs out', async () => {
    const event = httpEvent('POST', '/reveals/batch', { reveals: [{ taskId: 'too-late' }, { taskId: 'not an id' }] });
    const answer = await api.send(event, { getRemainingTimeInMillis: () => 2_000 });
    expect(answer.body).toMatchObject({ refused: 2, results: [{ status: 503 }, { status: 422 }] });
    expect(await api.reveals.get('too-late')).toBeUndefined();
  });
});
