import { isOnThisMachine } from '../address.ts';
import { jsonObject } from '../json-object.ts';
import type { Target } from './client-arguments.ts';
import { type Credentials, regionOf, signature } from './request-signature.ts';

/** What the API answered. */
export interface ApiAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** API Gateway itself gives up after 30 seconds. */
const longestWait = 35_000;

/** A caller of the HTTP API. Requests to an API on AWS are signed, unless there is a token. */
export class ApiClient {
  readonly #target: Target;
  readonly #credentials: () => Promise<Credentials>;
  readonly #interrupted: AbortSignal;

  /** @param credentials asked only when there is something to sign */
  constructor(target: Target, credentials: () => Promise<Credentials>, interrupted: AbortSignal) {
    this.#target = target;
    this.#credentials = credentials;
    this.#interrupted = interrupted;
  }

  /**
   * @param key the caller's own name for the request
   * @throws UnreachableError when there is no answer, or one that cannot be the relay's
   */
  async call(method: string, path: string, body?: object, key?: string): Promise<ApiAnswer> {
    const url = new URL(this.#target.url + path);
    const text = body && JSON.stringify(body);
    const headers = {
      accept: 'application/json',
      ...(text && { 'content-type': 'application/json' }),
      ...(key !== undefined && { 'idempotency-key': key }),
    };
    const access = await this.#access(method, url, text);
    let response: Response;
    let answer: string;
    try {
      response = await fetch(url, {
        method,
        headers: { ...headers, ...access },
        ...(text && { body: text }),
        redirect: 'manual',
        signal: AbortSignal.any([this.#interrupted, AbortSignal.timeout(longestWait)]),
      });
      answer = await response.text();
    } catch (error) {
      if (this.#interrupted.aborted) throw error;
      throw new UnreachableError(nobodyAt(this.#target.url));
    }
    const parsed = jsonObject(answer);
    if (!parsed) {
      throw new UnreachableError(
        `${this.#target.url} answered ${response.status} with something other than JSON: check that the relay's API is there.`,
      );
    }
    return { status: response.status, body: parsed };
  }

  async #access(method: string, url: URL, body: string | undefined): Promise<Record<string, string>> {
    const { token } = this.#target;
    if (token !== undefined) return { authorization: `Bearer ${token}` };
    const region = regionOf(url);
    if (region === undefined) return {};
    try {
      return await signature({ method, url, body, region, credentials: await this.#credentials() });
    } catch (error) {
      throw new UnreachableError(
        `The request could not be signed (${(error as Error).message}): log in to AWS, set AWS_PROFILE, or give --token if the API takes bearer tokens.`,
      );
    }
  }
}

function nobodyAt(url: string): string {
  return isOnThisMachine(url)
    ? `Nobody answers at ${url}: start the relay with \`npm run local\`, or say with --url where it is.`
    : `Nobody answers at ${url}: check the address. The output ApiUrl of the stack has it.`;
}

/** There was no answer of the API. The message says what to do. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError';
}
