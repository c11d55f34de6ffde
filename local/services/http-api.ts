import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { FunctionError, type LocalHandler } from '../functions/handlers.ts';
import { routeArn } from '../template/local-names.ts';
import { type LocalStack, TemplateError } from '../template/template.ts';
import { isMeantForUs, toEvent } from './http-event.ts';
import { type MatchedRoute, matchRoute, type Route } from './http-routes.ts';
import { InvokePermissions } from './invoke-permissions.ts';
import { listenOnLoopback, readBody, stopListening } from './loopback.ts';

/** One request that was answered. */
export interface AnsweredRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly status: number;
}

export interface HttpApiOptions {
  readonly stack: LocalStack;
  readonly handlerOf: (functionArn: string) => LocalHandler;
  readonly now: () => number;
  /** By how much waits are divided in here: callers live outside. @default 1 */
  readonly speed?: number | undefined;
  readonly onAnswer?: ((request: AnsweredRequest) => void) | undefined;
}

/** API Gateway's own limit. */
const largestRequest = 10 * 1024 * 1024;

/**
 * The HTTP API of the template, on loopback. Callers' permissions, tokens and throttling are left to API Gateway: whoever is on this
 * machine may call. What is refused is a web page of somebody else that calls through a browser on this machine. Whether API Gateway
 * itself may invoke the function of a route is for the template to say, as on AWS.
 */
export class LocalHttpApi {
  readonly #options: HttpApiOptions;
  readonly #routes: readonly Route<string>[];
  readonly #permissions: InvokePermissions;

  /** @throws TemplateError on more than one API, or one with parts that there is no adapter for */
  constructor(options: HttpApiOptions) {
    this.#options = options;
    this.#routes = readRoutes(options.stack);
    this.#permissions = new InvokePermissions(options.stack);
  }

  /** @param port 0 for any that is free. @returns where it is, and how to stop it */
  async listen(port: number): Promise<{ readonly url: string; close(): Promise<void> }> {
    const server = createServer((request, response) => void this.#respond(request, response));
    const url = await listenOnLoopback(server, port);
    return { url, close: () => stopListening(server) };
  }

  async #respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const answer = await this.#answer(request);
    if (answer === undefined) return;
    const { status, headers = {}, body = '' } = answer;
    response.writeHead(status, this.#outside(headers)).end(body);
    const [path = ''] = (request.url ?? '').split('?');
    this.#options.onAnswer?.({ method: request.method ?? '', path, status });
  }

  /** What is said of waits, in the seconds of whoever called: they do not wait as fast as the relay does. */
  #outside({ 'retry-after': seconds, ...headers }: NonNullable<Answer['headers']>): typeof headers {
    if (typeof seconds !== 'string') return headers;
    return { ...headers, 'retry-after': String(Math.ceil(Number(seconds) / (this.#options.speed ?? 1))) };
  }

  async #answer(request: IncomingMessage): Promise<Answer | undefined> {
    if (!isMeantForUs(request)) return gatewayAnswer(403, notMeantForUs);
    const body = await readBody(request, largestRequest);
    if (body === undefined) return undefined;
    const [path = ''] = (request.url ?? '').split('?');
    try {
      const route = matchRoute(this.#routes, request.method ?? '', path);
      if (!route) return gatewayAnswer(404, 'Not Found');
      if (!this.#mayInvoke(route, request.method ?? '')) return gatewayAnswer(500, 'Internal Server Error');
      const event = toEvent(request, body, route, { id: randomUUID(), now: this.#options.now() });
      const handler = this.#options.handlerOf(route.target);
      return answerOf(await handler.invoke(event));
    } catch (error) {
      if (error instanceof URIError) return gatewayAnswer(400, 'Bad Request');
      if (error instanceof FunctionError) {
        return error.isThrottle
          ? gatewayAnswer(503, 'Service Unavailable')
          : gatewayAnswer(500, 'Internal Server Error');
      }
      throw error;
    }
  }

  #mayInvoke({ key, target }: MatchedRoute<string>, method: string): boolean {
    const [api] = this.#options.stack.ofType('AWS::ApiGatewayV2::Api');
    return this.#permissions.allows(target, 'apigateway.amazonaws.com', routeArn(api?.reference ?? '', key, method));
  }
}

const notMeantForUs =
  'Forbidden: the relay on this machine answers requests to 127.0.0.1 and localhost, and no web pages of others.';

interface Answer {
  readonly status: number;
  readonly headers?: Record<string, string | string[]>;
  readonly body?: string | Buffer;
}

function gatewayAnswer(status: number, message: string): Answer {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ message }) };
}

/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html */
function answerOf(result: unknown): Answer {
  const {
    statusCode,
    headers = {},
    cookies,
    body,
    isBase64Encoded,
  } = (result ?? {}) as {
    statusCode?: number;
    headers?: Record<string, string>;
    cookies?: string[];
    body?: string;
    isBase64Encoded?: boolean;
  };
  // Without a status, whatever the function returned is the body.
  if (statusCode === undefined) {
    return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(result) };
  }
  return {
    status: statusCode,
    headers: { ...headers, ...(cookies && { 'set-cookie': cookies }) },
    body: isBase64Encoded ? Buffer.from(body ?? '', 'base64') : (body ?? ''),
  };
}

/** Routes with the ARN of the function that answers each. */
function readRoutes(stack: LocalStack): Route<string>[] {
  const apis = stack.ofType('AWS::ApiGatewayV2::Api');
  for (const { logicalId, type, properties } of apis) {
    const { ProtocolType, CorsConfiguration, Body } = properties();
    const refuse = (what: string) =>
      new TemplateError(`${logicalId} (${type}) ${what}, for which there is no adapter.`);
    if (apis.length > 1) throw refuse('is one of several APIs');
    if (ProtocolType !== 'HTTP') throw refuse(`speaks ${ProtocolType}`);
    if (CorsConfiguration !== undefined) throw refuse('has CorsConfiguration');
    if (Body !== undefined) throw refuse('has its routes in a Body');
  }
  const functions = new Map(
    stack.ofType('AWS::ApiGatewayV2::Integration').map(({ logicalId, type, reference, properties }) => {
      const { IntegrationType, IntegrationUri, PayloadFormatVersion } = properties();
      if (IntegrationType !== 'AWS_PROXY' || PayloadFormatVersion !== '2.0') {
        throw new TemplateError(
          `${logicalId} (${type}) is ${IntegrationType} with payload format ${PayloadFormatVersion}, for which there is no adapter: only AWS_PROXY with 2.0.`,
        );
      }
      return [reference, String(IntegrationUri)];
    }),
  );
  return stack.ofType('AWS::ApiGatewayV2::Route').map(({ logicalId, type, properties }) => {
    const { RouteKey, Target } = properties();
    const target = functions.get(String(Target).replace(/^integrations\//, ''));
    if (target === undefined)
      throw new TemplateError(`${logicalId} (${type}) has the target ${Target}, for which there is no adapter.`);
    return { key: String(RouteKey), target };
  });
}
