import { setTimeout as sleepFor } from 'node:timers/promises';
import {
  type BatchAnswer,
  type CancelMany,
  type EraseMany,
  type List,
  type ListedReveal,
  type ListResults,
  type ManyDone,
  type Operations,
  operations,
  type ResumeList,
  type ResumeMany,
  type ResumeReveal,
  type Reveal,
  type RevealPage,
  type StartBatch,
  type StartReveal,
  type Starts,
} from './api-types.ts';
import { accessOf, type RevealRelayClientProps } from './client-props.ts';
import { type Connection, type JsonObject, jsonOf, type RelayAnswer, type RelayRequest, send } from './connection.ts';
import { RevealRelayError, RevealRelayProblem } from './errors.ts';
import { counted, doneToAll, type ManyOptions } from './many.ts';
import { pathOf } from './path.ts';
import { type Came, isRepeatable, pauseBeforeNext } from './repeating.ts';
import { type WaitOptions, waitFor } from './waiting.ts';

/** The operations of the API, as docs/openapi.json calls them. */
export type OperationName = keyof Operations;
/** What an operation takes: `path`, `query`, `header` and `body`, each where it has one. */
export type InputOf<Name extends OperationName> = Omit<Operations[Name], 'answer'>;

/** What every call takes. */
export interface CallOptions {
  /** Gives the call up, which then throws the signal's reason. @default - none */
  readonly signal?: AbortSignal | undefined;
}
/** What calls take that may start a reveal. */
export interface StartOptions extends CallOptions {
  /**
   * Your own name for what is asked for: under the same key it is paid for once. Needed with `maxAge: 0` and with `maxCredits`.
   * @default - none
   */
  readonly idempotencyKey?: string | undefined;
}

/** A reveal as it is, and whether this request has started it, or another generation of it. */
export interface Started {
  /** False where it was there already. */
  readonly started: boolean;
  /** As of this moment. */
  readonly reveal: Reveal;
}

type ListQuery = Omit<NonNullable<Operations['listReveals']['query']>, 'cursor'>;

/**
 * A client of a relay's HTTP API.
 *
 * Every method throws a {@link RevealRelayError} where it does not succeed. What may be sent twice without harm is sent again when nobody answers.
 */
export class RevealRelayClient {
  readonly #connection: Connection;
  readonly #attempts: number;
  readonly #sleep: (milliseconds: number, signal?: AbortSignal) => Promise<unknown>;
  readonly #random: () => number;
  readonly #relay = { knowsWait: true };

  /** @throws TypeError where no request could get in like that */
  constructor(props: RevealRelayClientProps) {
    const { attempts = 3, requestTimeoutMs = 35_000, now = Date.now, random = Math.random } = props;
    // Looked up for each request: tools for tests put another one in its place.
    const fetch = props.fetch ?? ((...given) => globalThis.fetch(...given));
    this.#connection = { access: accessOf(props), fetch, now, requestTimeoutMs };
    this.#attempts = attempts;
    this.#sleep = props.sleep ?? ((milliseconds, signal) => sleepFor(milliseconds, undefined, signal && { signal }));
    this.#random = random;
  }

  /**
   * Starts a reveal of a person or a task, or attaches to it. A person's task is started at the vendor, which costs credits, unless there is a result that is
   * young enough.
   */
  async start(wanted: StartReveal, { idempotencyKey, signal }: StartOptions = {}): Promise<Started> {
    return startedIn(await this.#answer('startReveal', { body: wanted, header: keyed(idempotencyKey) }, signal));
  }

  /** Starts up to 1,000 reveals. Each has a status of its own, in the order of the request. */
  startBatch(batch: StartBatch, { idempotencyKey, ...options }: StartOptions = {}): Promise<BatchAnswer> {
    return this.call('startBatch', { body: batch, header: keyed(idempotencyKey) }, options);
  }

  /** A reveal as of this moment, with its result if it has completed. */
  get(id: string, { include, ...options }: CallOptions & Pick<WaitOptions, 'include'> = {}): Promise<Reveal> {
    return this.call('getReveal', { path: { id }, ...(include && { query: { include } }) }, options);
  }

  /**
   * Waits until a reveal has ended, however: look at its `status`. The relay answers as soon as it has, and says when to ask again otherwise.
   *
   * @throws RevealWaitTimedOut after `timeoutMs`
   */
  waitFor(id: string, options: WaitOptions = {}): Promise<Reveal> {
    return waitFor(id, options, {
      ask: (path, timeoutMs, signal) => send(this.#connection, { method: 'GET', path, timeoutMs, signal }),
      read: (answer) => this.#read(answer) as unknown as Reveal,
      now: this.#connection.now,
      sleep: this.#sleep,
      relay: this.#relay,
    });
  }

  /** All reveals, newest first, without contact data: page after page, as they are asked for. */
  async *list(query: ListQuery = {}, options: CallOptions = {}): AsyncGenerator<ListedReveal, void, undefined> {
    let cursor: string | undefined;
    do {
      const page: RevealPage = await this.listPage({ ...query, ...(cursor !== undefined && { cursor }) }, options);
      yield* page.reveals;
      cursor = page.cursor;
    } while (cursor !== undefined);
  }

  /** One page of them. It may be shorter than the limit and still have a cursor. */
  listPage(query: Operations['listReveals']['query'] = {}, options: CallOptions = {}): Promise<RevealPage> {
    return this.call('listReveals', { query }, options);
  }

  /** How the reveals of a list stand, and what they have cost: all of them, a thousand in each request. */
  getList(name: string, options: CallOptions = {}): Promise<List> {
    return counted((cursor) => this.call('getList', { path: { name }, query: { cursor } }, options));
  }

  /** What a list has led to, in the order in which its reveals were put into it, with contact data: page after page, as they are asked for. */
  async *results(
    list: string,
    query: Pick<WaitOptions, 'include'> & { readonly limit?: number } = {},
    options: CallOptions = {},
  ): AsyncGenerator<ListResults['results'][number], void, undefined> {
    let cursor: string | undefined;
    do {
      const page = await this.call(
        'getListResults',
        {
          path: { name: list },
          query: {
            ...(query.include && { include: query.include }),
            ...(query.limit && { limit: query.limit }),
            ...(cursor !== undefined && { cursor }),
          },
        },
        options,
      );
      yield* page.results;
      cursor = page.cursor;
    } while (cursor !== undefined);
  }

  /** Nobody asks the vendor any more. What it has begun goes on there, and is paid. */
  cancel(id: string, options: CallOptions = {}): Promise<Reveal> {
    return this.call('cancelReveal', { path: { id } }, options);
  }

  /** Starts over a reveal that ended without a result. Is not sent again by itself. */
  async resume(id: string, decision: ResumeReveal = {}, { signal }: CallOptions = {}): Promise<Started> {
    return startedIn(await this.#answer('resumeReveal', { path: { id }, body: decision }, signal));
  }

  /** The vendor's answer, byte for byte. It holds contact data. */
  answer(id: string, options: CallOptions = {}): Promise<Uint8Array> {
    return this.call('getAnswer', { path: { id } }, options);
  }

  /** Reads the vendor's answer again, for after an update of the relay that reads more. */
  reread(id: string, options: CallOptions = {}): Promise<Reveal> {
    return this.call('rereadReveal', { path: { id } }, options);
  }

  /** Erases the contact data of a reveal for good. A running one is cancelled first. */
  erase(id: string, options: CallOptions = {}): Promise<Reveal> {
    return this.call('eraseReveal', { path: { id } }, options);
  }

  /** The same by the person, in any spelling of the profile. */
  eraseProfile(linkedinUrl: string, options: CallOptions = {}): Promise<Reveal> {
    return this.call('erasePerson', { body: { linkedinUrl } }, options);
  }

  /** Cancels the reveals of a list that run, request after request until none is left. `refused` are those that stay as they were, each with its problem. */
  cancelList(name: string, options: ManyOptions = {}): Promise<ManyDone> {
    return doneToAll((more) => this.call('cancelList', { path: { name }, body: more }, options), options);
  }

  /** Starts over those of a list that ended without a result: what costs nothing, and with `startTasks` the rest. A request that nobody answers is not sent again. */
  resumeList(name: string, decision: Omit<ResumeList, 'cursor'> = {}, options: ManyOptions = {}): Promise<ManyDone> {
    const resume = (more: object) =>
      this.call('resumeList', { path: { name }, body: { ...decision, ...more } }, options);
    return doneToAll(resume, options);
  }

  /** Erases the contact data of a list for good, in other lists as well. */
  eraseList(name: string, options: ManyOptions = {}): Promise<ManyDone> {
    return doneToAll((more) => this.call('eraseList', { path: { name }, body: more }, options), options);
  }

  /** Cancels all reveals that run, or those that were started `since`, as `cancelList` does. */
  cancelReveals(which: Omit<CancelMany, 'cursor'> = {}, options: ManyOptions = {}): Promise<ManyDone> {
    return doneToAll((more) => this.call('cancelReveals', { body: { ...which, ...more } }, options), options);
  }

  /** Starts over the reveals that ended in one way, as `resumeList` does. */
  resumeReveals(which: Omit<ResumeMany, 'cursor'>, options: ManyOptions = {}): Promise<ManyDone> {
    return doneToAll((more) => this.call('resumeReveals', { body: { ...which, ...more } }, options), options);
  }

  /** Erases the contact data of all reveals of a `status`, of those that were started `since`, or of both: one must be given. */
  eraseReveals(which: Omit<EraseMany, 'cursor'>, options: ManyOptions = {}): Promise<ManyDone> {
    return doneToAll((more) => this.call('eraseReveals', { body: { ...which, ...more } }, options), options);
  }

  /** Whether tasks are started, and what they have cost today. */
  starts(options: CallOptions = {}): Promise<Starts> {
    return this.call('getStarts', {}, options);
  }

  /** Puts on the brake: nothing is paid for any more. */
  pauseStarts(options: CallOptions = {}): Promise<Starts> {
    return this.call('pauseStarts', {}, options);
  }

  /** Lets go of it. */
  letStartsGo(options: CallOptions = {}): Promise<Starts> {
    return this.call('letStartsGo', {}, options);
  }

  /** Any operation of the API by its `operationId`, as docs/openapi.json describes it. */
  async call<Name extends OperationName>(
    operation: Name,
    input: InputOf<Name>,
    { signal }: CallOptions = {},
  ): Promise<Operations[Name]['answer']> {
    return (await this.#answer(operation, input, signal)).value as Operations[Name]['answer'];
  }

  /** Sends one request, once, and hands on what the API answers, a problem or not. */
  async send(request: RelayRequest): Promise<{ readonly status: number; readonly body: JsonObject }> {
    const answer = await send(this.#connection, request);
    return { status: answer.status, body: jsonOf(answer, this.#connection.access.url) };
  }

  async #answer(operation: OperationName, input: Input, signal: AbortSignal | undefined) {
    const { method, path } = operations[operation];
    const { query = {}, header, body } = input;
    const target = pathOf(path, input.path, defined(query));
    const request = {
      method,
      path: target,
      headers: defined(header ?? {}),
      body,
      signal,
    };
    const answer = await this.#sendUntilAnswered(request, isRepeatable(operation, method));
    const isBytes = 'bytes' in operations[operation] && answer.status < 300;
    const value = isBytes ? answer.bytes : this.#read(answer);
    return { status: answer.status, value };
  }

  async #sendUntilAnswered(request: RelayRequest, mayArriveTwice: boolean): Promise<RelayAnswer> {
    for (let sent = 1; ; sent += 1) {
      const came = await send(this.#connection, request).then(
        (answer): Came => ({ answer }),
        (error: unknown): Came => {
          if (error instanceof RevealRelayError) return { error };
          throw error;
        },
      );
      const isHarmless = mayArriveTwice || ('answer' in came && hasDoneNothing(came.answer));
      const pauseMs = sent < this.#attempts ? pauseBeforeNext(came, sent, isHarmless, this.#random) : undefined;
      if (pauseMs === undefined) {
        if ('error' in came) throw came.error;
        return came.answer;
      }
      await this.#sleep(pauseMs, request.signal);
    }
  }

  #read(answer: RelayAnswer): JsonObject {
    const body = jsonOf(answer, this.#connection.access.url);
    if (answer.status >= 200 && answer.status < 300) return body;
    throw new RevealRelayProblem(answer.status, body, answer.retryAfter);
  }
}

interface Input {
  readonly path?: Readonly<Record<string, unknown>>;
  readonly query?: object | undefined;
  readonly header?: object | undefined;
  readonly body?: object | undefined;
}

const keyed = (key: string | undefined) => (key === undefined ? {} : { 'Idempotency-Key': key });

/** What API Gateway has turned away, or the relay calls harmless: "Send the same request again". */
function hasDoneNothing({ status, bytes }: RelayAnswer): boolean {
  return status === 429 || (status === 503 && new TextDecoder().decode(bytes).includes('"/problems/try-again"'));
}

function startedIn({ status, value }: { status: number; value: unknown }): Started {
  return { started: status === 202, reveal: value as Reveal };
}

function defined(fields: object): Record<string, string> {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given.map(([name, value]) => [name, String(value)]));
}
