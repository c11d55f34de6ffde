import { type AccountCredits, type AccountLimits, readCredits, readLimits } from './account.ts';
import { type FiberClientOptions, fiberDefaults } from './fiber-client.ts';
import { VendorHttp } from './http/vendor-http.ts';
import { classify, isOfSandbox, type VendorResponse } from './http/vendor-response.ts';
import { textOf } from './reading/answer-text.ts';
import { hasTooManyParts } from './reading/json-text.ts';
import type { UnusableProblem } from './vendor-answer.ts';

export type AccountAnswer<Value> =
  | {
      kind: 'read';
      value: Value;
      /** The key is one of the vendor's sandbox: nothing is charged, and reveals are not played. */
      isSandbox: boolean;
    }
  | { kind: 'key-refused'; httpStatus?: number }
  | { kind: 'rate-limited'; retryAfterMs?: number }
  /** The key is one of the sandbox, which does not play this operation. */
  | { kind: 'sandbox' }
  | { kind: 'unusable'; problem: UnusableProblem; httpStatus?: number };

/** The vendor's free endpoints that say what an account may do and what it has left. The key goes into a header, never into an address. */
export class FiberAccount {
  readonly #http: VendorHttp;
  readonly #now: () => number;

  /** @throws Error if the address is none that the key may be sent to */
  constructor({ now, ...options }: FiberClientOptions) {
    this.#http = new VendorHttp({ ...fiberDefaults, ...options });
    this.#now = now;
  }

  limits(apiKey: string): Promise<AccountAnswer<AccountLimits>> {
    return this.#read(apiKey, '/v1/rate-limits', readLimits);
  }

  credits(apiKey: string): Promise<AccountAnswer<AccountCredits>> {
    return this.#read(apiKey, '/v1/get-org-credits', readCredits);
  }

  async #read<Value>(
    apiKey: string,
    path: string,
    read: (json: unknown) => Value | undefined,
  ): Promise<AccountAnswer<Value>> {
    // What cannot stand in a header is no key of the vendor's.
    if (!/^[\x21-\x7e]+$/.test(apiKey)) return { kind: 'key-refused' };
    const exchange = await this.#http.send({ method: 'GET', path, headers: { 'x-api-key': apiKey } });
    if (exchange.kind === 'broken') return { kind: 'unusable', problem: exchange.problem };
    return readAccount(exchange.response, read, this.#now());
  }
}

function readAccount<Value>(
  response: VendorResponse,
  read: (json: unknown) => Value | undefined,
  nowMs: number,
): AccountAnswer<Value> {
  const { httpStatus, headers, answer } = response;
  const isSandbox = isOfSandbox(headers);
  if (httpStatus === 501 && isSandbox) return { kind: 'sandbox' };
  if (httpStatus < 200 || httpStatus >= 300) {
    const error = classify(response, nowMs);
    if (error.kind === 'rate-limited') return error;
    if (error.kind === 'refused' && error.reason === 'key-refused') return { kind: 'key-refused', httpStatus };
    return { kind: 'unusable', problem: error.kind === 'unusable' ? error.problem : 'unexpected-status', httpStatus };
  }
  const text = textOf(answer);
  if (hasTooManyParts(text)) return { kind: 'unusable', problem: 'too-large', httpStatus };
  try {
    const value = read(JSON.parse(text));
    return value === undefined
      ? { kind: 'unusable', problem: 'not-an-answer', httpStatus }
      : { kind: 'read', value, isSandbox };
  } catch {
    return { kind: 'unusable', problem: 'not-json', httpStatus };
  }
}
