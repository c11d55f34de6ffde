import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as schema from '../../lambdas/http/api-schema.ts';
import { problem, startApi, type TestApi } from '../support/api.ts';
import { completed, planted, result } from '../support/doors.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api[Symbol.asyncDispose]());
beforeEach(() => api.forget());

describe('GET /reveals/{id}', () => {
  it('shows status, progress and result, and low-quality e-mails only when asked', async () => {
    await api.put('shown-1', completed());
    const answer = await api.call('GET', '/reveals/shown-1');
    expect(answer).toMatchObject({
      status: 200,
      body: {
        revealId: 'shown-1',
        taskId: 'shown-1',
        status: 'completed',
        progress: { polls: 4, vendorStatus: 'completed' },
        found: { emails: 1, lowQualityEmails: 1, phoneNumbers: 1 },
        charge: { creditsCharged: 12 },
        result: { emails: result.emails, phoneNumbers: result.phoneNumbers },
      },
    });
    expect(schema.revealView.parse(answer.body)).toEqual(answer.body);
    expect(JSON.stringify(answer.body)).not.toContain(planted.lowQualityEmail);
    expect(api.output()).not.toMatch(/ada|shown-1/);
    expect(api.output()).toContain('"route":"GET /reveals/{id}"');
    const asked = await api.call('GET', '/reveals/shown-1?include=lowQualityEmails');
    expect(asked.body.result.lowQualityEmails).toEqual(result.lowQualityEmails);
  });

  it('says that nobody polls for as long as nobody does, and not until the reveal wakes up', async () => {
    const { taskId } = await api.put('paused-1', {
      pausedBecause: 'key-unavailable',
      nextPollAt: '2100-01-01T00:00:00.000Z',
    });
    await api.budget.apply([
      {
        name: 'open',
        when: [],
        set: [
          { attr: 'broken', to: 1 },
          { attr: 'reason', to: 'key-unavailable' },
        ],
      },
    ]);
    expect((await api.call('GET', `/reveals/${taskId}`)).body.progress.pausedBecause).toBe('key-unavailable');

    await api.budget.apply([{ name: 'close', when: [], set: [{ attr: 'broken', to: 0 }] }]);
    expect((await api.call('GET', `/reveals/${taskId}`)).body.progress).not.toHaveProperty('pausedBecause');
  });

  it('finds an id that has been percent-encoded on the way', async () => {
    await api.put('a:b=1+2', completed());
    for (const path of ['/reveals/a:b=1+2', '/reveals/a%3Ab%3D1%2B2', '/reveals/a:b=1+2/']) {
      expect(await api.call('GET', path)).toMatchObject({ status: 200, body: { revealId: 'a:b=1+2' } });
    }
  });

  it('puts together a result that is too large for its record', async () => {
    const record = await api.put('large-1');
    const emails = Array.from({ length: 12_000 }, (_, n) => ({ email: `person-${n}@example.com` }));
    const profile = { status: 'completed', ...result, emails };
    const bytes = Buffer.from(JSON.stringify({ output: { done: true, profile } }));
    const kept = { ...completed(), answer: undefined, result: { ...result, emails } };
    await api.reveals.keepAnswer(record, { bytes }, { ...kept, expiresAt: kept.expiresAt! });
    expect(await api.reveals.get('large-1')).not.toHaveProperty('result');
    expect((await api.call('GET', '/reveals/large-1')).body.result.emails).toEqual(emails);
  });

  it('says that there is none of an id that nobody has started', async () => {
    expect(await api.call('GET', '/reveals/nobody')).toMatchObject(problem('no-such-reveal', 404));
  });

  it('never shows what has expired, though the item is still there', async () => {
    await api.put('old-1', { ...completed(), expiresAt: Math.floor(Date.now() / 1_000) });
    for (const [method, path] of [
      ['GET', '/reveals/old-1'],
      ['POST', '/reveals/old-1/resume'],
      ['DELETE', '/reveals/old-1'],
      ['DELETE', '/reveals/old-1/result'],
    ] as const) {
      expect(await api.call(method, path)).toMatchObject(problem('no-such-reveal', 404));
    }
  });
});
