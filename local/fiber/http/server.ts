import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { LimitOptions } from '../account/accounts.ts';
import { answerAccount } from '../account.ts';
import { contactsOfTask } from '../answers.ts';
import { vendorClock } from '../clock.ts';
import { answerPoll, type SeenPoll } from '../poll.ts';
import type { Random } from '../random.ts';
import { answerStart, type PaidTask } from '../start.ts';
import type { Contacts } from '../tasks/contacts.ts';
import { type DurationSampler, mix } from '../tasks/durations.ts';
import type { ScenarioName } from '../tasks/scenarios.ts';
import type { NewTask } from '../tasks/tasks.ts';
import { openVendor, type Statement, type Stats, statsOf, type Vendor } from '../vendor.ts';
import { send, type Wait } from './playback.ts';
import { failure, type Reply } from './reply.ts';

export interface StandInFiberOptions {
  /** The valid key, or several, each with its own rate limit and credits. */
  readonly apiKey: string | readonly string[];
  /** @default 0, any free port */
  readonly port?: number;
  /** Relay time in milliseconds since 1970; every duration and window is measured with it. @default the wall clock */
  readonly now?: () => number;
  /** Waits in relay time; only the `slow-body` fault waits. @default real time */
  readonly wait?: Wait;
  /** Ids and durations are drawn from it; give it a seed for the same ones again. @default Math.random */
  readonly random?: Random;
  readonly limit?: LimitOptions;
  /** Credits of each account. @default 100_000 */
  readonly credits?: number;
  /** What credits and prices are stated in. @default 'credits' */
  readonly statement?: Statement;
  /** How long ordinary tasks take. @default mix */
  readonly ordinaryDuration?: DurationSampler;
  /** Told of every poll just before it is answered. */
  readonly onPoll?: (poll: SeenPoll) => void;
  /** Told of every task that was paid for, just before the start is answered. */
  readonly onCharge?: (paid: PaidTask) => void;
}

/** What a caller may know about a task that it added. */
export interface AddedTask {
  readonly taskId: string;
  readonly scenario: ScenarioName;
  /** Milliseconds of relay time; Infinity when it never ends. */
  readonly durationMs: number;
  /** What it will reveal. */
  readonly contacts: Contacts;
}

/**
 * A server on loopback that behaves as the vendor's contract says:
 * `POST /v1/contact-details/exhaustive/poll` and `…/start`, the free endpoints of an account, and beside them `GET /_stand-in/stats` for
 * whoever runs it.
 */
export class StandInFiber {
  /** `http://127.0.0.1:PORT`, without a slash at the end. */
  readonly url: string;
  readonly #server: Server;
  readonly #vendor: Vendor;
  readonly #now: () => number;

  private constructor(server: Server, vendor: Vendor, now: () => number) {
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    this.#server = server;
    this.#vendor = vendor;
    this.#now = now;
  }

  static async listen(options: StandInFiberOptions): Promise<StandInFiber> {
    const { apiKey, port = 0, limit = {}, credits = 100_000, statement = 'credits' } = options;
    const { random = Math.random, ordinaryDuration = mix } = options;
    const clock = vendorClock();
    const { now = clock.now, wait = clock.wait, onPoll = () => {}, onCharge = () => {} } = options;
    const vendor = openVendor({ apiKey, limit, credits, statement, random, ordinaryDuration });
    const server = createServer((request, response) => {
      answer(vendor, request, now, { onPoll, onCharge })
        .catch((error: unknown): Reply => failure(500, `The stand-in itself failed: ${error}`))
        .then((reply) => reply && send(reply, response, wait))
        .catch(() => response.destroy());
    });
    // A client that keeps connections open must not meet one that the server is just giving up.
    server.keepAliveTimeout = 65_000;
    await new Promise<void>((listening, failed) => {
      server.once('error', failed).listen(port, '127.0.0.1', listening);
    });
    return new StandInFiber(server, vendor, now);
  }

  stats(): Stats {
    return statsOf(this.#vendor);
  }

  /** Its age counts from now on. */
  addTask(task: NewTask = {}): AddedTask {
    const added = this.#vendor.tasks.add(task, this.#now());
    const { taskId, scenarioName: scenario, durationMs } = added;
    return { taskId, scenario, durationMs, contacts: contactsOfTask(added) };
  }

  /** Exactly these keys are valid from now on; all others get 401. */
  setKeys(...keys: string[]): void {
    this.#vendor.accounts.setKeys(keys);
  }

  /** Of one key, or of all that are valid now. With 0 or less, polls and starts get 402. */
  setCredits(credits: number, key?: string): void {
    this.#vendor.accounts.setCredits(credits, key);
  }

  /** Ends every connection, hanging ones too. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
    this.#server.closeAllConnections();
    await closed;
  }
}

const folder = '/v1/contact-details/exhaustive';

async function answer(
  vendor: Vendor,
  request: IncomingMessage,
  now: () => number,
  { onPoll, onCharge }: Required<Pick<StandInFiberOptions, 'onPoll' | 'onCharge'>>,
): Promise<Reply | undefined> {
  const path = (request.url ?? '').split('?')[0];
  if (path === '/_stand-in/stats' && request.method === 'GET') return { status: 200, body: statsOf(vendor) };
  const ofAccount = answerAccount(vendor, request, now());
  if (ofAccount) return ofAccount;
  if (path !== `${folder}/poll` && path !== `${folder}/start`) return failure(404, 'There is nothing at this path');
  if (request.method !== 'POST') return { ...failure(405), headers: { allow: 'POST' } };
  const body = await readBody(request).catch(() => undefined);
  // The client left in the middle of its own request.
  if (body === undefined) return undefined;
  if (body === 'too large') return { ...failure(413), headers: { connection: 'close' } };
  if (path === `${folder}/start`) return answerStart(vendor, body, now(), onCharge);
  const { reply, seen } = answerPoll(vendor, body, now());
  onPoll(seen);
  return reply;
}

const largestRequestBytes = 1024 * 1024;

/** Reads to the end even when it is too much, since a client that is still sending would not see the answer. */
async function readBody(request: IncomingMessage): Promise<Uint8Array | 'too large'> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= largestRequestBytes) chunks.push(chunk);
  }
  return bytes > largestRequestBytes ? 'too large' : Buffer.concat(chunks);
}
