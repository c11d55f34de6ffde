import { regionOf } from '../../lib/client/client-props.ts';
import {
  type Credentials,
  RevealRelayAccessError,
  RevealRelayClient,
  RevealRelayError,
  RevealRelayProblem,
  RevealRelayUnreachable,
  type WaitOptions,
} from '../../lib/client/index.ts';
import { isOnThisMachine } from '../address.ts';
import type { Target } from './client-arguments.ts';

/** What the API answered. */
export interface ApiAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** The package's client, for commands: a problem is an answer to print, and what went wrong on the way says what to do in a terminal. */
export class ApiClient {
  readonly #url: string;
  readonly #relay: RevealRelayClient;
  readonly #interrupted: AbortSignal;

  /** @param credentials asked only when there is something to sign */
  constructor({ url, token }: Target, credentials: () => Promise<Credentials>, interrupted: AbortSignal) {
    this.#url = url;
    const isSigned = token === undefined && isOnAws(url);
    this.#relay = new RevealRelayClient({ url, token, ...(isSigned && { credentials }) });
    this.#interrupted = interrupted;
  }

  /**
   * @param key the caller's own name for the request
   * @throws UnreachableError when there is no answer, or one that cannot be the relay's
   */
  call(method: string, path: string, body?: object, key?: string): Promise<ApiAnswer> {
    const headers = key === undefined ? undefined : { 'idempotency-key': key };
    return this.#explained(this.#relay.send({ method, path, body, headers, signal: this.#interrupted }));
  }

  /** Waits until a reveal has ended. @throws UnreachableError when the API is gone for longer than a restart takes */
  waitFor(id: string, options: Pick<WaitOptions, 'onProgress' | 'outageMs'>): Promise<ApiAnswer> {
    const ended = this.#relay.waitFor(id, { ...options, signal: this.#interrupted });
    return this.#explained(ended.then((reveal) => ({ status: 200, body: { ...reveal } })));
  }

  async #explained(answer: Promise<ApiAnswer>): Promise<ApiAnswer> {
    try {
      return await answer;
    } catch (error) {
      if (error instanceof RevealRelayProblem) return { status: error.status, body: error.body };
      if (this.#interrupted.aborted || !(error instanceof RevealRelayError)) throw error;
      if (error instanceof RevealRelayUnreachable) throw new UnreachableError(nobodyAt(this.#url));
      const hint = error instanceof RevealRelayAccessError ? accessHint : '';
      throw new UnreachableError(error.message + hint);
    }
  }
}

const isOnAws = (url: string) => regionOf(new URL(url)) !== undefined;
const accessHint = ': log in to AWS, set AWS_PROFILE, or give --token if the API takes bearer tokens.';

function nobodyAt(url: string): string {
  return isOnThisMachine(url)
    ? `Nobody answers at ${url}: start the relay with \`npm run local\`, or say with --url where it is.`
    : `Nobody answers at ${url}: check the address. The output ApiUrl of the stack has it.`;
}

/** There was no answer of the API. The message says what to do. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError';
}
