import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as schema from '../../../lambdas/http/api-schema.ts';
import { problem, startApi, type TestApi } from '../../support/api.ts';
import { completed } from '../../support/doors.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api[Symbol.asyncDispose]());
beforeEach(() => api.forget());

describe('GET /reveals', () => {
  it('lists newest first, by status and time, without contact data', async () => {
    const at = (minute: number) => `2031-01-01T00:0${minute}:00.000Z`;
    await api.put('list-1', { ...completed(), createdAt: at(1) });
    await api.put('list-2', { createdAt: at(2) });
    await api.put('list-3', { ...completed(), createdAt: at(3), expiresAt: 1 });
    await api.put('list-4', { ...completed(), createdAt: at(4) });
    const ids = async (query: string) =>
      (await api.call('GET', `/reveals?${query}`)).body.reveals.map(({ revealId }: { revealId: string }) => revealId);
    expect(await ids('since=2031-01-01T00:00:00Z')).toEqual(['list-4', 'list-2', 'list-1']);
    expect(await ids('since=2031-01-01T01:02:00%2B01:00')).toEqual(['list-4', 'list-2']);
    expect(await ids('since=2031-01-01T00:00:00Z&status=completed')).toEqual(['list-4', 'list-1']);
    const page = await api.call('GET', '/reveals?limit=3');
    expect(schema.revealPage.parse(page.body)).toEqual(page.body);
    expect(JSON.stringify(page.body)).not.toMatch(/ada@|15550100/);
  });

  it('pages through all of it once, whatever is claimed meanwhile', async () => {
    for (let n = 0; n < 25; n += 1) {
      await api.put(`page-${n}`, { createdAt: `2032-01-01T00:00:00.00${n % 5}Z` });
    }
    const seen: string[] = [];
    let cursor: string | undefined;
    let pages = 0;
    do {
      const query = new URLSearchParams({ since: '2032-01-01T00:00:00Z', limit: '4', ...(cursor && { cursor }) });
      const page = (await api.call('GET', `/reveals?${query}`)).body as schema.RevealPage;
      seen.push(...page.reveals.map(({ revealId }) => revealId));
      cursor = page.cursor;
      pages += 1;
      await api.put(`page-late-${pages}`, { createdAt: `2033-01-01T00:00:00.00${pages}Z` });
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
    expect(await api.call('GET', `/reveals?${query}`)).toMatchObject(problem('invalid-query', 422));
  });
});
