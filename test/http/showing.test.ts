import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { envNames } from '../../lambdas/contract.ts';
import * as schema from '../../lambdas/http/api-schema.ts';
import { problem, startApi, type TestApi } from '../support/api.ts';
import { completed, httpEvent, planted, result } from '../support/doors.ts';

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

describe('GET /reveals/{id} with wait', () => {
  const inHalfAnHour = () => ({ nextPollAt: new Date(Date.now() + 1_800_000).toISOString() });

  it('answers at once with what has ended, low-quality e-mails included for those who ask', async () => {
    await api.put('waited-1', completed());
    const answer = await api.call('GET', '/reveals/waited-1?wait=25&include=lowQualityEmails');
    expect(answer).toMatchObject({ status: 200, body: { status: 'completed', result } });
    expect(answer.headers).not.toHaveProperty('retry-after');
    expect(await api.call('GET', '/reveals/nobody?wait=25')).toMatchObject(problem('no-such-reveal', 404));
  });

  it('answers at once that a reveal is running whose next poll comes too late, and when to ask again', async () => {
    await api.put('waited-2', inHalfAnHour());
    const answer = await api.call('GET', '/reveals/waited-2?wait=25');
    expect(answer).toMatchObject({ status: 202, body: { revealId: 'waited-2', status: 'running' } });
    expect(schema.revealView.parse(answer.body)).toEqual(answer.body);
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(1_700);
    expect(Number(answer.headers['retry-after'])).toBeLessThanOrEqual(1_801);
    expect(await api.call('GET', '/reveals/waited-2')).toMatchObject({ status: 200, body: { status: 'running' } });
  });

  it('never outlasts the handler: what is left of its time is left for a last read', async () => {
    await api.put('waited-3');
    const { status, headers } = await api.send(httpEvent('GET', '/reveals/waited-3?wait=25'), {
      getRemainingTimeInMillis: () => 3_900,
    });
    expect({ status, retryAfter: headers['retry-after'] }).toEqual({ status: 202, retryAfter: '1' });
  });

  it('takes the wait from Prefer, says so, and takes more than it can wait for as what it can', async () => {
    await api.put('waited-4', inHalfAnHour());
    const preferring = (prefer: string, query = '') =>
      api.call('GET', `/reveals/waited-4${query}`, undefined, { headers: { Prefer: prefer } });
    const applied = 'preference-applied';
    expect(await preferring('respond-async, wait=10')).toMatchObject({
      status: 202,
      headers: { [applied]: 'wait=10' },
    });
    expect(await preferring('wait=60')).toMatchObject({ status: 202, headers: { [applied]: 'wait=25' } });
    for (const prefer of ['wait=soon', 'return=minimal']) {
      const ignored = await preferring(prefer);
      expect(ignored.status).toBe(200);
      expect(ignored.headers).not.toHaveProperty(applied);
    }
    const overruled = await preferring('wait=10', '?wait=0');
    expect(overruled.status).toBe(202);
    expect(overruled.headers).not.toHaveProperty(applied);
  });

  it('holds nobody where the relay is set not to', async () => {
    vi.stubEnv(envNames.apiWaiting, 'off');
    vi.resetModules();
    const { handler } = await import('../../lambdas/api.ts');
    await api.put('waited-5');
    const answer = await handler(httpEvent('GET', '/reveals/waited-5', undefined, { headers: { prefer: 'wait=25' } }));
    expect(answer).toMatchObject({ statusCode: 202, headers: { 'preference-applied': 'wait=0', 'retry-after': '1' } });
    vi.unstubAllEnvs();
  });

  it.each(['26', '-1', '1.5', '', 'long', '05'])('refuses to wait for %j seconds', async (wait) => {
    expect(await api.call('GET', `/reveals/waited-1?wait=${wait}`)).toMatchObject({
      status: 422,
      body: { detail: 'Query: wait must be a whole number of seconds from 0 to 25.' },
    });
  });
});
