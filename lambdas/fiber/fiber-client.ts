import { VendorHttp, type VendorHttpOptions, type VendorLimits } from './http/vendor-http.ts';
import { classify } from './http/vendor-response.ts';
import type { PollAnswer } from './vendor-answer.ts';

/** The client's limits where none are given. The handler's own timeout has to leave room for a whole request. */
export const fiberDefaults = {
  connectTimeoutMs: 3_000,
  totalTimeoutMs: 12_000,
  maxBodyBytes: 4 * 1024 * 1024,
} as const satisfies VendorLimits;

export interface FiberClientOptions extends Omit<VendorHttpOptions, keyof VendorLimits>, Partial<VendorLimits> {
  /** Unix milliseconds, for a Retry-After given as a date. */
  now: () => number;
}

/** The vendor's poll endpoint, with an answer for everything that can happen to the request. */
export class FiberClient {
  readonly #http: VendorHttp;
  readonly #now: () => number;

  /** @throws Error if the address is none that the key may be sent to */
  constructor({ now, ...options }: FiberClientOptions) {
    this.#http = new VendorHttp({ ...fiberDefaults, ...options });
    this.#now = now;
  }

  async poll(apiKey: string, taskId: string): Promise<PollAnswer> {
    const body = JSON.stringify({ apiKey, taskId });
    const exchange = await this.#http.send({ method: 'POST', path: '/v1/contact-details/exhaustive/poll', body });
    if (exchange.kind === 'answered') return classify(exchange.response, this.#now());
    const { problem, isWhole, httpStatus } = exchange;
    return { kind: 'unusable', problem, ...(isWhole && httpStatus !== undefined && { httpStatus }) };
  }
}
