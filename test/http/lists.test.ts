import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { problem, startApi, type TestApi } from '../support/api.ts';
import { completed } from '../support/doors.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api[Symbol.asyncDispose]());
beforeEach(() => api.forget());

const ids = (prefix: string, count: number) => Array.from({ length: count }, (_, n) => `${prefix}-${n}`);
const tasks = (revealIds: readonly string[]) => revealIds.map((taskId) => ({ taskId }));
const inOrder = async (list: string) => (await api.lists.inOrder(list, 1_000)).revealIds;

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
