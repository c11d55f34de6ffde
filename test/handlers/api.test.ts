import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { handler } from '../../lambdas/api.ts';
import * as schema from '../../lambdas/http/api-schema.ts';
import { readRequest } from '../../lambdas/http/http-request.ts';
import type { HttpResult } from '../../lambdas/http/router.ts';
import { startBatch } from '../../lambdas/http/starting.ts';
import type { Door } from '../../lambdas/usecases/start.ts';
import {
  answer,
  completed,
  type DoorSurroundings,
  httpEvent,
  planted,
  printed,
  result,
  startDoors,
} from '../support/doors.ts';
import { isMore } from '../support/more.ts';

let doors: DoorSurroundings;
beforeAll(async () => {
  doors = await startDoors();
});
afterAll(() => doors[Symbol.asyncDispose]());
beforeEach(() => {
  doors.executions.clear();
  doors.events.length = 0;
  doors.failing.clear();
});

let output = '';
/** Calls the handler as API Gateway does. The body comes back parsed. */
async function call(method: string, path: string, body?: unknown, more: Record<string, unknown> = {}) {
  let answer: HttpResult = { statusCode: 0, headers: {}, body: '' };
  output = await printed(async () => {
    answer = await handler(httpEvent(method, path, body, more));
  });
  return parsed(answer);
}
const parsed = ({ statusCode: status, headers, body }: HttpResult) => ({
  status,
  headers,
  body: body ? JSON.parse(body) : undefined,
});
const starts = () => [...doors.executions.values()].map(({ input, starts }) => ({ ...JSON.parse(input), starts }));
const problem = (type: string, status: number) => ({
  status,
  headers: { 'content-type': 'application/problem+json' },
  body: { type: `/problems/${type}`, status },
});

describe('POST /reveals', () => {
  it('claims a new reveal, starts it, and says where it is', async () => {
    const answer = await call('POST', '/reveals', { taskId: 'new-1', priority: 'bulk', reference: 'crm/42' });
    expect(answer).toMatchObject({
      status: 202,
      headers: { location: '/reveals/new-1', 'content-type': 'application/json', 'cache-control': 'no-store' },
      body: { revealId: 'new-1', status: 'running', generation: 1, priority: 'bulk', reference: 'crm/42' },
    });
    expect(schema.revealView.parse(answer.body)).toEqual(answer.body);
    expect(starts()).toEqual([{ revealId: 'new-1', starts: 1 }]);
  });

  it('attaches to one that is there, and starts it again only while nobody knows that it runs', async () => {
    await call('POST', '/reveals', { taskId: 'again-1' });
    expect(await call('POST', '/reveals', { taskId: 'again-1' })).toMatchObject({ status: 200 });
    expect(starts()).toEqual([{ revealId: 'again-1', starts: 2 }]);
    const record = await doors.reveals.get('again-1');
    await doors.reveals.whileRunning(record!, { nextPollAt: new Date().toISOString() });
    expect(await call('POST', '/reveals', { taskId: 'again-1' })).toMatchObject({ status: 200 });
    expect(starts()).toEqual([{ revealId: 'again-1', starts: 2 }]);
  });

  it('starts no execution for a reveal that was started directly', async () => {
    await doors.put('direct-1');
    expect(await call('POST', '/reveals', { taskId: 'direct-1' })).toMatchObject({ status: 200 });
    expect(starts()).toEqual([]);
  });

  it('returns the stored result of a completed one', async () => {
    await doors.put('done-1', completed());
    const answer = await call('POST', '/reveals', { taskId: 'done-1' });
    expect(answer).toMatchObject({ status: 200, body: { status: 'completed', result: { emails: result.emails } } });
    expect(starts()).toEqual([]);
  });

  it.each(['failed', 'timed-out', 'cancelled', 'errored'] as const)('starts over after one that %s', async (status) => {
    await doors.put(`over-${status}`, { ...completed(), status, result: undefined });
    expect(await call('POST', '/reveals', { taskId: `over-${status}` })).toMatchObject({
      status: 202,
      body: { status: 'running', generation: 2 },
    });
  });

  it('tells a second caller which options differ, and refuses if that is what they want', async () => {
    await call('POST', '/reveals', { taskId: 'options-1', reference: 'first' });
    expect(await call('POST', '/reveals', { taskId: 'options-1', priority: 'bulk' })).toMatchObject({
      status: 200,
      body: { priority: 'interactive', reference: 'first', optionsDiffer: ['priority'] },
    });
    const insisting = { taskId: 'options-1', reference: 'second', ifDifferent: 'refuse' };
    const refused = await call('POST', '/reveals', insisting);
    expect(refused).toMatchObject(problem('options-differ', 409));
    expect(refused.body).toMatchObject({ revealId: 'options-1', optionsDiffer: ['reference'] });
    const agreeing = { taskId: 'options-1', reference: 'first', ifDifferent: 'refuse' };
    expect(await call('POST', '/reveals', agreeing)).toMatchObject({ status: 200 });
  });

  it('answers 503 when a service fails, keeps its message to itself, and the same request then succeeds', async () => {
    doors.failing.set('StartExecution', 3);
    const failed = await call('POST', '/reveals', { taskId: 'faulty-1' });
    expect(failed).toMatchObject({ ...problem('try-again', 503), headers: { 'retry-after': '5' } });
    expect(JSON.stringify(failed) + output).not.toContain('ada@');
    expect(await call('POST', '/reveals', { taskId: 'faulty-1' })).toMatchObject({ status: 200 });
    expect(starts()).toEqual([{ revealId: 'faulty-1', starts: 1 }]);
  });

  it('takes one start out of very many at once', async () => {
    const callers = isMore ? 400 : 60;
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
    expect(starts()).toMatchObject([{ revealId: 'crowd-1' }]);
    expect(await doors.reveals.get('crowd-1')).toMatchObject({ generation: 1, status: 'running' });
  });
});

describe('POST /reveals/batch', () => {
  it('answers each item by itself, in order', async () => {
    await doors.put('batch-there', { ...completed(), priority: 'interactive' });
    const answer = await call('POST', '/reveals/batch', {
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
    expect(await doors.reveals.get('batch-1')).toMatchObject({ priority: 'bulk' });
    expect(await doors.reveals.get('batch-2')).toMatchObject({ priority: 'interactive' });
  });

  it('takes a thousand, and not one more', async () => {
    const reveals = Array.from({ length: Number(process.env.MANY_CALLERS ?? 1_000) }, (_, n) => ({
      taskId: `many-${n}`,
    }));
    expect(await call('POST', '/reveals/batch', { reveals })).toMatchObject({ body: { started: reveals.length } });
    const tooMany = Array.from({ length: 1_001 }, (_, n) => ({ taskId: `too-many-${n}` }));
    expect(await call('POST', '/reveals/batch', { reveals: tooMany })).toMatchObject(problem('invalid-body', 422));
    expect(await doors.reveals.get('too-many-0')).toBeUndefined();
  });

  it('says which items it could not start', async () => {
    doors.failing.set('StartExecution', 3);
    const answer = await call('POST', '/reveals/batch', { reveals: [{ taskId: 'unlucky' }] });
    expect(answer.body).toMatchObject({
      refused: 1,
      results: [{ status: 503, problem: { type: '/problems/try-again' } }],
    });
  });

  it('begins nothing new when its time runs out', async () => {
    const event = httpEvent('POST', '/reveals/batch', { reveals: [{ taskId: 'too-late' }] });
    const answers: HttpResult[] = [];
    await printed(async () => answers.push(await handler(event, { getRemainingTimeInMillis: () => 2_000 })));
    expect(answers.map(parsed)[0]?.body).toMatchObject({ refused: 1, results: [{ status: 503 }] });
    expect(await doors.reveals.get('too-late')).toBeUndefined();
  });

  it('waits for no time at all when its time was over before it began', async () => {
    const read = readRequest(httpEvent('POST', '/reveals/batch', { reveals: [{ taskId: 'too-late' }] }));
    const slept: number[] = [];
    const sleep = async (ms: number) => slept.push(ms);
    if (!read.ok) throw new Error('a good request');
    await startBatch(read.value, 1_000, { now: () => 2_000, sleep, reveals: doors.reveals, door: {} as Door });
    expect(slept).toEqual([0]);
  });
});

describe('GET /reveals/{id}', () => {
  it('shows status, progress and result, and low-quality e-mails only when asked', async () => {
    await doors.put('shown-1', completed());
    const answer = await call('GET', '/reveals/shown-1');
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
    expect(output).not.toMatch(/ada|shown-1/);
    expect(output).toContain('"route":"GET /reveals/{id}"');
    const asked = await call('GET', '/reveals/shown-1?include=lowQualityEmails');
    expect(asked.body.result.lowQualityEmails).toEqual(result.lowQualityEmails);
  });

  it('says that nobody polls for as long as nobody does, and not until the reveal wakes up', async () => {
    const { taskId } = await doors.put('paused-1', {
      pausedBecause: 'key-unavailable',
      nextPollAt: '2100-01-01T00:00:00.000Z',
    });
    await doors.budget.apply([
      {
        name: 'open',
        when: [],
        set: [
          { attr: 'broken', to: 1 },
          { attr: 'reason', to: 'key-unavailable' },
        ],
      },
    ]);
    expect((await call('GET', `/reveals/${taskId}`)).body.progress.pausedBecause).toBe('key-unavailable');

    await doors.budget.apply([{ name: 'close', when: [], set: [{ attr: 'broken', to: 0 }] }]);
    expect((await call('GET', `/reveals/${taskId}`)).body.progress).not.toHaveProperty('pausedBecause');
  });

  it('finds an id that has been percent-encoded on the way', async () => {
    await doors.put('a:b=1+2', completed());
    for (const path of ['/reveals/a:b=1+2', '/reveals/a%3Ab%3D1%2B2', '/reveals/a:b=1+2/']) {
      expect(await call('GET', path)).toMatchObject({ status: 200, body: { revealId: 'a:b=1+2' } });
    }
  });

  it('puts together a result that is too large for its record', async () => {
    const record = await doors.put('large-1');
    const emails = Array.from({ length: 12_000 }, (_, n) => ({ email: `person-${n}@example.com` }));
    const profile = { status: 'completed', ...result, emails };
    const bytes = Buffer.from(JSON.stringify({ output: { done: true, profile } }));
    const kept = { ...completed(), answer: undefined, result: { ...result, emails } };
    await doors.reveals.keepAnswer(record, { bytes }, { ...kept, expiresAt: kept.expiresAt! });
    expect(await doors.reveals.get('large-1')).not.toHaveProperty('result');
    expect((await call('GET', '/reveals/large-1')).body.result.emails).toEqual(emails);
  });

  it('never shows what has expired, though the item is still there', async () => {
    await doors.put('old-1', { ...completed(), expiresAt: Math.floor(Date.now() / 1_000) });
    for (const [method, path] of [
      ['GET', '/reveals/old-1'],
      ['POST', '/reveals/old-1/resume'],
      ['DELETE', '/reveals/old-1'],
      ['DELETE', '/reveals/old-1/result'],
    ] as const) {
      expect(await call(method, path)).toMatchObject(problem('no-such-reveal', 404));
    }
  });
});

describe('POST /reveals/{id}/resume', () => {
  it('starts another generation of one that ended without a result, with the options it had', async () => {
    await doors.put('resumed-1', { ...completed(), status: 'timed-out', result: undefined, reference: 'crm/7' });
    expect(await call('POST', '/reveals/resumed-1/resume')).toMatchObject({
      status: 202,
      body: { generation: 2, status: 'running', reference: 'crm/7' },
    });
    expect(await call('POST', '/reveals/resumed-1/resume', { priority: 'bulk' })).toMatchObject({
      status: 200,
      body: { generation: 2, optionsDiffer: ['priority'] },
    });
  });

  it('leaves a completed one as it is, and knows none that is not there', async () => {
    await doors.put('resumed-2', completed());
    expect(await call('POST', '/reveals/resumed-2/resume')).toMatchObject({ status: 200, body: { generation: 1 } });
    expect(await call('POST', '/reveals/nobody/resume')).toMatchObject(problem('no-such-reveal', 404));
  });
});

describe('DELETE /reveals/{id}', () => {
  it('settles as cancelled, announces it, stops the execution, and does so once', async () => {
    await call('POST', '/reveals', { taskId: 'cancelled-1' });
    const cancelled = { status: 200, body: { status: 'cancelled', reason: 'cancelled-by-caller' } };
    expect(await call('DELETE', '/reveals/cancelled-1')).toMatchObject(cancelled);
    expect(await call('DELETE', '/reveals/cancelled-1')).toMatchObject(cancelled);
    expect([...doors.executions.values()]).toMatchObject([{ stopped: true }]);
    expect(doors.events).toMatchObject([
      { type: 'Contact Reveal Failed', detail: { revealId: 'cancelled-1', outcome: 'cancelled' } },
    ]);
  });

  it('leaves alone what has ended meanwhile, in whatever words Step Functions says so: cancelling again, erasing after it', async () => {
    await call('POST', '/reveals', { taskId: 'cancelled-4' });
    await call('DELETE', '/reveals/cancelled-4');
    expect(await call('DELETE', '/reveals/cancelled-4')).toMatchObject({ status: 200 });
    expect(await call('DELETE', '/reveals/cancelled-4/result')).toMatchObject({ status: 200 });
    expect(await call('DELETE', '/reveals/cancelled-4/result')).toMatchObject({ status: 200 });
  });

  it('finishes what a failure has interrupted', async () => {
    await call('POST', '/reveals', { taskId: 'cancelled-2' });
    doors.failing.set('PutEvents', 3);
    expect(await call('DELETE', '/reveals/cancelled-2')).toMatchObject({ status: 503 });
    doors.failing.set('StopExecution', 3);
    expect(await call('DELETE', '/reveals/cancelled-2')).toMatchObject({ status: 503 });
    expect(await call('DELETE', '/reveals/cancelled-2')).toMatchObject({ status: 200 });
    expect(doors.events).toHaveLength(1);
    expect([...doors.executions.values()]).toMatchObject([{ stopped: true }]);
  });

  it('cancels what was claimed and never started', async () => {
    await doors.put('cancelled-3');
    expect(await call('DELETE', '/reveals/cancelled-3')).toMatchObject({ status: 200, body: { status: 'cancelled' } });
  });

  it('refuses for a completed one, and leaves one that failed as it is', async () => {
    await doors.put('completed-2', completed());
    expect(await call('DELETE', '/reveals/completed-2')).toMatchObject(problem('already-completed', 409));
    await doors.put('failed-2', { ...completed(), status: 'failed', reason: 'vendor-failed' });
    expect(await call('DELETE', '/reveals/failed-2')).toMatchObject({ status: 200, body: { status: 'failed' } });
  });
});

describe('DELETE /reveals/{id}/result', () => {
  it('takes the contact data away and leaves counts', async () => {
    await doors.put('erased-1', completed());
    const erased = await call('DELETE', '/reveals/erased-1/result');
    const read = await call('GET', '/reveals/erased-1?include=lowQualityEmails');
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
    const again = await call('DELETE', '/reveals/erased-1/result');
    expect(again.body).toEqual(erased.body);
    const items = (await doors.everything()).split('\n').filter((item) => item.includes('erased-1'));
    expect(items).toHaveLength(1);
    expect(items[0]).not.toMatch(/Analyst|ada@/);
  });

  it('does not fetch again what was erased, whichever way it is asked for', async () => {
    await doors.put('erased-2', completed());
    await doors.put('erased-3', { ...completed(), status: 'failed' });
    for (const id of ['erased-2', 'erased-3']) {
      await call('DELETE', `/reveals/${id}/result`);
      for (const [path, body] of [['/reveals', { taskId: id }] as const, [`/reveals/${id}/resume`, {}] as const]) {
        const answer = await call('POST', path, body);
        expect(answer).toMatchObject({ status: 200, body: { generation: 1, erasedAt: expect.any(String) } });
        expect(answer.body).not.toHaveProperty('result');
      }
    }
    expect(starts()).toEqual([]);
  });

  it('cancels a running one, so that its next poll finds nothing to fill', async () => {
    await call('POST', '/reveals', { taskId: 'erased-4' });
    const record = await doors.reveals.get('erased-4');
    expect(await call('DELETE', '/reveals/erased-4/result')).toMatchObject({
      status: 200,
      body: { status: 'cancelled' },
    });
    expect(await doors.reveals.keepAnswer(record!, answer, { expiresAt: 1, status: 'completed' })).toBe(false);
  });
});

describe('GET /reveals', () => {
  it('lists newest first, by status and time, without contact data', async () => {
    const at = (minute: number) => `2031-01-01T00:0${minute}:00.000Z`;
    await doors.put('list-1', { ...completed(), createdAt: at(1) });
    await doors.put('list-2', { createdAt: at(2) });
    await doors.put('list-3', { ...completed(), createdAt: at(3), expiresAt: 1 });
    await doors.put('list-4', { ...completed(), createdAt: at(4) });
    const ids = async (query: string) =>
      (await call('GET', `/reveals?${query}`)).body.reveals.map(({ revealId }: { revealId: string }) => revealId);
    expect(await ids('since=2031-01-01T00:00:00Z')).toEqual(['list-4', 'list-2', 'list-1']);
    expect(await ids('since=2031-01-01T01:02:00%2B01:00')).toEqual(['list-4', 'list-2']);
    expect(await ids('since=2031-01-01T00:00:00Z&status=completed')).toEqual(['list-4', 'list-1']);
    const page = await call('GET', '/reveals?limit=3');
    expect(schema.revealPage.parse(page.body)).toEqual(page.body);
    expect(JSON.stringify(page.body)).not.toMatch(/ada@|15550100/);
  });

  it('pages through all of it once, whatever is claimed meanwhile', async () => {
    for (let n = 0; n < 25; n += 1) {
      await doors.put(`page-${n}`, { createdAt: `2032-01-01T00:00:00.00${n % 5}Z` });
    }
    const seen: string[] = [];
    let cursor: string | undefined;
    let pages = 0;
    do {
      const query = new URLSearchParams({ since: '2032-01-01T00:00:00Z', limit: '4', ...(cursor && { cursor }) });
      const page = (await call('GET', `/reveals?${query}`)).body as schema.RevealPage;
      seen.push(...page.reveals.map(({ revealId }) => revealId));
      cursor = page.cursor;
      pages += 1;
      await doors.put(`page-late-${pages}`, { createdAt: `2033-01-01T00:00:00.00${pages}Z` });
    } while (cursor);
    expect(seen).toHaveLength(25);
    expect(new Set(seen).size).toBe(25);
    expect(pages).toBe(7);
  });

  it.each([
    'status=done',
    'limit=0',
    'limit=101',
    'since=yesterday',
    'cursor=abc',
    'limit=1&limit=2',
    '__proto__=1',
    'x=1',
  ])('refuses ?%s', async (query) => {
    expect(await call('GET', `/reveals?${query}`)).toMatchObject(problem('invalid-query', 422));
  });
});

describe('errors', () => {
  it.each([
    ['no JSON', 'not-json', 400, ['POST', '/reveals', '{"taskId":']],
    ['no object', 'invalid-body', 422, ['POST', '/reveals', '[]']],
    ['a prototype', 'invalid-body', 422, ['POST', '/reveals', '{"taskId":"a","__proto__":{}}']],
    [
      'a wrong content type',
      'not-application-json',
      415,
      ['POST', '/reveals', '{}', { headers: { 'content-type': 'text/plain' } }],
    ],
    ['no content type', 'not-application-json', 415, ['POST', '/reveals', '{}', { headers: {} }]],
    ['a large body', 'too-large', 413, ['POST', '/reveals', ' '.repeat(16_385)]],
    ['a large batch', 'too-large', 413, ['POST', '/reveals/batch', ' '.repeat(262_145)]],
    ['bytes that are no text', 'not-json', 400, ['POST', '/reveals', '/////w==', { isBase64Encoded: true }]],
    ['an unknown route', 'no-such-route', 404, ['GET', '/people/ada@example.com']],
    ['an unknown id', 'no-such-reveal', 404, ['GET', '/reveals/nobody']],
    ['a wrong method', 'wrong-method', 405, ['PUT', '/reveals']],
  ] as const)('answers %s with a problem', async (_name, type, status, [method, path, body, more]) => {
    expect(await call(method, path, body, more)).toMatchObject(problem(type, status));
    expect(output).not.toContain('ada@');
  });

  it('takes a body that API Gateway has encoded', async () => {
    const body = Buffer.from('{"taskId":"encoded-1"}').toString('base64');
    expect(await call('POST', '/reveals', body, { isBase64Encoded: true })).toMatchObject({ status: 202 });
  });

  it('names the methods that there are', async () => {
    expect((await call('PATCH', '/reveals/some-id')).headers).toMatchObject({ allow: 'GET, DELETE, OPTIONS' });
    expect(await call('OPTIONS', '/reveals')).toMatchObject({ status: 204, headers: { allow: 'POST, GET, OPTIONS' } });
  });
});
