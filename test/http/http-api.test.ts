import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { problem, startApi, type TestApi } from '../support/api.ts';
import { completed, httpEvent } from '../support/doors.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api[Symbol.asyncDispose]());
beforeEach(() => api.forget());

describe('the HTTP API', () => {
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
    ['a wrong method', 'wrong-method', 405, ['PUT', '/reveals']],
  ] as const)('answers %s with a problem', async (_name, type, status, [method, path, body, more]) => {
    expect(await api.call(method, path, body, more)).toMatchObject(problem(type, status));
    expect(api.output()).not.toContain('ada@');
  });

  it('takes a body that API Gateway has encoded', async () => {
    const body = Buffer.from('{"taskId":"encoded-1"}').toString('base64');
    expect(await api.call('POST', '/reveals', body, { isBase64Encoded: true })).toMatchObject({ status: 202 });
  });

  it('names the methods that there are', async () => {
    expect((await api.call('PATCH', '/reveals/some-id')).headers).toMatchObject({ allow: 'GET, DELETE, OPTIONS' });
    expect(await api.call('OPTIONS', '/reveals')).toMatchObject({
      status: 204,
      headers: { allow: 'POST, GET, OPTIONS' },
    });
  });

  it.each(['/prod', '/partners/v2'])('takes no notice of what comes before its paths: %s', async (prefix) => {
    const id = `behind${prefix.replaceAll('/', '-')}`;
    await api.put(id, completed());
    const event = httpEvent('GET', `/reveals/${id}`);
    const prefixed = { ...event, rawPath: prefix + event.rawPath };
    expect(await api.send(prefixed)).toMatchObject({ status: 200, body: { revealId: id } });
  });
});
