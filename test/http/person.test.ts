import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as schema from '../../lambdas/http/api-schema.ts';
import { newRecord, type RecordChanges } from '../../lambdas/reveal/record.ts';
import { personOf } from '../../lambdas/usecases/starting/person.ts';
import { problem, startApi, type TestApi } from '../support/api.ts';
import { answer, completed, planted } from '../support/doors.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api[Symbol.asyncDispose]());
beforeEach(() => api.forget());

const profile = (slug: string) => `https://www.linkedin.com/in/${slug}`;
const withKey = (key: string) => ({
  headers: { 'content-type': 'application/json', 'Idempotency-Key': key },
});
const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();
const all = ['work-emails', 'personal-emails', 'phone-numbers'] as const;

/** Puts the record of a person as if it had come to this. */
async function put(slug: string, changes: RecordChanges = {}) {
  const person = await personOf(profile(slug), api.relay);
  const claim = { generation: 1, executionArn: 'arn', claimedBy: 'test', nowMs: Date.now() };
  const record = newRecord({ ...person, find: all, maxAgeDays: 30 }, claim);
  await api.reveals.claim({ ...record, ...changes } as typeof record, undefined);
  return person.revealId;
}
const done = (days = 0): RecordChanges => ({ ...completed(), taskId: 'task-of-it', settledAt: daysAgo(days) });
const unknown = (): RecordChanges => ({
  status: 'errored',
  reason: 'start-unknown',
  startIntent: { nonce: 'n-1', at: daysAgo(1) },
  startProblem: 'no-answer',
  settledAt: daysAgo(1),
  publishedAt: daysAgo(1),
});

describe('POST /reveals for a person', () => {
  it('takes all spellings of a profile for one person, and says what it is going to cost', async () => {
    const find = ['work-emails', 'personal-emails'];
    const first = await api.call('POST', '/reveals', { linkedinUrl: `${profile('Spelled-Person')}/?trk=x`, find });
    expect(first).toMatchObject({
      status: 202,
      headers: { location: expect.stringMatching(/^\/reveals\/person-1-[0-9a-f]{40}$/) },
      body: {
        status: 'running',
        linkedinUrl: profile('spelled-person'),
        start: { state: 'waiting', find, listPrice: 9 },
      },
    });
    expect(schema.revealView.parse(first.body)).toEqual(first.body);
    for (const linkedinUrl of ['linkedin.com/in/spelled-person', 'SPELLED-PERSON']) {
      const again = await api.call('POST', '/reveals', { linkedinUrl });
      expect(again).toMatchObject({ status: 200, body: { revealId: first.body.revealId, missing: ['phone-numbers'] } });
    }
    expect(api.starts()).toMatchObject([{ revealId: first.body.revealId }]);
    expect(JSON.stringify(api.starts()) + api.output()).not.toMatch(/spelled-person/i);
  });

  it('names no price for what the vendor lists none for', async () => {
    const find = ['work-emails', 'phone-numbers'];
    const { body } = await api.call('POST', '/reveals', { linkedinUrl: profile('priceless'), find });
    expect(body.start).toEqual({ state: 'waiting', find });
  });

  it.each([
    ['a company', { linkedinUrl: 'https://www.linkedin.com/company/secretive' }, 'linkedinUrl must name a person'],
    ['a person and a task', { linkedinUrl: profile('secretive'), taskId: 'a' }, 'either taskId or linkedinUrl'],
    ['an age that nobody may rely on', { linkedinUrl: profile('secretive'), maxAge: 181 }, 'at most 180 days'],
    ['nothing to look for', { linkedinUrl: profile('secretive'), find: [] }, 'find must name something'],
    ['a task that is to look for something', { taskId: 'a', find: ['work-emails'] }, 'with linkedinUrl alone'],
  ])('refuses %s, says what to give, and repeats nothing', async (_what, body, words) => {
    const refused = await api.call('POST', '/reveals', body);
    expect(refused).toMatchObject(problem('invalid-body', 422));
    expect(refused.body.detail).toContain(words);
    expect(JSON.stringify(refused) + api.output()).not.toContain('secretive');
    expect(api.starts()).toEqual([]);
  });

  it('returns a stored result that is young enough, says how old it is and what it was not asked for', async () => {
    const revealId = await put('known-person', { ...done(2), find: ['work-emails'] });
    const stored = await api.call('POST', '/reveals', { linkedinUrl: profile('known-person') });
    expect(stored).toMatchObject({
      status: 200,
      body: { revealId, generation: 1, result: { emails: [{ email: planted.email }] } },
    });
    expect(stored.body.missing).toEqual(['personal-emails', 'phone-numbers']);
    expect(Math.round(stored.body.ageSeconds / 3_600)).toBe(48);
    expect(schema.revealView.parse(stored.body)).toEqual(stored.body);
    expect(api.starts()).toEqual([]);
  });

  it('starts anew where the stored result is too old', async () => {
    await put('old-person', done(3));
    expect(await api.call('POST', '/reveals', { linkedinUrl: profile('old-person'), maxAge: 2 })).toMatchObject({
      status: 202,
      body: { generation: 2, start: { state: 'waiting', listPrice: 12 } },
    });
  });

  it('takes a new result for a wish with a name, which has one result however often it comes', async () => {
    await put('forced-person', done());
    const forced = { linkedinUrl: profile('forced-person'), maxAge: 0 };
    expect(await api.call('POST', '/reveals', forced)).toMatchObject(problem('key-missing', 422));
    const first = await api.call('POST', '/reveals', forced, withKey('crm-7'));
    expect(first).toMatchObject({ status: 202, body: { generation: 2 } });
    const again = await api.call('POST', '/reveals', forced, withKey('crm-7'));
    expect(again).toMatchObject({ status: 200, body: { generation: 2 } });
    expect(api.starts()).toHaveLength(1);
  });

  it.each([[''], ['two words'], ['x'.repeat(129)], ['schlüssel']])('refuses the key %j', async (key) => {
    const asked = await api.call('POST', '/reveals', { linkedinUrl: profile('keyed') }, withKey(key));
    expect(asked).toMatchObject(problem('invalid-key', 422));
  });

  it('pays once for a key, also where it first came while the reveal was running', async () => {
    const revealId = await put('forced-while-running');
    const forced = { linkedinUrl: profile('forced-while-running'), maxAge: 0 };
    for (const key of ['k-running', 'k-running', 'k-other']) {
      const attached = await api.call('POST', '/reveals', forced, withKey(key));
      expect(attached).toMatchObject({ status: 200, body: { generation: 1 } });
    }
    expect(await api.reveals.get(revealId)).toMatchObject({ forcedBy: ['k-other', 'k-running'] });
    const running = await api.reveals.get(revealId);
    await api.reveals.whileRunning(running!, done());

    const again = await api.call('POST', '/reveals', forced, withKey('k-running'));
    expect(again).toMatchObject({ status: 200, body: { generation: 1, status: 'completed' } });
    const anew = await api.call('POST', '/reveals', forced, withKey('k-new'));
    expect(anew).toMatchObject({ status: 202, body: { generation: 2 } });
  });

  it('attaches to a start of which nobody knows whether it was paid for, says so, and spends nothing', async () => {
    await put('unknown-person', unknown());
    for (const body of [{}, { maxAge: 0 }]) {
      const asked = { linkedinUrl: profile('unknown-person'), ...body };
      const attached = await api.call('POST', '/reveals', asked, withKey('k-1'));
      expect(attached).toMatchObject({
        status: 200,
        body: { status: 'errored', reason: 'start-unknown', start: { state: 'unknown', problem: 'no-answer' } },
      });
    }
    expect(api.starts()).toEqual([]);
  });
});

describe('POST /reveals/{id}/resume after a start of which nobody knows', () => {
  it('asks for a decision, and spends nothing without one', async () => {
    const id = await put('undecided', unknown());
    expect(await api.call('POST', `/reveals/${id}/resume`)).toMatchObject(problem('start-unknown', 409));
    const both = { startAgain: true, taskId: 'found-1' };
    expect(await api.call('POST', `/reveals/${id}/resume`, both)).toMatchObject(problem('invalid-body', 422));
    expect(api.starts()).toEqual([]);
  });

  it('starts again at the word of a person, once', async () => {
    const id = await put('again', unknown());
    const asked = () => api.call('POST', `/reveals/${id}/resume`, { startAgain: true });
    expect(await asked()).toMatchObject({ status: 202, body: { generation: 2, start: { state: 'waiting' } } });
    expect(await asked()).toMatchObject({ status: 200, body: { generation: 2 } });
    expect(api.starts()).toHaveLength(1);
  });

  it('goes on with a task that a person has found at the vendor, and is found by it from then on', async () => {
    const id = await put('found', unknown());
    const asked = (taskId: string) => api.call('POST', `/reveals/${id}/resume`, { taskId });
    const goesOn = { generation: 2, taskId: 'found-2', start: { state: 'started' } };
    expect(await asked('found-2')).toMatchObject({ status: 202, body: goesOn });
    expect(await asked('found-2')).toMatchObject({ status: 200, body: goesOn });
    expect(await asked('found-3')).toMatchObject(problem('start-known', 409));
    expect(await api.call('GET', '/reveals/found-2')).toMatchObject({ status: 200, body: { revealId: id } });
    expect(await api.call('POST', '/reveals', { taskId: 'found-2' })).toMatchObject({
      status: 200,
      body: { revealId: id },
    });
  });

  it('refuses a task that another reveal has', async () => {
    await api.put('of-another', completed());
    const id = await put('taken', unknown());
    expect(await api.call('POST', `/reveals/${id}/resume`, { taskId: 'of-another' })).toMatchObject(
      problem('task-taken', 409),
    );
  });

  it('waits as long as the call may still be answered', async () => {
    const startIntent = { nonce: 'n-2', at: new Date().toISOString() };
    const id = await put('under-way', { ...unknown(), startIntent });
    expect(await api.call('POST', `/reveals/${id}/resume`, { startAgain: true })).toMatchObject(
      problem('start-under-way', 409),
    );
  });

  it('pays for no new task where a person gives one and the relay knows that it has started none', async () => {
    const { startIntent: _, ...ended } = { ...unknown(), reason: 'not-started' as const };
    const id = await put('not-started', ended);
    expect(await api.call('POST', `/reveals/${id}/resume`, { taskId: 'given-1' })).toMatchObject(
      problem('start-known', 409),
    );
    expect(api.starts()).toEqual([]);
  });
});

describe('POST /reveals/batch by profile', () => {
  const batch = (body: object, key?: string) =>
    api.call('POST', '/reveals/batch', body, key ? withKey(key) : undefined);

  it('takes people and tasks together, and what it says for all of them where an item says nothing', async () => {
    const reveals = [
      { linkedinUrl: profile('batched-1') },
      { linkedinUrl: profile('batched-2'), find: ['phone-numbers'] },
      { taskId: 'batched-task' },
      { linkedinUrl: 'https://www.linkedin.com/company/secretive' },
    ];
    const { body } = await batch({ reveals, find: ['work-emails'], maxAge: 7 });
    expect(body).toMatchObject({ started: 3, refused: 1, results: [{}, {}, {}, { status: 422 }] });
    expect(schema.batchAnswer.parse(body)).toEqual(body);
    expect(JSON.stringify(body)).not.toMatch(/secretive|batched-1|batched-2/);
    const [first, second] = body.results as { reveal: { revealId: string } }[];
    expect(await api.reveals.get(first?.reveal.revealId ?? '')).toMatchObject({ find: ['work-emails'] });
    expect(await api.reveals.get(second?.reveal.revealId ?? '')).toMatchObject({ find: ['phone-numbers'] });
  });

  it('says how old a stored result is, and what it was not asked for', async () => {
    await put('batched-known', { ...done(1), find: ['work-emails'] });
    const { body } = await batch({ reveals: [{ linkedinUrl: profile('batched-known'), find: ['phone-numbers'] }] });
    expect(body.results).toMatchObject([{ status: 200, missing: ['phone-numbers'], ageSeconds: expect.any(Number) }]);
  });

  it('caps what its starts may cost together, under its key', async () => {
    const reveals = [{ linkedinUrl: profile('capped-1') }, { linkedinUrl: profile('capped-2') }];
    expect(await batch({ reveals, maxCredits: 20 })).toMatchObject(problem('key-missing', 422));
    const { body } = await batch({ reveals, maxCredits: 20 }, 'campaign-7');
    for (const { reveal } of body.results) {
      expect(await api.reveals.get(reveal.revealId)).toMatchObject({ batch: { key: 'campaign-7', maxCredits: 20 } });
    }
    expect(JSON.stringify(api.starts())).not.toContain('campaign-7');
  });

  it('takes a new result for each of its people under its key, once', async () => {
    await put('batched-forced', done());
    const forced = { reveals: [{ linkedinUrl: profile('batched-forced') }], maxAge: 0 };
    expect(await batch(forced)).toMatchObject(problem('key-missing', 422));
    expect((await batch(forced, 'campaign-8')).body).toMatchObject({ started: 1 });
    expect((await batch(forced, 'campaign-8')).body).toMatchObject({ attached: 1 });
  });

  it.each([[-1], [1.5], ['12']])('refuses %j for a cap', async (maxCredits) => {
    const refused = await batch({ reveals: [{ taskId: 'a' }], maxCredits }, 'k');
    expect(refused).toMatchObject(problem('invalid-body', 422));
  });
});

describe('POST /erasures', () => {
  const erase = (linkedinUrl: string) => api.call('POST', '/erasures', { linkedinUrl });

  it('erases a person in whatever spelling, and keeps the task and what it has cost', async () => {
    const id = await put('erased-person', { ...done(), startCharge: { method: 'charged-now', creditsCharged: 12 } });
    const erased = await erase('linkedin.com/in/Erased-Person/?trk=y');
    expect(erased).toMatchObject({
      status: 200,
      body: { revealId: id, erasedAt: expect.any(String), taskId: 'task-of-it', creditsCharged: 12 },
    });
    expect(await erase(profile('erased-person'))).toMatchObject({ status: 200, body: erased.body });
    const items = (await api.everything()).split('\n').filter((item) => item.includes(id));
    expect(items).toHaveLength(1);
    expect(items[0]).toContain('task-of-it');
    expect(items[0]).not.toMatch(/ada@|Analyst|erased-person/);
  });

  it('forbids a start that has not left, and drops what comes later', async () => {
    const { body } = await api.call('POST', '/reveals', { linkedinUrl: profile('erased-early') });
    const record = await api.reveals.get(body.revealId);
    expect(await erase(profile('erased-early'))).toMatchObject({
      body: { status: 'cancelled', start: { state: 'none' } },
    });
    const intent = { nonce: 'n-1', at: new Date().toISOString() };
    expect(await api.paidStarts.intend(record!, intent)).toBe(false);
    expect(await api.reveals.keepAnswer(record!, answer, { expiresAt: 1, status: 'completed' })).toBe(false);
    expect((await api.everything()).split('\n').filter((item) => item.includes('erased-early'))).toEqual([]);
  });

  it('fetches nobody again whom it has erased, whichever way they are asked for', async () => {
    await put('erased-for-good', done());
    await erase(profile('erased-for-good'));
    const asked = { linkedinUrl: profile('erased-for-good'), maxAge: 0 };
    const attached = await api.call('POST', '/reveals', asked, withKey('k-9'));
    expect(attached).toMatchObject({ status: 200, body: { erasedAt: expect.any(String) } });
    expect(attached.body).not.toHaveProperty('ageSeconds');
    expect(api.starts()).toEqual([]);
  });

  it('knows nobody of whom there is nothing, and makes nothing of them', async () => {
    const before = await api.everything();
    const refused = await erase(profile('secretive'));
    expect(refused).toMatchObject(problem('no-such-reveal', 404));
    expect(JSON.stringify(refused) + api.output()).not.toContain('secretive');
    expect(await api.everything()).toBe(before);
  });

  it('refuses what names nobody', async () => {
    expect(await erase('secretive@example.com')).toMatchObject(problem('invalid-body', 422));
  });
});

describe('what was found before', () => {
  const ask = (slug: string, more: object, key?: string) =>
    api.call('POST', '/reveals', { linkedinUrl: profile(slug), ...more }, key ? withKey(key) : undefined);
  const settle = async (id: string, changes: RecordChanges) =>
    api.reveals.whileRunning((await api.reveals.get(id))!, { settledAt: daysAgo(0), ...changes });
  const ended = (status: 'failed' | 'errored'): RecordChanges => ({ status, publishedAt: daysAgo(0) });

  it('is completed by the kinds that it lacks alone, if the caller wants to pay for them, and is shown with them', async () => {
    const id = await put('completed-later', { ...done(2), find: ['work-emails'] });
    expect(await ask('completed-later', {})).toMatchObject({ status: 200, body: { generation: 1 } });
    const wanted = { find: ['work-emails', 'phone-numbers'], ifMissing: 'start' };
    const further = await ask('completed-later', wanted);
    expect(further).toMatchObject({
      status: 202,
      body: {
        generation: 2,
        start: { find: ['phone-numbers'], listPrice: 4 },
        earlier: [{ generation: 1, find: ['work-emails'], result: { emails: [{ email: planted.email }] } }],
      },
    });
    expect(schema.revealView.parse(further.body)).toEqual(further.body);
    await settle(id, completed());

    const both = await api.call('GET', `/reveals/${id}`);
    expect(both.body).toMatchObject({ generation: 2, result: expect.anything(), earlier: [{ generation: 1 }] });
    expect(JSON.stringify(both.body)).not.toContain(planted.lowQualityEmail);
    const again = await ask('completed-later', wanted);
    expect(again).toMatchObject({ status: 200, body: { generation: 2 } });
    expect(again.body).not.toHaveProperty('missing');
    expect((await ask('completed-later', {})).body.missing).toEqual(['personal-emails']);
  });

  it('is shown while a forced generation runs, and no longer when that has a result of its own', async () => {
    const id = await put('forced-anew', done());
    expect((await ask('forced-anew', { maxAge: 0 }, 'k-1')).body).toMatchObject({ earlier: [{ generation: 1 }] });
    await settle(id, completed());
    expect((await api.call('GET', `/reveals/${id}`)).body).not.toHaveProperty('earlier');
  });

  it('is used before anything is paid for again, where a later generation came to nothing', async () => {
    const id = await put('in-vain', { ...done(1), find: ['work-emails'] });
    await ask('in-vain', { maxAge: 0, find: ['work-emails'] }, 'k-1');
    await settle(id, ended('failed'));
    expect(await ask('in-vain', { find: ['work-emails'] })).toMatchObject({
      status: 200,
      body: { generation: 2, status: 'failed', earlier: [{ generation: 1 }] },
    });
    expect(await ask('in-vain', {})).toMatchObject({
      status: 202,
      body: { generation: 3, start: { find: ['personal-emails', 'phone-numbers'] }, earlier: [{ generation: 1 }] },
    });
  });

  it('does not keep somebody from resuming what came to nothing', async () => {
    const id = await put('resumed-after', done());
    await ask('resumed-after', { maxAge: 0 }, 'k-1');
    await settle(id, { ...ended('errored'), reason: 'not-started' });
    expect(await api.call('POST', `/reveals/${id}/resume`)).toMatchObject({ status: 202, body: { generation: 3 } });
  });

  it('goes with an erasure, and comes back by nobody who was about to keep it', async () => {
    const id = await put('erased-earlier', done());
    const record = await api.reveals.get(id);
    const forced = await ask('erased-earlier', { maxAge: 0 }, 'k-1');
    expect(forced.body.earlier).toHaveLength(1);
    const erased = await api.call('POST', '/erasures', { linkedinUrl: profile('erased-earlier') });
    await api.reveals.keepEarlier(record!);
    expect(erased.body).not.toHaveProperty('earlier');
    expect((await api.call('GET', `/reveals/${id}`)).body).not.toHaveProperty('earlier');
    const items = (await api.everything()).split('\n').filter((item) => item.includes(id));
    expect(items).toHaveLength(1);
    expect(items[0]).not.toMatch(/ada@|erased-earlier/);
  });

  it('is not shown when it has expired', async () => {
    const id = await put('expired-earlier', done());
    const record = await api.reveals.get(id);
    await ask('expired-earlier', { maxAge: 0 }, 'k-1');
    await api.reveals.keepEarlier({ ...record!, expiresAt: 1 });
    expect((await api.call('GET', `/reveals/${id}`)).body).not.toHaveProperty('earlier');
  });
});
