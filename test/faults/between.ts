import { Agent, createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { ServiceAddress } from '../../local/deployment.ts';
import { listenOnLoopback, readBody, stopListening } from '../../local/services/loopback.ts';
import { type Call, operationOf } from './calls.ts';
import { type ArmedFault, type Fault, meets, type Said } from './fault.ts';
import { refusalOf } from './refusals.ts';

const largestRequest = 16 * 1024 * 1024;
/** Each has a port of its own to the vendor: those requests say nothing of who makes them. */
const holdersOfTheKey = ['Poll', 'StartTask', 'Sweep'] as const;
type HolderOfTheKey = (typeof holdersOfTheKey)[number];

interface Watching {
  /** Ends a handler in the middle of what it does. */
  readonly kill: (handler: string) => Promise<void>;
  /** Told of every call that a service has answered with 200, whether or not the answer gets through. */
  readonly onDone: (call: Call) => void;
  /** Told how much of an answer of the vendor a handler has read, about. */
  readonly onStreamed: (call: Call, bytes: number) => void;
  /** What an answer of the vendor is replaced by; nothing if it is to go through byte by byte, as it comes. */
  readonly rewrite: (call: Call, status: number) => ((body: string) => string) | undefined;
}

/** Stands between the handlers and all that they call, over real HTTP: the real SDK clients meet what happens here. */
export class Between {
  readonly #watching: Watching;
  readonly #targets = new Map<string, string>();
  readonly #agent = new Agent({ keepAlive: true });
  readonly #aws: Server;
  readonly #fiber = new Map<string, Server>();
  readonly #urls = new Map<string, string>();
  #armed: ArmedFault[] = [];

  static async start(watching: Watching): Promise<Between> {
    const between = new Between(watching);
    between.#urls.set('aws', await listenOnLoopback(between.#aws));
    for (const [handler, server] of between.#fiber) between.#urls.set(handler, await listenOnLoopback(server));
    return between;
  }

  private constructor(watching: Watching) {
    this.#watching = watching;
    this.#aws = createServer((incoming, response) => this.#receive(incoming, response));
    for (const handler of holdersOfTheKey) {
      this.#fiber.set(
        handler,
        createServer((incoming, response) => this.#receive(incoming, response, handler)),
      );
    }
  }

  /** The address at which a handler finds a service: ours. */
  readonly through = ({ service, url, handler }: ServiceAddress): string => {
    const name = handler.split('/').at(-1) ?? handler;
    this.#targets.set(`/${name}/${service}`, url);
    return service === 'fiber' ? (this.#urls.get(name) ?? url) : `${this.#urls.get('aws')}/${name}/${service}`;
  };

  /** From now on these happen, and no others. */
  arm(faults: readonly Fault[]): void {
    this.#armed = faults.map((fault) => ({ ...fault, seen: 0, met: 0 }));
  }

  /** Ends all faults. @returns those that nothing has met */
  disarm(): Fault[] {
    const unmet = this.#armed.filter(({ met }) => met === 0);
    this.#armed = [];
    return unmet;
  }

  /** Nobody listens at the vendor's address any more, until the function returned is called. */
  async refuseConnections(handler: HolderOfTheKey = 'Poll'): Promise<() => Promise<void>> {
    const server = this.#fiber.get(handler) as Server;
    await stopListening(server);
    return async () => {
      await listenOnLoopback(server, Number(new URL(this.#urls.get(handler) ?? '').port));
    };
  }

  async close(): Promise<void> {
    this.#agent.destroy();
    for (const server of [this.#aws, ...this.#fiber.values()]) if (server.listening) await stopListening(server);
  }

  async #receive(incoming: IncomingMessage, response: ServerResponse, caller?: string): Promise<void> {
    const body = (await readBody(incoming, largestRequest))?.toString();
    if (body === undefined) return;
    const [, handler = '', service = ''] = caller ? ['', caller, 'fiber'] : (incoming.url ?? '').split('/');
    const operation = service === 'fiber' ? vendorOperation(incoming.url) : operationOf(incoming.headers, body);
    const call: Call = { handler, operation, body };
    const how = this.#armed.find((fault) => meets(fault, call))?.how;

    const refusal = refusalOf(how, body);
    if (refusal) {
      response.writeHead(refusal.status, { 'content-type': 'application/x-amz-json-1.1' }).end(refusal.body);
      return;
    }
    if (how === 'killed before') await this.#watching.kill(handler);
    if (how === 'killed before' || how === 'reset') return void response.socket?.resetAndDestroy();
    if (typeof how === 'object' && 'before' in how) await how.before(call);
    if (typeof how === 'object' && 'says' in how) await how.first?.();
    if (typeof how === 'object' && 'says' in how && !how.charged) return say(how.says, call, response);
    const url = this.#targets.get(`/${handler}/${service}`) + (service === 'fiber' ? (incoming.url ?? '') : '/');
    await this.#forward(url, incoming, call, response, how).catch(() => response.socket?.resetAndDestroy());
  }

  async #forward(
    url: string,
    incoming: IncomingMessage,
    call: Call,
    response: ServerResponse,
    how: Fault['how'] | undefined,
  ): Promise<void> {
    const isVendor = call.operation.startsWith('vendor.');
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const { method, headers } = incoming;
      // What the vendor does to a connection is the point: each has its own.
      const outgoing = request(url, { method, headers, agent: isVendor ? false : this.#agent });
      response.once('close', () => outgoing.destroy());
      outgoing.once('response', resolve).once('error', reject).end(call.body);
    });
    const { statusCode: status = 0, headers } = answer;
    const rewrite = isVendor ? this.#watching.rewrite(call, status) : undefined;
    if (isVendor && !rewrite && how === undefined) {
      const { socket } = response;
      const before = socket?.bytesWritten ?? 0;
      response.writeHead(status, headers);
      await pipeline(answer, response).finally(() =>
        this.#watching.onStreamed(call, (socket?.bytesWritten ?? 0) - before),
      );
      return;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of answer) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString();
    if (status === 200) this.#watching.onDone(call);
    if (typeof how === 'object' && 'after' in how) await how.after(call);
    if (typeof how === 'object' && 'says' in how) return say(how.says, call, response);
    if (how === 'killed after') await this.#watching.kill(call.handler);
    if (how === 'killed after' || how === 'lost') return void response.socket?.resetAndDestroy();
    const body = rewrite ? rewrite(text) : text;
    const { 'transfer-encoding': _, ...whole } = headers;
    response.writeHead(status, { ...whole, 'content-length': Buffer.byteLength(body) }).end(body);
  }
}

const vendorOperation = (path = '') => (path.endsWith('/start') ? 'vendor.start' : 'vendor.poll');

function say({ status, headers, body = () => '', isCutOff }: Said, call: Call, response: ServerResponse): void {
  // Until the client gives up.
  if (status === 0) return;
  const bytes = Buffer.from(body(call.body));
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    ...headers,
    'content-length': bytes.length,
  });
  if (!isCutOff) response.end(bytes);
  else response.write(bytes.subarray(0, bytes.length / 2), () => response.socket?.resetAndDestroy());
}
