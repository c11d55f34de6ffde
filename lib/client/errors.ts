import type { Problem } from './api-types.ts';

/**
 * What the client throws, but for a signal of the caller's that aborts. Two copies of a package can be in one app: tell errors apart by `name`.
 * None holds contact data or credentials.
 */
export abstract class RevealRelayError extends Error {}

/** The API has said no, and why. `type` is stable: docs/problems.md describes each. API Gateway's own refusals have none. */
export class RevealRelayProblem extends RevealRelayError {
  override readonly name = 'RevealRelayProblem';
  /** Of HTTP. */
  readonly status: number;
  /** Such as `/problems/no-such-reveal`. */
  readonly type: string | undefined;
  /** What to do. */
  readonly title: string;
  /** More of it, about this request. */
  readonly detail: string | undefined;
  /** The reveal that it is about, where one is there already. */
  readonly revealId: string | undefined;
  /** The answer as it came. */
  readonly body: Partial<Problem> & Readonly<Record<string, unknown>>;
  /** Seconds after which the API wants to be asked again, where it says so. */
  readonly retryAfter: number | undefined;

  constructor(status: number, body: RevealRelayProblem['body'], retryAfter?: number) {
    const { type, title = textOr(body.message, 'The API did not say why.'), detail, revealId } = body;
    super([`${status}: ${title}`, detail].filter(Boolean).join(' '));
    this.status = status;
    this.type = type;
    this.title = title;
    this.detail = detail;
    this.revealId = revealId;
    this.body = body;
    this.retryAfter = retryAfter;
  }
}

/** Nobody has answered, or not to the end. Whether the request has arrived is not known. */
export class RevealRelayUnreachable extends RevealRelayError {
  override readonly name = 'RevealRelayUnreachable';
}

/** Somebody has answered who cannot be the relay: a page, or a redirect, which is not followed, as credentials would go with it. */
export class RevealRelayUnexpectedAnswer extends RevealRelayError {
  override readonly name = 'RevealRelayUnexpectedAnswer';
  /** Of HTTP. */
  readonly status: number;

  constructor(message: string, status: number) {
    super(message);
    this.status = status;
  }
}

/** There are no credentials to sign with, or no token. Nothing was sent. */
export class RevealRelayAccessError extends RevealRelayError {
  override readonly name = 'RevealRelayAccessError';
}

/** The reveal has not ended in the time that `waitFor` was given. It goes on, and can be waited for again. */
export class RevealWaitTimedOut extends RevealRelayError {
  override readonly name = 'RevealWaitTimedOut';
  /** Whose end was waited for. */
  readonly revealId: string;
  /** Milliseconds that it was waited for. */
  readonly timeoutMs: number;

  constructor(revealId: string, timeoutMs: number) {
    super(`${revealId} has not ended within ${timeoutMs} ms: it goes on, wait for it again.`);
    this.revealId = revealId;
    this.timeoutMs = timeoutMs;
  }
}

const textOr = (value: unknown, otherwise: string) => (typeof value === 'string' ? value : otherwise);
