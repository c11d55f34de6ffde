import type { ApiRoute } from '../contract.ts';
import { isRelayFault, loggedFacts } from '../reveal/errors.ts';
import type { Log } from '../runtime/log.ts';
import type { LambdaContext } from '../runtime/relay-handler.ts';
import { type HttpRequest, readRequest } from './http-request.ts';
import { type HttpAnswer, problemAnswer } from './problem.ts';

/** What answers a route. */
export type Respond = (request: HttpRequest, context: LambdaContext) => Promise<HttpAnswer>;

/** What API Gateway takes for an answer. */
export interface HttpResult {
  statusCode: number;
  headers: Record<string, string>;
  body: string;
  isBase64Encoded?: boolean;
}

/** Contact data is for the caller alone: no cache on the way may keep it. */
const always = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };

/**
 * The HTTP API as one function: reads the request, calls what answers its route, and turns whatever happens into an answer. It
 * logs route templates, statuses and durations, never paths, queries or bodies.
 */
export function httpApi(
  routes: Record<ApiRoute, Respond>,
  { log, now }: { log: Log; now: () => number },
): (event: unknown, context: LambdaContext) => Promise<HttpResult> {
  return async (event, context) => {
    const startedAt = now();
    const read = readRequest(event);
    const answer = read.ok ? await answerTo(read.value, context) : read.answer;
    log.info('answered', {
      route: read.ok ? read.value.route : 'none',
      status: answer.status,
      milliseconds: now() - startedAt,
    });
    return resultOf(answer);
  };

  async function answerTo(request: HttpRequest, context: LambdaContext): Promise<HttpAnswer> {
    try {
      return await routes[request.route](request, context);
    } catch (error) {
      log.error('request failed', loggedFacts(error));
      return isRelayFault(error)
        ? problemAnswer('try-again', {}, { 'retry-after': '5' })
        : problemAnswer('relay-broken');
    }
  }
}

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
