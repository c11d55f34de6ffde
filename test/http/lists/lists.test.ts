import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { handler } from '../../../lambdas/api.ts';
import type { HttpResult } from '../../../lambdas/http/http-api.ts';
import * as schema from '../../../lambdas/http/lists/list-schema.ts';
import { problem, startApi, type TestApi } from '../../support/api.ts';
import { completed, httpEvent, printed } from '../../support/doors.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api[Symbol.asyncDispose]());
beforeEach(() => api.forget());

const ids = (prefix: string, count: number) => Array.from({ length: count }, (_, n) => `${prefix}-${n}`);
const tasks = (revealIds: readonly string[]) => revealIds.map((taskId) => ({ taskId }));
const inOrder = async (list: string) => (await api.lists.inOrder(list, 1_000)).members.map(({ revealId }) => revealId);

describe('a list', () => {
  it('has the reveals of a batch in the order of the request, those that were there as well, and nobody twice', async () => {
    await api.put('there-1', completed());
    const wanted = [...ids('first', 30), 'there-1', ...ids('last', 30)];
    for (const _ of ['once', 'again']) {
      await api.call('POST', '/reveals/batch', { reveals: tasks(wanted), list: 'ordered', position: 0 });
    }
    expect(await inOrder('ordered')).toEqual(wanted);
  });

  it('goes on behind what is there where no position is given, and has each where its caller says', async () => {
    await api.call('POST', '/reveals/batch', { reveals: tasks(['d', 'e']), list: 'grown' });
    await api.call('POST', '/reveals', { taskId: 'f', list: 'grown' });
    await api.call('POST', '/reveals/batch', { reveals: tasks(['b', 'c']), list: 'grown', position: 1 });
    const own = [
      { taskId: 'a', position: 0 },
      { taskId: 'other', list: 'another' },
    ];
    await api.call('POST', '/reveals/batch', { reveals: own, list: 'grown' });
    expect(await inOrder('grown')).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
    expect(await inOrder('another')).toEqual(['other']);
  });

  it('has no reveal that was refused, or that nobody knows to be started', async () => {
    await api.put('refused-1', { ...completed(), priority: 'interactive' });
    const reveals = [{ taskId: 'refused-1', priority: 'bulk', ifDifferent: 'refuse' }, { taskId: 'no id' }];
    await api.call('POST', '/reveals/batch', { reveals, list: 'refusing' });
    expect(await inOrder('refusing')).toEqual([]);
  });

  it('says nothing of whom a reveal is about', async () => {
    const reveals = [{ linkedinUrl: 'https://www.linkedin.com/in/ada-lovelace-1815' }];
    expect(await api.call('POST', '/reveals/batch', { reveals, list: 'people' })).toMatchObject({
      body: { started: 1 },
    });
    const items = (await api.everything()).split('\n').filter((item) => item.includes('#list#people'));
    expect(items).toHaveLength(1);
    expect(items[0]).not.toMatch(/ada|lovelace|1815/);
  });

  it.each([
    [{ list: 'ada@example.com' }, 'list must be 1 to 64 letters'],
    [{ list: 'x'.repeat(65) }, 'list must be'],
    [{ list: 7 }, 'list must be a string'],
    [{ list: 'leads', position: -1 }, 'position must be a whole number from 0 on'],
    [{ position: 1 }, 'position only with list'],
  ])('is refused with %j, which is not repeated', async (more, says) => {
    for (const [path, body] of [
      ['/reveals', { taskId: 'unlisted' }],
      ['/reveals/batch', { reveals: [{ taskId: 'unlisted' }] }],
    ] as const) {
      const answer = await api.call('POST', path, { ...body, ...more });
      expect(answer).toMatchObject(problem('invalid-body', 422));
      expect(answer.body.detail).toContain(says);
      expect(JSON.stringify(answer.body)).not.toContain('ada@');
    }
    expect(await api.reveals.get('unlisted')).toBeUndefined();
  });
});

/** Puts reveals into a list that are there already. */
async function listed(list: string, revealIds: readonly string[]): Promise<void> {
  for (const [position, revealId] of revealIds.entries()) await api.lists.put(list, revealId, position);
}

describe('GET /lists/{name}', () => {
  it('says how many stand where, what they have cost, and roughly how long the rest takes', async () => {
    await api.put('count-done', completed());
    await api.put('count-nothing', { ...completed(), found: { emails: 0, lowQualityEmails: 0, phoneNumbers: 0 } });
    await api.put('count-erased', completed());
    await api.call('DELETE', '/reveals/count-erased/result');
    await api.put('count-late', {
      status: 'timed-out',
      reason: 'deadline-passed',
      publishedAt: new Date().toISOString(),
    });
    const reveals = tasks(['count-done', 'count-nothing', 'count-erased', 'count-running']);
    const person = { linkedinUrl: 'https://www.linkedin.com/in/counted-person' };
    await api.call('POST', '/reveals/batch', { reveals: [...reveals, person], list: 'counted' });
    await listed('counted', ['count-late', 'count-never-was']);
    const answer = await api.call('GET', '/lists/counted');
    expect(answer).toMatchObject({
      status: 200,
      body: {
        list: 'counted',
        members: 7,
        done: 7,
        statuses: { completed: 3, running: 2, 'timed-out': 1, gone: 1 },
        waitingToStart: 1,
        nothingFound: 1,
        erased: 1,
        startUnknown: 0,
        creditsCharged: 36,
        creditsRefunded: 0,
      },
    });
    expect(answer.body.secondsLeft).toBeGreaterThan(60);
    expect(answer.body).not.toHaveProperty('cursor');
    expect(schema.listView.parse(answer.body)).toEqual(answer.body);
  });

  it('says why nothing goes on instead, as long as that is so', async () => {
    await api.call('POST', '/reveals', { linkedinUrl: 'https://www.linkedin.com/in/braked-person', list: 'braked' });
    await api.call('POST', '/starts/pause');
    const answer = await api.call('GET', '/lists/braked');
    expect(answer).toMatchObject({ body: { pausedBecause: 'starts-paused' } });
    expect(answer.body).not.toHaveProperty('secondsLeft');
    await api.call('POST', '/starts/go');
    expect((await api.call('GET', '/lists/braked')).body.secondsLeft).toBeGreaterThan(0);
  });

  it('has nothing left where everything has ended', async () => {
    await api.put('over', completed());
    await listed('over', ['over']);
    expect(await api.call('GET', '/lists/over')).toMatchObject({ body: { secondsLeft: 0 } });
  });

  it('goes on by its cursor, and the last answer has the whole', async () => {
    const wanted = ids('long', 1_100);
    for (let at = 0; at < wanted.length; at += 50) {
      await Promise.all(wanted.slice(at, at + 50).map((id, off) => api.lists.put('long', id, at + off)));
    }
    await api.put('long-7', completed());
    const first = (await api.call('GET', '/lists/long')).body;
    expect(first).toMatchObject({ members: 1_100, done: 1_000, cursor: expect.any(String) });
    const second = (await api.call('GET', `/lists/long?cursor=${first.cursor}`)).body;
    expect(second).toMatchObject({ members: 1_100, done: 1_100, statuses: { gone: 1_099, completed: 1 } });
    expect(second).not.toHaveProperty('cursor');
  });

  it.each(['nobody-knows', 'a:b', 'x'.repeat(65)])('knows nothing of %s', async (name) => {
    for (const path of [`/lists/${name}`, `/lists/${name}/results`]) {
      expect(await api.call('GET', path)).toMatchObject(problem('no-such-list', 404));
    }
  });

  it.each(['cursor=abc', `cursor=${Buffer.from('{}').toString('base64url')}`, 'limit=1', 'x=1'])(
    'refuses ?%s',
    async (query) => {
      await listed('queried', ['queried']);
      expect(await api.call('GET', `/lists/queried?${query}`)).toMatchObject(problem('invalid-query', 422));
    },
  );
});

describe('GET /lists/{name}/results', () => {
  const page = async (query: string, more = {}) => api.call('GET', `/lists/found/results?${query}`, undefined, more);

  it('has the reveals of a list in its order with their results, page by page, and each once', async () => {
    const wanted = [...ids('found', 7), 'found-gone', 'found-erased'];
    for (const id of ids('found', 7)) await api.put(id, id === 'found-3' ? {} : completed());
    await api.put('found-erased', completed());
    await api.call('DELETE', '/reveals/found-erased/result');
    await listed('found', wanted);
    const seen: { revealId: string; result?: unknown; gone?: boolean; erasedAt?: string }[] = [];
    let cursor: string | undefined;
    do {
      const answer = await page(new URLSearchParams({ limit: '4', ...(cursor && { cursor }) }).toString());
      expect(schema.resultPage.parse(answer.body)).toEqual(answer.body);
      expect(answer.headers.link).toBe(answer.body.cursor && `<?limit=4&cursor=${answer.body.cursor}>; rel="next"`);
      seen.push(...answer.body.results);
      cursor = answer.body.cursor;
    } while (cursor);
    expect(seen.map(({ revealId }) => revealId)).toEqual(wanted);
    expect(seen[0]).toMatchObject({ status: 'completed', result: { emails: [{ email: 'ada@example.com' }] } });
    expect(seen[3]).toMatchObject({ status: 'running' });
    expect(seen[7]).toEqual({ revealId: 'found-gone', gone: true });
    expect(seen[8]).toMatchObject({ erasedAt: expect.any(String) });
    expect(seen[8]).not.toHaveProperty('result');
  });

  it('shows e-mail addresses of low quality to those who ask for them', async () => {
    expect(JSON.stringify((await page('limit=1')).body)).not.toContain('a.lovelace@');
    expect(JSON.stringify((await page('limit=1&include=lowQualityEmails')).body)).toContain('a.lovelace@');
  });

  it.each(['application/jsonl', 'application/x-ndjson'])('is a line for each to those who take %s', async (accept) => {
    const event = httpEvent('GET', '/lists/found/results?limit=8', undefined, {
      headers: { Accept: `${accept}, */*` },
    });
    const answers: HttpResult[] = [];
    await printed(async () => answers.push(await handler(event, {})));
    const { statusCode, headers, body, isBase64Encoded } = answers[0] as HttpResult;
    expect([statusCode, headers['content-type'], isBase64Encoded]).toEqual([200, accept, true]);
    expect(headers.link).toMatch(/^<\?limit=8&cursor=[\w-]+>; rel="next"$/);
    const lines = Buffer.from(body, 'base64').toString().split('\n');
    expect(lines.pop()).toBe('');
    expect(lines.map((line) => JSON.parse(line).revealId)).toEqual([...ids('found', 7), 'found-gone']);
  });

  it('keeps below what API Gateway takes, and goes on with the next page', async () => {
    const email = { email: `${'x'.repeat(200_000)}@example.com`, type: 'work' } as const;
    const wanted = ids('large', 20);
    for (const id of wanted)
      await api.put(id, { ...completed(), result: { emails: [email], lowQualityEmails: [], phoneNumbers: [] } });
    await listed('large', wanted);
    const seen: string[] = [];
    let cursor: string | undefined;
    let pages = 0;
    do {
      const { body } = await api.call('GET', `/lists/large/results?limit=100${cursor ? `&cursor=${cursor}` : ''}`);
      expect(JSON.stringify(body).length).toBeLessThan(3_500_000);
      seen.push(...body.results.map(({ revealId }: { revealId: string }) => revealId));
      cursor = body.cursor;
      pages += 1;
    } while (cursor);
    expect(seen).toEqual(wanted);
    expect(pages).toBe(2);
  });

  it.each(['limit=0', 'limit=101', 'cursor=abc', 'include=everything'])('refuses ?%s', async (query) => {
    expect(await page(query)).toMatchObject(problem('invalid-query', 422));
  });
});
