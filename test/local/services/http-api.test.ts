import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EmbeddedRelay } from '../../../local/relay.ts';
import type { AnsweredRequest } from '../../../local/services/http-api.ts';
import { matchRoute } from '../../../local/services/http-routes.ts';
import { RelayClock } from '../../../local/time/relay-time.ts';
import { tinyAssembly } from '../../support/tiny-stack.ts';

/** Answers with the request it was given, or as the request says. */
const mirror = `
  export const handler = async (event) => {
    if (event.rawPath === '/throw') throw new Error('a secret in here');
    if (event.rawPath === '/later') return { statusCode: 202, headers: { 'retry-after': '90' } };
    if (event.rawPath === '/plain') return { hello: 'world' };
    if (event.rawPath === '/bytes') return { statusCode: 200, isBase64Encoded: true, body: Buffer.from([0, 255]).toString('base64'), cookies: ['a=1', 'b=2'] };
    return { statusCode: 201, headers: { 'content-type': 'application/json', location: '/x' }, body: JSON.stringify(event) };
  };`;

const routeTo = (RouteKey: string) => ({
  Type: 'AWS::ApiGatewayV2::Route',
  Properties: {
    ApiId: { Ref: 'Api' },
    RouteKey,
    AuthorizationType: 'AWS_IAM',
    Target: { 'Fn::Join': ['', ['integrations/', { Ref: 'Integration' }]] },
  },
});
const api = { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: 'Api', ProtocolType: 'HTTP' } };
const integration = {
  Type: 'AWS::ApiGatewayV2::Integration',
  Properties: {
    ApiId: { Ref: 'Api' },
    IntegrationType: 'AWS_PROXY',
    IntegrationUri: { 'Fn::GetAtt': ['mirror', 'Arn'] },
    PayloadFormatVersion: '2.0',
  },
};

/** For whoever API Gateway presents as this, after the id of the API. */
const permission = (source: string) => ({
  Type: 'AWS::Lambda::Permission',
  Properties: {
    Action: 'lambda:InvokeFunction',
    FunctionName: { 'Fn::GetAtt': ['mirror', 'Arn'] },
    Principal: 'apigateway.amazonaws.com',
    SourceArn: {
      'Fn::Join': [
        '',
        ['arn:aws:execute-api:', { Ref: 'AWS::Region' }, ':', { Ref: 'AWS::AccountId' }, ':', { Ref: 'Api' }, source],
      ],
    },
  },
});

let relay: EmbeddedRelay;
let url: string;
const answered: AnsweredRequest[] = [];

beforeAll(async () => {
  const assembly = await tinyAssembly({
    functions: { mirror },
    resources: {
      Api: api,
      Integration: integration,
      Stage: { Type: 'AWS::ApiGatewayV2::Stage' },
      Routes: permission('/*/*/*'),
      Things: routeTo('ANY /things/{id}'),
      Post: routeTo('POST /things'),
      Throw: routeTo('GET /throw'),
      Plain: routeTo('GET /plain'),
      Bytes: routeTo('GET /bytes'),
    },
  });
  relay = await EmbeddedRelay.start({ assembly, httpPort: 0, onHttp: (request) => answered.push(request) });
  url = relay.deployment.httpUrl ?? '';
});
afterAll(() => relay.close());

it('hands a request to the function in payload format 2.0, and its answer to the caller', async () => {
  const response = await fetch(`${url}/things/a%20b?x=1&x=2&y=%2F`, {
    method: 'DELETE',
    headers: { 'content-type': 'application/json', cookie: 'a=1; b=2', 'X-Mine': 'Yes' },
    body: '{"n":1}',
  });
  expect(response.status).toBe(201);
  expect(response.headers.get('location')).toBe('/x');
  expect(await response.json()).toMatchObject({
    version: '2.0',
    routeKey: 'ANY /things/{id}',
    rawPath: '/things/a%20b',
    rawQueryString: 'x=1&x=2&y=%2F',
    queryStringParameters: { x: '1,2', y: '/' },
    pathParameters: { id: 'a b' },
    cookies: ['a=1', 'b=2'],
    headers: { 'x-mine': 'Yes', 'content-type': 'application/json' },
    requestContext: { http: { method: 'DELETE', path: '/things/a%20b', sourceIp: '127.0.0.1' }, stage: '$default' },
    body: '{"n":1}',
    isBase64Encoded: false,
  });
  expect(answered.at(-1)).toEqual({ method: 'DELETE', path: '/things/a%20b', status: 201 });
});

it('hands over what is no text in base64', async () => {
  const response = await fetch(`${url}/things`, {
    method: 'POST',
    body: new Uint8Array([0, 255]),
    headers: { 'content-type': 'image/png' },
  });
  expect(await response.json()).toMatchObject({ isBase64Encoded: true, body: 'AP8=' });
});

it('takes a plain object for the body, and sends bytes and cookies', async () => {
  expect(await (await fetch(`${url}/plain`)).json()).toEqual({ hello: 'world' });
  const bytes = await fetch(`${url}/bytes`);
  expect([...new Uint8Array(await bytes.arrayBuffer())]).toEqual([0, 255]);
  expect(bytes.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
});

it.each([
  [1, '90'],
  [60, '2'],
  [Number.POSITIVE_INFINITY, '0'],
])('says how long to wait in the seconds of whoever called, at %s times their speed', async (speed, seconds) => {
  const assembly = await tinyAssembly({
    functions: { mirror },
    resources: { Api: api, Integration: integration, Routes: permission('/*/*/*'), Later: routeTo('GET /later') },
  });
  const fast = await EmbeddedRelay.start({ assembly, httpPort: 0, clock: RelayClock.start(speed) });
  const { headers } = await fetch(`${fast.deployment.httpUrl}/later`);
  await fast.close();
  expect(headers.get('retry-after')).toBe(seconds);
});

it.each([
  ['GET', '/nothing', 404, 'Not Found'],
  ['GET', '/things', 404, 'Not Found'],
  ['GET', '/things/%E0%A4%A', 400, 'Bad Request'],
  ['GET', '/throw', 500, 'Internal Server Error'],
])('answers %s %s with %i itself, in the words of API Gateway', async (method, path, status, message) => {
  const response = await fetch(url + path, { method });
  expect([response.status, await response.json()]).toEqual([status, { message }]);
});

it('answers 503 when Lambda has no concurrency for the function, as API Gateway does', async () => {
  const assembly = await tinyAssembly({
    functions: { mirror },
    functionProperties: { ReservedConcurrentExecutions: 0 },
    resources: { Api: api, Integration: integration, Routes: permission('/*/*/*'), Plain: routeTo('GET /plain') },
  });
  const full = await EmbeddedRelay.start({ assembly, httpPort: 0 });
  const response = await fetch(`${full.deployment.httpUrl}/plain`);
  const answer = [response.status, await response.json()];
  await full.close();
  expect(answer).toEqual([503, { message: 'Service Unavailable' }]);
});

it('refuses web pages of others that call through a browser on this machine', async () => {
  const call = (headers: Record<string, string>) => fetch(`${url}/plain`, { headers });
  expect((await call({ origin: 'https://evil.example' })).status).toBe(403);
  expect((await call({ origin: 'null' })).status).toBe(403);
  expect((await call({ origin: 'http://localhost:8787' })).status).toBe(200);
});

it.each([
  ['several APIs', { Api: api, Other: api }, 'Api (AWS::ApiGatewayV2::Api) is one of several APIs'],
  ['web sockets', { Api: { ...api, Properties: { ProtocolType: 'WEBSOCKET' } } }, 'speaks WEBSOCKET'],
  [
    'another payload format',
    {
      Api: api,
      Integration: { ...integration, Properties: { IntegrationType: 'AWS_PROXY', PayloadFormatVersion: '1.0' } },
    },
    'Integration (AWS::ApiGatewayV2::Integration) is AWS_PROXY with payload format 1.0',
  ],
])('refuses to start on %s', async (_what, resources, message) => {
  await expect(EmbeddedRelay.start({ assembly: await tinyAssembly({ resources }) })).rejects.toThrow(message);
});

describe('the permission of API Gateway on a function', () => {
  const statusOf = async (sources: readonly string[], method: string, path: string) => {
    const permissions = sources.map((source, at) => [`Allowed${at}`, permission(source)] as const);
    const assembly = await tinyAssembly({
      functions: { mirror },
      resources: {
        Api: api,
        Integration: integration,
        Rest: routeTo('$default'),
        Plain: routeTo('GET /plain'),
        Thing: routeTo('ANY /things/{id}'),
        ...Object.fromEntries(permissions),
      },
    });
    const gateway = await EmbeddedRelay.start({ assembly, httpPort: 0 });
    const { status } = await fetch(gateway.deployment.httpUrl + path, { method });
    await gateway.close();
    return status;
  };

  it.each([
    ['for every method and path', ['/*/*/*'], 'GET', '/plain', 200],
    ['for every method and path, which is not the route for the rest', ['/*/*/*'], 'GET', '/nowhere', 500],
    ['for the route for the rest', ['/*/$default'], 'GET', '/nowhere', 201],
    ['for the route for the rest, which is no other', ['/*/$default'], 'GET', '/plain', 500],
    ['for one of the methods', ['/*/PUT/things/{id}'], 'PUT', '/things/1', 201],
    ['for another method', ['/*/PUT/things/{id}'], 'GET', '/things/1', 500],
    ['for nothing', [], 'GET', '/plain', 500],
  ])('%s', async (_which, sources, method, path, status) => {
    expect(await statusOf(sources, method, path)).toBe(status);
  });
});

describe('the route of a request', () => {
  const routes = [
    '$default',
    'GET /a/{id}',
    'GET /a/b',
    'ANY /a/b',
    'GET /{proxy+}',
    'POST /a/{id}/c',
    'GET /a/{rest+}',
  ].map((key) => ({ key, target: key }));

  it.each([
    ['GET', '/a/b', 'GET /a/b', {}],
    ['PUT', '/a/b', 'ANY /a/b', {}],
    ['GET', '/a/x', 'GET /a/{id}', { id: 'x' }],
    ['GET', '/a/x%2Fy', 'GET /a/{id}', { id: 'x/y' }],
    ['POST', '/a/x/c', 'POST /a/{id}/c', { id: 'x' }],
    ['GET', '/a/x/y', 'GET /a/{rest+}', { rest: 'x/y' }],
    ['GET', '/other/thing', 'GET /{proxy+}', { proxy: 'other/thing' }],
    ['DELETE', '/anything', '$default', {}],
  ])('%s %s is %s', (method, path, key, pathParameters) => {
    expect(matchRoute(routes, method, path)).toMatchObject({ key, pathParameters });
  });

  it('is none when nothing matches', () => {
    expect(matchRoute([{ key: 'GET /a/{id}', target: '' }], 'GET', '/a/')).toBeUndefined();
    expect(matchRoute([{ key: 'GET /a', target: '' }], 'GET', '/a/b')).toBeUndefined();
  });
});
