import { operations, type Reveal } from './api-types.ts';
import type { RelayAnswer } from './connection.ts';
import { RevealRelayProblem, RevealRelayUnreachable, RevealWaitTimedOut } from './errors.ts';
import { pathOf } from './path.ts';
import { isPassing } from './repeating.ts';

/** How long to wait for the end of a reveal. */
export interface WaitOptions {
  /**
   * Milliseconds after which to give up, with `RevealWaitTimedOut`. The reveal goes on.
   * @default - none: the relay ends every reveal by itself, at the latest after its `maxWait`
   */
  readonly timeoutMs?: number | undefined;

  /**
   * Milliseconds for which the API may be away: not reached, 429, 502, 503 or 504.
   * @default 120000
   */
  readonly outageMs?: number | undefined;

  /** Gives up waiting: the reveal goes on. @default - none */
  readonly signal?: AbortSignal | undefined;

  /**
   * Is told of each answer while the reveal runs.
   * @default - nobody is told
   */
  readonly onProgress?: ((reveal: Reveal) => void) | undefined;

  /**
   * Also show the e-mail addresses that failed the vendor's validation.
   * @default - the good ones alone
   */
  readonly include?: 'lowQualityEmails' | undefined;
}

/** What waiting stands on. */
export interface Waiting {
  /** Sends a `GET` once. @throws as `send` does */
  readonly ask: (path: string, timeoutMs: number, signal: AbortSignal | undefined) => Promise<RelayAnswer>;
  /** @throws RevealRelayProblem for all but a 2xx */
  readonly read: (answer: RelayAnswer) => Reveal;
  readonly now: () => number;
  readonly sleep: (milliseconds: number, signal?: AbortSignal) => Promise<unknown>;
  /** Whether the relay answers when a reveal has ended. One of an earlier version refuses to be asked for that. */
  readonly relay: { knowsWait: boolean };
}

type Came = { readonly retryAfter: number | undefined } & (
  | { readonly reveal: Reveal }
  | { readonly error: RevealRelayProblem | RevealRelayUnreachable }
);

/** Seconds that an answer may be waited for: API Gateway gives up after 30. */
const longPoll = 25;
/** Milliseconds between two questions where the relay does not say, and where it does. */
const pauses = { first: 1_000, growth: 1.5, longest: 5_000 } as const;
const asked = { shortest: 200, longest: 60_000 } as const;

/** Waits until a reveal has ended: see `RevealRelayClient.waitFor`. */
export async function waitFor(revealId: string, options: WaitOptions, waiting: Waiting): Promise<Reveal> {
  const { timeoutMs = Number.POSITIVE_INFINITY, outageMs = 120_000, signal, onProgress, include } = options;
  const { now, sleep, relay } = waiting;
  const deadline = now() + timeoutMs;
  let pauseMs: number = pauses.first;
  let awaySince: number | undefined;

  for (;;) {
    const left = deadline - now();
    const wait = relay.knowsWait ? Math.min(longPoll, Math.floor(left / 1_000)) : 0;
    const query = { ...(include && { include }), ...(wait > 0 && { wait: String(wait) }) };
    const path = pathOf(operations.getReveal.path, { id: revealId }, query);
    const askedAt = now();
    const came = await ask(path, left);
    if ('reveal' in came) {
      if (came.reveal.status !== 'running') return came.reveal;
      awaySince = undefined;
      onProgress?.(came.reveal);
    } else if (wait > 0 && 'status' in came.error && (came.error.status === 400 || came.error.status === 422)) {
      relay.knowsWait = false;
      continue;
    } else {
      awaySince ??= askedAt;
      if (!isOutage(came.error) || now() - awaySince > outageMs) throw came.error;
    }
    const wanted = came.retryAfter === undefined ? pauseMs : clamp(came.retryAfter * 1_000, asked);
    pauseMs = Math.min(pauseMs * pauses.growth, pauses.longest);
    const rest = deadline - now();
    if (rest <= 0) throw new RevealWaitTimedOut(revealId, timeoutMs);
    await sleep(Math.min(wanted, rest), signal);
  }

  async function ask(path: string, left: number): Promise<Came> {
    try {
      const answer = await waiting.ask(path, Math.max(left, pauses.first), signal);
      return { reveal: waiting.read(answer), retryAfter: answer.retryAfter };
    } catch (error) {
      if (signal?.aborted || !(error instanceof RevealRelayProblem || error instanceof RevealRelayUnreachable))
        throw error;
      return { error, retryAfter: 'retryAfter' in error ? error.retryAfter : undefined };
    }
  }
}

const isOutage = (error: RevealRelayProblem | RevealRelayUnreachable) =>
  error instanceof RevealRelayUnreachable || isPassing(error.status);

const clamp = (value: number, { shortest, longest }: { shortest: number; longest: number }) =>
  Math.min(Math.max(value, shortest), longest);
