import type { Access } from './client-props.ts';
import { RevealRelayAccessError, RevealRelayUnexpectedAnswer, RevealRelayUnreachable } from './errors.ts';
import { signature } from './request-signature.ts';

/** One request to the API. */
export interface RelayRequest {
  readonly method: string;
  /** From the API's own address on, with its query. */
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: object | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly signal?: AbortSignal | undefined;
  /** @default - that of the client */
  readonly timeoutMs?: number | undefined;
}

/** What the API has answered to it, a problem or not. */
export interface RelayAnswer {
  /** Of HTTP. */
  readonly status: number;
  readonly contentType: string | undefined;
  /** Seconds after which the API wants to be asked again, where it says so. */
  readonly retryAfter: number | undefined;
  readonly bytes: Uint8Array;
}

export type JsonObject = Readonly<Record<string, unknown>>;

/** What requests go out through. */
export interface Connection {
  readonly access: Access;
  readonly fetch: typeof globalThis.fetch;
  readonly now: () => number;
  readonly requestTimeoutMs: number;
}

/**
 * Sends a request once.
 *
 * @throws RevealRelayAccessError, RevealRelayUnreachable, RevealRelayUnexpectedAnswer for a redirect, or the reason of the signal
 */
export async function send(connection: Connection, request: RelayRequest): Promise<RelayAnswer> {
  const { access, fetch, requestTimeoutMs } = connection;
  const { method, path, signal, timeoutMs = requestTimeoutMs } = request;
  // It would go on with the name of the host, and what gets in here would go there.
  if (!path.startsWith('/')) throw new TypeError('path must begin with a slash.');
  const url = new URL(access.url + path);
  const body = request.body && JSON.stringify(request.body);
  const headers = {
    accept: 'application/json',
    ...(body && { 'content-type': 'application/json' }),
    ...request.headers,
    ...(await accessHeaders(connection, method, url, body)),
  };
  signal?.throwIfAborted();
  const limit = AbortSignal.timeout(Math.min(timeoutMs, requestTimeoutMs));
  try {
    const response = await fetch(url, {
      method,
      headers,
      ...(body && { body }),
      redirect: 'manual',
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
    });
    const bytes = new Uint8Array(await response.arrayBuffer());
    const { status } = response;
    if (status < 200 || (status >= 300 && status < 400)) {
      throw new RevealRelayUnexpectedAnswer(
        `${access.url} answered ${status}, which leads elsewhere: give the address at which the relay's API is itself.`,
        status,
      );
    }
    return {
      status,
      contentType: response.headers.get('content-type') ?? undefined,
      retryAfter: secondsIn(response.headers.get('retry-after')),
      bytes,
    };
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    if (error instanceof RevealRelayUnexpectedAnswer) throw error;
    throw new RevealRelayUnreachable(`Nobody answers at ${access.url}: check the address.`, { cause: error });
  }
}

/** @throws RevealRelayUnexpectedAnswer when the answer holds no JSON object */
export function jsonOf({ status, bytes }: RelayAnswer, url: string): JsonObject {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  } catch {
    // What it is instead may be anybody's page: it is not repeated.
  }
  throw new RevealRelayUnexpectedAnswer(
    `${url} answered ${status} with something other than JSON: check that the relay's API is there.`,
    status,
  );
}

async function accessHeaders({ access, now }: Connection, method: string, url: URL, body: string | undefined) {
  const { token, signing } = access;
  try {
    if (token) return { authorization: `Bearer ${await token()}` };
    if (!signing) return {};
    const { region, credentials } = signing;
    return await signature({ method, url, body, region, credentials: await credentials(), at: new Date(now()) });
  } catch (error) {
    const what = token ? 'There is no token' : 'The request could not be signed';
    throw new RevealRelayAccessError(`${what} (${(error as Error).message})`, { cause: error });
  }
}

function secondsIn(header: string | null): number | undefined {
  return header !== null && /^\d{1,6}$/.test(header) ? Number(header) : undefined;
}
