import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { revealView } from '../../lambdas/http/api-schema.ts';
import { problem, startApi, type TestApi } from '../support/api.ts';
import { completed, result } from '../support/doors.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api[Symbol.asyncDispose]());
beforeEach(() => api.forget());

it('answers with the reveal as its answer is read now', async () => {
  await api.put('better', { ...completed(), result: { ...result, emails: [] }, unreadable: 1 });
  const answer = await api.call('POST', '/reveals/better/reread');
  expect(answer).toMatchObject({ status: 200, body: { found: { emails: 1 }, result: { emails: result.emails } } });
  expect(answer.body).not.toHaveProperty('unreadable');
  expect(revealView.parse(answer.body)).toEqual(answer.body);
});

it('says of which reveal there is no answer, and which there is not', async () => {
  await api.put('running');
  const none = await api.call('POST', '/reveals/running/reread');
  expect(none).toMatchObject(problem('no-answer', 404));
  expect(none.body).toMatchObject({ revealId: 'running' });
  expect(await api.call('POST', '/reveals/nobody/reread')).toMatchObject(problem('no-such-reveal', 404));
});

it('can be asked again after a fault', async () => {
  await api.put('faulty', { ...completed(), publishedAt: undefined });
  api.failing.set('PutEvents', 3);
  expect(await api.call('POST', '/reveals/faulty/reread')).toMatchObject(problem('try-again', 503));
  expect(await api.call('POST', '/reveals/faulty/reread')).toMatchObject({ status: 200 });
  expect(api.events).toHaveLength(1);
});
