import { outOfCreditsAlert } from '../account/charges.ts';
import type { BrokenAnswer } from '../tasks/faults.ts';
import type { ErrorBody } from '../wire.ts';

/** What goes back to the client: JSON with a status, or one of the answers that break the rules. */
export type Reply =
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body: unknown }
  | {
      readonly broken: BrokenAnswer;
      /** The healthy answer that it spoils. */
      readonly body: unknown;
    };

const messages: Readonly<Record<number, string>> = {
  400: 'The request could not be understood',
  401: 'The API key is not valid',
  402: 'There are not enough credits for this',
  403: 'This key may not use this endpoint',
  404: 'The task does not exist or has expired',
  405: 'This path takes POST only',
  413: 'The body is too large',
  422: 'The request has an invalid field',
  429: 'Too many requests',
  500: 'Something went wrong on our side',
  503: 'The service is not available at the moment',
};

export function failure(status: number, message = messages[status] ?? `Status ${status}`): Reply {
  const body: ErrorBody = { message };
  return { status, body };
}

export function outOfCredits(availableCredits: number): Reply {
  const message = messages[402] ?? '';
  return { status: 402, body: { message, outOfCreditsAlert: outOfCreditsAlert(availableCredits) } satisfies ErrorBody };
}

/** `Retry-After` is in whole seconds of relay time, rounded up: the client's clock runs at the same speed. */
export function tooMany(retryAfterMs: number | undefined): Reply {
  const refused = { status: 429, body: { message: messages[429] ?? '' } satisfies ErrorBody };
  if (retryAfterMs === undefined) return refused;
  return { ...refused, headers: { 'retry-after': String(Math.max(1, Math.ceil(retryAfterMs / 1000))) } };
}
