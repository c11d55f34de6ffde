import * as http from 'node:http';
import * as https from 'node:https';
import { classify, type PollAnswer } from './vendor-answer.ts';

/** The client's limits where none are given. The handler's own timeout has to leave room for a whole request. */
export const fiberDefaults = {
  connectTimeoutMs: 3_000,
  totalTimeoutMs: 12_000,
  maxBodyBytes: 4 * 1024 * 1024,
} as const;

export interface FiberClientOptions {
  /** The vendor's address, without a path. */
  baseUrl: string;
  /** Unix milliseconds, for a Retry-After given as a date. */
  now: () => number;
  /** How long to wait for a connection. @default 3_000 */
  connectTimeoutMs?: number;
  /** How long the whole request may take, connecting and reading included. @default 12_000 */
  totalTimeoutMs?: number;
  /** An answer larger than this is not read on. @default 4 MiB */
  maxBodyBytes?: number;
}

/**
 * The vendor's poll endpoint: one request per call, no retries, no redirects (they would carry the key elsewhere), and
 * an answer for everything that can happen to the request. Never throws for what the vendor or the network does.
 *
 * The key travels in the request's body, so neither the body nor anything made of it is ever put in a message.
 */
export class FiberClient {
  readonly #pollUrl: URL;
  readonly #options: Required<FiberClientOptions>;
  readonly #transport: typeof http | typeof https;
  readonly #agent: http.Agent;

  constructor(options: FiberClientOptions) {
    this.#options = { ...fiberDefaults, ...options };
    this.#pollUrl = new URL('/v1/contact-details/exhaustive/poll', options.baseUrl);
    this.#transport = this.#pollUrl.protocol === 'http:' ? http : https;
    // A connection kept for later may be gone after a container was frozen, and the poll with it.
    this.#agent = new this.#transport.Agent({ keepAlive: false });
  }

  async poll(apiKey: string, taskId: string): Promise<PollAnswer> {
    try {
      const response = await this.#post(this.#pollUrl, JSON.stringify({ apiKey, taskId }));
      return classify(response, this.#options.now());
    } catch (error) {
      return { kind: 'unusable', problem: error instanceof Unusable ? error.problem : 'no-connection' };
    }
  }

  #post(url: URL, body: string): Promise<{ httpStatus: number; body: string; retryAfter?: string | undefined }> {
    const { connectTimeoutMs, totalTimeoutMs, maxBodyBytes } = this.#options;
    return new Promise((resolve, reject) => {
      const request = this.#transport.request(url, {
        method: 'POST',
        agent: this.#agent,
        headers: {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          accept: 'application/json',
          'accept-encoding': 'identity',
          'user-agent': 'reveal-relay',
        },
      });
      const giveUp = (problem: Unusable['problem']) => request.destroy(new Unusable(problem));
      const connecting = setTimeout(() => giveUp('no-connection'), connectTimeoutMs);
      const total = setTimeout(() => giveUp('timed-out'), totalTimeoutMs);
      const connected = () => clearTimeout(connecting);

      request.on('socket', (socket) => {
        if (!socket.connecting) connected();
        else socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', connected);
      });
      request.on('response', (response) => {
        const chunks: Buffer[] = [];
        let received = 0;
        response.on('data', (chunk: Buffer) => {
          received += chunk.length;
          if (received > maxBodyBytes) giveUp('too-large');
          else chunks.push(chunk);
        });
        response.on('end', () =>
          resolve({
            httpStatus: response.statusCode ?? 0,
            body: Buffer.concat(chunks).toString('utf8'),
            retryAfter: response.headers['retry-after'],
          }),
        );
        response.on('error', reject);
      });
      request.on('error', reject);
      request.on('close', () => {
        connected();
        clearTimeout(total);
        // A connection that closes in mid-body ends neither with 'end' nor with 'error' in every version of Node.
        reject(new Unusable('no-connection'));
      });
      request.end(body);
    });
  }
}

class Unusable extends Error {
  override readonly name = 'Unusable';
  readonly problem: 'no-connection' | 'timed-out' | 'too-large';

  constructor(problem: Unusable['problem']) {
    super(problem);
    this.problem = problem;
  }
}
