import { Router } from '@aws-lambda-powertools/event-handler/http';
import type { ApiRoute } from '../contract.ts';
import { isRelayFault, loggedFacts } from '../reveal/errors.ts';
import type { Log } from '../runtime/log.ts';
import type { LambdaContext } from '../runtime/relay-handler.ts';
import { type HttpRequest, readRequest } from './http-request.ts';
import { type HttpAnswer, problemAnswer } from './problem.ts';

/** What answers a route. @param id the `{id}` of its path */
export type Respond = (request: HttpRequest, id: string, context: LambdaContext) => Promise<HttpAnswer>;

/** What API Gateway takes for an answer. */
export interface HttpResult {
  statusCode: number;
  headers: Record<string, string>;
  body: string;
  isBase64Encoded?: boolean;
}

/** Contact data is for the caller alone: no cache on the way may keep it. */
const always = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };

/** The router prints paths and methods when it is given odd ones. It is given clean ones here, and prints nothing. */
const silent = { debug() {}, info() {}, warn() {}, error() {} };

/**
 * The HTTP API as one function: reads the request, finds who answers it, and turns whatever happens into an answer. It logs route
 * templates, statuses and durations, never paths, queries or bodies.
 */
export function httpApi(
  routes: Record<ApiRoute, Respond>,
  { log, now }: { log: Log; now: () => number },
): (event: unknown, context: LambdaContext) => Promise<HttpResult> {
  const router = new Router({ logger: silent });
  const calls = new WeakMap<object, { request: HttpRequest; context: LambdaContext; result?: HttpResult }>();
  for (const [route, respond] of Object.entries(routes)) {
    const [method, path] = route.split(' ') as ['GET' | 'POST' | 'DELETE', string];
    const routerPath = path.replace('{id}', ':id') as `/${string}`;
    router.route(
      async ({ event, params }) => {
        const call = calls.get(event);
        if (!call) return resultOf(broken);
        call.result = resultOf(await respond(call.request, params.id ?? '', call.context));
        return { ...call.result, body: '' };
      },
      { method, path: routerPath },
    );
  }
  router.errorHandler(Error, async (error) => {
    log.error('request failed', loggedFacts(error));
    return resultOf(isRelayFault(error) ? problemAnswer('try-again', {}, { 'retry-after': '5' }) : broken);
  });

  return async (event, context) => {
    const startedAt = now();
    const read = readRequest(event);
    const result = read.ok ? await answer(read.value, context) : resultOf(read.answer);
    log.info('answered', {
      route: read.ok ? read.value.route : 'none',
      status: result.statusCode,
      milliseconds: now() - startedAt,
    });
    return result;
  };

  async function answer(request: HttpRequest, context: LambdaContext): Promise<HttpResult> {
    const event = cleanEvent(request);
    const call: { request: HttpRequest; context: LambdaContext; result?: HttpResult } = { request, context };
    calls.set(event, call);
    const result = await router.resolve(event, context as Parameters<typeof router.resolve>[1]);
    // The router would make text of every body on its way, a new one of the vendor's bytes.
    return call.result ?? (result as HttpResult);
  }
}

const broken = problemAnswer('relay-broken');

function resultOf({ status, headers, body, bytes }: HttpAnswer): HttpResult {
  if (bytes) {
    const base64 = Buffer.from(bytes).toString('base64');
    return { statusCode: status, headers: { ...always, ...headers }, body: base64, isBase64Encoded: true };
  }
  const content = body && { 'content-type': 'application/json' };
  return {
    statusCode: status,
    headers: { ...always, ...content, ...headers },
    body: body ? JSON.stringify(body) : '',
  };
}

/** The event that the router sees: method and path, and nothing of what else came in. */
function cleanEvent({ route, method, path }: HttpRequest): object {
  return {
    version: '2.0',
    routeKey: route,
    rawPath: path,
    rawQueryString: '',
    headers: {},
    requestContext: { domainName: 'relay', http: { method, path } },
    isBase64Encoded: false,
  };
}
