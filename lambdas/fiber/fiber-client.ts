import * as http from 'node:http';
import * as https from 'node:https';
import { fiberAddress } from '../contract.ts';
import { decoded } from './content-coding.ts';
import type { PollAnswer, UnusableProblem } from './vendor-answer.ts';
import { classify, type VendorResponse } from './vendor-response.ts';

/** The client's limits where none are given. The handler's own timeout has to leave room for a whole request. */
export const fiberDefaults = {
  connectTimeoutMs: 3_000,
  totalTimeoutMs: 12_000,
  maxBodyBytes: 4 * 1024 * 1024,
} as const;

/** Security policies and cookies fill more than Node's 16 KiB. What is larger than this is no answer. */
const maxHeaderBytes = 256 * 1024;

export interface FiberClientOptions {
  /** The vendor's address: see `fiberAddress`. */
  baseUrl: string;
  /** Unix milliseconds, for a Retry-After given as a date. */
  now: () => number;
  /** How long to wait for a connection. @default 3_000 */
  connectTimeoutMs?: number;
  /** How long the whole request may take, connecting and reading included. @default 12_000 */
  totalTimeoutMs?: number;
  /** An answer larger than this, as it comes or out of its coding, is not read on. @default 4 MiB */
  maxBodyBytes?: number;
  /**
   * Where `HTTPS_PROXY` and `NO_PROXY` are looked up. Node releases before 24.5 know no proxy.
   * @default - none: the vendor is asked directly
   */
  proxyEnvironment?: Readonly<Record<string, string | undefined>> | undefined;
}

/**
 * The vendor's poll endpoint: one request per call, no retries, no redirects (they would carry the key elsewhere), and
 * an answer for everything that can happen to the request. Never throws for what the vendor or the network does.
 *
 * The key travels in the request's body, so neither the body nor anything made of it is ever put in a message.
 */
export class FiberClient {
  readonly #pollUrl: URL;
  readonly #now: () => number;
  readonly #limits: Record<keyof typeof fiberDefaults, number>;
  readonly #transport: typeof http | typeof https;
  readonly #agent: http.Agent;

  /** @throws Error if the address is none that the key may be sent to */
  constructor({ baseUrl, now, proxyEnvironment, ...limits }: FiberClientOptions) {
    const base = fiberAddress(baseUrl);
    if (base === undefined) throw new Error('The address of the vendor is neither https nor on this machine.');
    this.#pollUrl = new URL(`${base}/v1/contact-details/exhaustive/poll`);
    this.#now = now;
    this.#limits = { ...fiberDefaults, ...limits };
    const isPlain = this.#pollUrl.protocol === 'http:';
    this.#transport = isPlain ? http : https;
    this.#agent = new this.#transport.Agent({
      // A connection kept for later may be gone after a container was frozen, and the poll with it.
      keepAlive: false,
      // A proxy would see the key in what is not encrypted, and what is not encrypted stays on this machine.
      ...(proxyEnvironment && !isPlain && { proxyEnv: { ...proxyEnvironment } }),
    });
  }

  async poll(apiKey: string, taskId: string): Promise<PollAnswer> {
    // What is caught is the network's. Whoever reads an answer catches their own, and a bug of ours is not taken for the network's.
    const received = await this.#post(this.#pollUrl, JSON.stringify({ apiKey, taskId })).catch(
      (error: unknown): UnusableProblem => (error instanceof Unusable ? error.problem : 'no-connection'),
    );
    if (typeof received === 'string') return { kind: 'unusable', problem: received };
    const { httpStatus, headers, body } = received;
    const bytes = decoded(body, headers['content-encoding'], this.#limits.maxBodyBytes);
    if (typeof bytes === 'string') return { kind: 'unusable', problem: bytes, httpStatus };
    const contentType = headers['content-type'];
    const answer = { bytes, ...(contentType !== undefined && { contentType }) };
    return classify({ httpStatus, headers, answer }, this.#now());
  }

  #post(url: URL, body: string): Promise<Received> {
    const { connectTimeoutMs, totalTimeoutMs, maxBodyBytes } = this.#limits;
    return new Promise((resolve, reject) => {
      const request = this.#transport.request(url, {
        method: 'POST',
        agent: this.#agent,
        maxHeaderSize: maxHeaderBytes,
        headers: {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          accept: 'application/json',
          'accept-encoding': 'identity',
          'user-agent': 'reveal-relay',
        },
      });
      let isConnected = false;
      let received: http.IncomingMessage | undefined;
      const giveUp = (problem: UnusableProblem) => request.destroy(new Unusable(problem));
      const connecting = setTimeout(() => giveUp('no-connection'), connectTimeoutMs);
      const total = setTimeout(() => giveUp('timed-out'), totalTimeoutMs);
      const connected = () => {
        isConnected = true;
        clearTimeout(connecting);
      };
      /** A body that is whole is an answer, whatever comes after it on the connection. */
      const fail = (error: Error) => {
        if (error instanceof Unusable || !received?.complete) reject(unusableOf(error, isConnected));
      };

      request.on('socket', (socket) => {
        if (!socket.connecting) connected();
        else socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', connected);
      });
      request.on('response', (response) => {
        received = response;
        const chunks: Buffer[] = [];
        let bytes = 0;
        response.on('data', (chunk: Buffer) => {
          bytes += chunk.length;
          if (bytes > maxBodyBytes) giveUp('too-large');
          else chunks.push(chunk);
        });
        response.on('end', () =>
          resolve({
            httpStatus: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks),
          }),
        );
        response.on('error', fail);
      });
      request.on('error', fail);
      request.on('close', () => {
        clearTimeout(connecting);
        clearTimeout(total);
        // A connection that closes in mid-body ends neither with 'end' nor with 'error' in every version of Node.
        reject(unusableOf(undefined, isConnected));
      });
      request.end(body);
    });
  }
}

interface Received extends Omit<VendorResponse, 'answer' | 'headers'> {
  headers: http.IncomingHttpHeaders;
  body: Buffer;
}

class Unusable extends Error {
  override readonly name = 'Unusable';
  readonly problem: UnusableProblem;

  constructor(problem: UnusableProblem) {
    super(problem);
    this.problem = problem;
  }
}

/** The one word for what ended a request: Node names what its HTTP parser refuses `HPE_…`. */
function unusableOf(error: Error | undefined, isConnected: boolean): Unusable {
  if (error instanceof Unusable) return error;
  const { code = '' } = (error ?? {}) as NodeJS.ErrnoException;
  if (code.startsWith('HPE_')) return new Unusable('bad-response');
  return new Unusable(isConnected ? 'cut-off' : 'no-connection');
}
