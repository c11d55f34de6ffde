import * as z from 'zod/mini';
import { type ApiRoute, apiRoutes } from '../contract.ts';
import { type Checked, check, taskId } from '../reveal/request.ts';
import { limits } from './api-schema.ts';
import { type HttpAnswer, problemAnswer } from './problem.ts';

/** A request that is safe to route: everything in it has been looked at, and the path is one of ours. */
export interface HttpRequest {
  route: ApiRoute;
  method: string;
  /** Decoded: the segments hold what ids may hold, and no dots that a URL parser would act on. */
  path: string;
  query: string;
  contentType: string;
  /** Text, as it was before any encoding on the way. */
  body: string;
}

export type Read<Value> = { ok: true; value: Value } | { ok: false; answer: HttpAnswer };

const refused = (...problem: Parameters<typeof problemAnswer>) =>
  ({ ok: false, answer: problemAnswer(...problem) }) as const;

/** As much of API Gateway's payload format 2.0 as is read here. */
const httpEvent = z.looseObject({
  rawPath: z.string(),
  rawQueryString: z.optional(z.string()),
  headers: z.optional(z.record(z.string(), z.unknown())),
  requestContext: z.looseObject({ http: z.looseObject({ method: z.string() }) }),
  body: z.nullish(z.string()),
  isBase64Encoded: z.optional(z.boolean()),
});

/** Reads whatever the handler was called with. Total: what is no request to one of our routes has an answer. */
export function readRequest(event: unknown): Read<HttpRequest> {
  const parsed = httpEvent.safeParse(event);
  if (!parsed.success) return refused('unreadable-request');
  const { rawPath, rawQueryString: query = '', headers = {}, requestContext, body, isBase64Encoded } = parsed.data;

  const path = cleanPath(rawPath);
  const routes = path === undefined ? [] : apiRoutes.filter((route) => pathMatches(route, path));
  if (path === undefined || routes.length === 0) return refused('no-such-route');
  const allow = { allow: [...routes.map(methodOf), 'OPTIONS'].join(', ') };
  const { method } = requestContext.http;
  if (method === 'OPTIONS') return { ok: false, answer: { status: 204, headers: allow } };
  const route = routes.find((candidate) => methodOf(candidate) === method);
  if (!route) return refused('wrong-method', {}, allow);

  const text = bodyText(body ?? '', isBase64Encoded === true);
  if (!text.ok) return text;
  const contentType = Object.entries(headers).find(([name]) => name.toLowerCase() === 'content-type')?.[1];
  const request = { route, method, path, query, contentType: String(contentType ?? ''), body: text.value };
  return { ok: true, value: request };
}

/** The JSON in a request's body, checked. A body that may be left out is then like an empty object. */
export function readBody<Schema extends z.ZodMiniType>(
  { body, contentType, route }: HttpRequest,
  schema: Schema,
  { optional = false }: { optional?: boolean } = {},
): Read<z.output<Schema>> {
  if (Buffer.byteLength(body) > bodyLimit(route)) return refused('too-large');
  if (optional && body === '') return found(check(schema, {}), 'invalid-body');
  if (!/^application\/json[\t ]*(;|$)/i.test(contentType)) return refused('not-application-json');
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return refused('not-json');
  }
  return found(check(schema, json), 'invalid-body');
}

/** The query parameters, checked. */
export function readQuery<Schema extends z.ZodMiniType>(
  { query }: HttpRequest,
  schema: Schema,
): Read<z.output<Schema>> {
  const given = [...new URLSearchParams(query)];
  if (new Set(given.map(([name]) => name)).size < given.length) {
    return refused('invalid-query', { detail: 'Give each parameter once.' });
  }
  return found(check(schema, Object.fromEntries(given)), 'invalid-query');
}

const bodyLimit = (route: ApiRoute) => (route === 'POST /reveals/batch' ? limits.batchBytes : limits.bodyBytes);

function found<Value>(checked: Checked<Value>, problem: 'invalid-body' | 'invalid-query'): Read<Value> {
  if (checked.ok) return { ok: true, value: checked.value };
  return refused(problem, { detail: `${problem === 'invalid-body' ? 'Body' : 'Query'}: ${checked.problem}.` });
}

const methodOf = (route: ApiRoute) => route.split(' ')[0] as string;

function pathMatches(route: ApiRoute, path: string): boolean {
  const wanted = (route.split(' ')[1] as string).split('/');
  const given = path.split('/');
  return wanted.length === given.length && wanted.every((part, at) => part === '{id}' || part === given[at]);
}

/** API Gateway hands over paths decoded, others do not. What cannot be part of an id cannot be part of a path of ours. */
function cleanPath(rawPath: string): string | undefined {
  if (!rawPath.startsWith('/') || rawPath.length > 1_024) return undefined;
  const segments = rawPath.replace(/\/$/, '').slice(1).split('/').map(decoded);
  return segments.every((segment) => taskId.safeParse(segment).success) ? `/${segments.join('/')}` : undefined;
}

function decoded(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}

function bodyText(body: string, isBase64: boolean): Read<string> {
  if (body.length > (isBase64 ? 2 : 1) * limits.batchBytes) return refused('too-large');
  if (!isBase64) return { ok: true, value: body };
  try {
    return {
      ok: true,
      value: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(body, 'base64')),
    };
  } catch {
    return refused('not-json');
  }
}
