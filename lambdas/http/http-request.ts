import * as z from 'zod/mini';
import type { ApiRoute } from '../contract.ts';
import { type Checked, check } from '../reveal/checked.ts';
import { limits } from './api-schema.ts';
import { type HttpAnswer, problemAnswer } from './problem.ts';
import { routeOf } from './route.ts';

/** A request to one of our routes: everything in it that is read here has been looked at. */
export interface HttpRequest {
  route: ApiRoute;
  /** The `{id}` or `{name}` of the path, which looks like an id; empty where the route has none. */
  id: string;
  query: string;
  contentType: string;
  /** What the caller takes for an answer, in the words of the header. */
  accept?: string;
  /** The caller's own name for the request. */
  idempotencyKey?: string;
  /** What the `Prefer` header says. */
  prefer?: string;
  /** Text, as it was before any encoding on the way. */
  body: string;
}

export type Read<Value> = { ok: true; value: Value } | { ok: false; answer: HttpAnswer };

const refused = (...problem: Parameters<typeof problemAnswer>) =>
  ({ ok: false, answer: problemAnswer(...problem) }) as const;

/** As much of API Gateway's payload format 2.0 as is read here. */
const httpEvent = z.looseObject({
  routeKey: z.string(),
  rawPath: z.string(),
  pathParameters: z.nullish(z.record(z.string(), z.string())),
  rawQueryString: z.optional(z.string()),
  headers: z.optional(z.record(z.string(), z.unknown())),
  requestContext: z.looseObject({
    http: z.looseObject({ method: z.string() }),
    stage: z.optional(z.string()),
  }),
  body: z.nullish(z.string()),
  isBase64Encoded: z.optional(z.boolean()),
});

/** Reads whatever the handler was called with. Total: what is no request to one of our routes has an answer. */
export function readRequest(event: unknown): Read<HttpRequest> {
  const parsed = httpEvent.safeParse(event);
  if (!parsed.success) return refused('unreadable-request');
  const { rawQueryString: query = '', headers = {}, requestContext, body, isBase64Encoded } = parsed.data;
  const { http, stage } = requestContext;
  const match = routeOf({ ...parsed.data, method: http.method, stage });
  if ('methods' in match) return { ok: false, answer: answerWithoutRoute(http.method, match.methods) };

  const text = bodyText(body ?? '', isBase64Encoded === true);
  if (!text.ok) return text;
  const header = (wanted: string) => Object.entries(headers).find(([name]) => name.toLowerCase() === wanted)?.[1];
  const accept = header('accept');
  const idempotencyKey = header('idempotency-key');
  const prefer = header('prefer');
  if (idempotencyKey !== undefined && !isKey(idempotencyKey)) return refused('invalid-key');
  return {
    ok: true,
    value: {
      ...match,
      query,
      contentType: String(header('content-type') ?? ''),
      ...(accept !== undefined && { accept: String(accept) }),
      ...(idempotencyKey !== undefined && { idempotencyKey }),
      ...(prefer !== undefined && { prefer: String(prefer) }),
      body: text.value,
    },
  };
}

/** It becomes part of a key of the table. */
const isKey = (value: unknown): value is string => typeof value === 'string' && /^[!-~]{1,128}$/.test(value);

function answerWithoutRoute(method: string, methods: readonly string[]): HttpAnswer {
  if (methods.length === 0) return problemAnswer('no-such-route');
  const allow = { allow: [...methods, 'OPTIONS'].join(', ') };
  return method === 'OPTIONS' ? { status: 204, headers: allow } : problemAnswer('wrong-method', {}, allow);
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
