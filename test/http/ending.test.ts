import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { problem, startApi, type TestApi } from '../support/api.ts';
import { answer, completed } from '../support/doors.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api[Symbol.asyncDispose]());
beforeEach(() => api.forget());

describe('DELETE /reveals/{id}', () => {
  it('settles as cancelled, announces it, stops the execution, and does so once', async () => {
    await api.call('POST', '/reveals', { taskId: 'cancelled-1' });
    const cancelled = { status: 200, body: { status: 'cancelled', reason: 'cancelled-by-caller' } };
    expect(await api.call('DELETE', '/reveals/cancelled-1')).toMatchObject(cancelled);
    expect(await api.call('DELETE', '/reveals/cancelled-1')).toMatchObject(cancelled);
    expect([...api.executions.values()]).toMatchObject([{ stopped: true }]);
    expect(api.events).toMatchObject([
      { type: 'Contact Reveal Failed', detail: { revealId: 'cancelled-1', outcome: 'cancelled' } },
    ]);
  });

  it('leaves alone what has ended meanwhile, in whatever words Step Functions says so: cancelling again, erasing after it', async () => {
    await api.call('POST', '/reveals', { taskId: 'cancelled-4' });
    await api.call('DELETE', '/reveals/cancelled-4');
    expect(await api.call('DELETE', '/reveals/cancelled-4')).toMatchObject({ status: 200 });
    expect(await api.call('DELETE', '/reveals/cancelled-4/result')).toMatchObject({ status: 200 });
    expect(await api.call('DELETE', '/reveals/cancelled-4/result')).toMatchObject({ status: 200 });
  });

  it('finishes what a failure has interrupted', async () => {
    await api.call('POST', '/reveals', { taskId: 'cancelled-2' });
    api.failing.set('PutEvents', 3);
    expect(await api.call('DELETE', '/reveals/cancelled-2')).toMatchObject({ status: 503 });
    api.failing.set('StopExecution', 3);
    expect(await api.call('DELETE', '/reveals/cancelled-2')).toMatchObject({ status: 503 });
    expect(await api.call('DELETE', '/reveals/cancelled-2')).toMatchObject({ status: 200 });
    expect(api.events).toHaveLength(1);
    expect([...api.executions.values()]).toMatchObject([{ stopped: true }]);
  });

  it('cancels what was claimed and never started', async () => {
    await api.put('cancelled-3');
    expect(await api.call('DELETE', '/reveals/cancelled-3')).toMatchObject({
      status: 200,
      body: { status: 'cancelled' },
    });
  });

  it('refuses for a completed one, and leaves one that failed as it is', async () => {
    await api.put('completed-2', completed());
    expect(await api.call('DELETE', '/reveals/completed-2')).toMatchObject(problem('already-completed', 409));
    await api.put('failed-2', { ...completed(), status: 'failed', reason: 'vendor-failed' });
    expect(await api.call('DELETE', '/reveals/failed-2')).toMatchObject({ status: 200, body: { status: 'failed' } });
  });
});

describe('DELETE /reveals/{id}/result', () => {
  it('takes the contact data away and leaves counts', async () => {
    await api.put('erased-1', completed());
    const erased = await api.call('DELETE', '/reveals/erased-1/result');
    const read = await api.call('GET', '/reveals/erased-1?include=lowQualityEmails');
    for (const answer of [erased, read]) {
      expect(answer).toMatchObject({
        status: 200,
        body: {
          status: 'completed',
          erasedAt: expect.any(String),
          found: { emails: 1 },
          charge: { creditsCharged: 12 },
        },
      });
      expect(answer.body).not.toHaveProperty('result');
    }
    const again = await api.call('DELETE', '/reveals/erased-1/result');
    expect(again.body).toEqual(erased.body);
    const items = (await api.everything()).split('\n').filter((item) => item.includes('erased-1'));
    expect(items).toHaveLength(1);
    expect(items[0]).not.toMatch(/Analyst|ada@/);
  });

  it('does not fetch again what was erased, whichever way it is asked for', async () => {
    await api.put('erased-2', completed());
    await api.put('erased-3', { ...completed(), status: 'failed' });
    for (const id of ['erased-2', 'erased-3']) {
      await api.call('DELETE', `/reveals/${id}/result`);
      for (const [path, body] of [['/reveals', { taskId: id }] as const, [`/reveals/${id}/resume`, {}] as const]) {
        const answer = await api.call('POST', path, body);
        expect(answer).toMatchObject({ status: 200, body: { generation: 1, erasedAt: expect.any(String) } });
        expect(answer.body).not.toHaveProperty('result');
      }
    }
    expect(api.starts()).toEqual([]);
  });

  it('cancels a running one, so that its next poll finds nothing to fill', async () => {
    await api.call('POST', '/reveals', { taskId: 'erased-4' });
    const record = await api.reveals.get('erased-4');
    expect(await api.call('DELETE', '/reveals/erased-4/result')).toMatchObject({
      status: 200,
      body: { status: 'cancelled' },
    });
    expect(await api.reveals.keepAnswer(record!, answer, { expiresAt: 1, status: 'completed' })).toBe(false);
  });
});
