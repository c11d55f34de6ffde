import { afterAll, beforeAll, expect, it } from 'vitest';
import { apiRoutes } from '../../lambdas/contract.ts';
import { startTestRelay, type TestRelay } from '../support/relay.ts';

let test: TestRelay;
let url: string;
beforeAll(async () => {
  test = await startTestRelay({ httpPort: 0 });
  url = test.relay.deployment.httpUrl ?? '';
});
afterAll(() => test.close());

it.each([
  ['an unknown path', 'GET', '/people', 404, '/problems/no-such-route'],
  ['the root', 'GET', '/', 404, '/problems/no-such-route'],
  ['a wrong method', 'PUT', '/reveals', 405, '/problems/wrong-method'],
])(
  'answers %s with a problem, through the permissions that are deployed',
  async (_what, method, path, status, type) => {
    const response = await fetch(url + path, { method });
    expect([response.status, await response.json()]).toEqual([status, expect.objectContaining({ type, status })]);
  },
);

it('takes a slash at the end for none', async () => {
  expect((await fetch(`${url}/reveals/`)).status).toBe(200);
});

it.each(apiRoutes)('may invoke the function for %s', async (route) => {
  const [method = '', path = ''] = route.split(' ');
  expect((await fetch(url + path.replace('{id}', 'nobody'), { method })).status).not.toBe(500);
});
