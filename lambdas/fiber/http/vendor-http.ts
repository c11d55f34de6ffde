import * as http from 'node:http';
import * as https from 'node:https';
import { fiberAddress } from '../../contract.ts';
import type { UnusableProblem } from '../vendor-answer.ts';
import { decoded } from './content-coding.ts';
import { type Broken, begun, type Exchange, problemOf, rawAnswer, Unusable, type VendorRequest } from './exchange.ts';

/** Security policies and cookies fill more than Node's 16 KiB. What is larger than this is no answer. */
const maxHeaderBytes = 256 * 1024;

export interface VendorLimits {
  /** How long to wait for a connection, in milliseconds. */
  connectTimeoutMs: number;
  /** How long the whole request may take, in milliseconds, connecting and reading included. */
  totalTimeoutMs: number;
  /** An answer larger than this, as it comes or out of its coding, is not read on. */
  maxBodyBytes: number;
}

export interface VendorHttpOptions extends VendorLimits {
  /** The vendor's address: see `fiberAddress`. */
  baseUrl: string;
  /**
   * Where `HTTPS_PROXY` and `NO_PROXY` are looked up. Node releases before 24.5 know no proxy.
   * @default - none: the vendor is asked directly
   */
  proxyEnvironment?: Readonly<Record<string, string | undefined>> | undefined;
}

/**
 * The one way to the vendor: a request per call on a connection of its own, no retries, no redirects (they would carry the key elsewhere).
 * Never throws for what the vendor or the network does.
 *
 * The key travels in the request, so nothing made of the request is ever put in a message.
 */
export class VendorHttp {
  readonly #base: string;
  readonly #limits: VendorLimits;
  readonly #transport: typeof http | typeof https;
  readonly #agent: http.Agent;

  /** @throws Error if the address is none that the key may be sent to */
  constructor({ baseUrl, proxyEnvironment, ...limits }: VendorHttpOptions) {
    const base = fiberAddress(baseUrl);
    if (base === undefined) throw new Error('The address of the vendor is neither https nor on this machine.');
    this.#base = base;
    this.#limits = limits;
    const isPlain = base.startsWith('http:');
    this.#transport = isPlain ? http : https;
    this.#agent = new this.#transport.Agent({
      // A connection kept for later may be gone after a container was frozen, and the request with it.
      keepAlive: false,
      // A proxy would see the key in what is not encrypted, and what is not encrypted stays on this machine.
      ...(proxyEnvironment && !isPlain && { proxyEnv: { ...proxyEnvironment } }),
    });
  }

  async send(request: VendorRequest): Promise<Exchange> {
    const received = await this.#receive(request);
    if (received.kind === 'broken') return received;
    const { httpStatus, headers, body } = received;
    const bytes = decoded(body, headers['content-encoding'], this.#limits.maxBodyBytes);
    if (typeof bytes !== 'string') {
      return { kind: 'answered', response: { httpStatus, headers, answer: rawAnswer(bytes, headers) } };
    }
    return { kind: 'broken', problem: bytes, isConnected: true, isWhole: true, ...begun(httpStatus, headers, body) };
  }

  #receive({ method, path, headers = {}, body }: VendorRequest): Promise<Received | Broken> {
    const { connectTimeoutMs, totalTimeoutMs, maxBodyBytes } = this.#limits;
    return new Promise((resolve) => {
      let isConnected = false;
      let isAnswered = false;
      let received: http.IncomingMessage | undefined;
      const chunks: Buffer[] = [];
      const fail = (error?: Error) => {
        const problem = problemOf(error, isConnected);
        const came = received && begun(received.statusCode ?? 0, received.headers, Buffer.concat(chunks));
        resolve({ kind: 'broken', problem, isConnected, isWhole: false, ...came });
      };
      const request = this.#open(new URL(this.#base + path), method, headers, body);
      if (!request) return fail();
      const giveUp = (problem: UnusableProblem) => request.destroy(new Unusable(problem));
      const connecting = setTimeout(() => giveUp('no-connection'), connectTimeoutMs);
      const total = setTimeout(() => giveUp('timed-out'), totalTimeoutMs);
      const connected = () => {
        isConnected = true;
        clearTimeout(connecting);
      };
      /** A body that is whole is an answer, whatever comes after it on the connection. */
      const failed = (error: Error) => {
        if (error instanceof Unusable || !received?.complete) fail(error);
      };

      request.on('socket', (socket) => {
        if (!socket.connecting) connected();
        else socket.once(this.#transport === https ? 'secureConnect' : 'connect', connected);
      });
      request.on('response', (response) => {
        received = response;
        let bytes = 0;
        response.on('data', (chunk: Buffer) => {
          bytes += chunk.length;
          if (bytes > maxBodyBytes) giveUp('too-large');
          else chunks.push(chunk);
        });
        response.on('end', () => {
          isAnswered = true;
          const { statusCode: httpStatus = 0, headers } = response;
          resolve({ kind: 'received', httpStatus, headers, body: Buffer.concat(chunks) });
        });
        response.on('error', failed);
      });
      request.on('error', failed);
      request.on('close', () => {
        clearTimeout(connecting);
        clearTimeout(total);
        // A connection that closes in mid-body ends neither with 'end' nor with 'error' in every version of Node.
        if (!isAnswered) fail();
      });
      request.end(body);
    });
  }

  /** Undefined for what cannot be written as a request, such as a header with a line break in it. */
  #open(url: URL, method: string, headers: VendorRequest['headers'], body?: string): http.ClientRequest | undefined {
    try {
      return this.#transport.request(url, {
        method,
        agent: this.#agent,
        maxHeaderSize: maxHeaderBytes,
        headers: {
          ...headers,
          ...(body !== undefined && {
            'content-type': 'application/json',
            'content-length': Buffer.byteLength(body),
          }),
          accept: 'application/json',
          'accept-encoding': 'identity',
          'user-agent': 'reveal-relay',
        },
      });
    } catch {
      return undefined;
    }
  }
}

interface Received {
  kind: 'received';
  httpStatus: number;
  headers: http.IncomingHttpHeaders;
  body: Buffer;
}
