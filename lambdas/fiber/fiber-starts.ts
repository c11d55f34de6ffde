import type { FindKind } from '../contract.ts';
import type { FiberClientOptions } from './fiber-client.ts';
import { VendorHttp, type VendorLimits } from './http/vendor-http.ts';
import { brokenStart, classifyStart, type StartAnswer } from './start-answer.ts';

/**
 * The limits of a start where none are given. It waits longer than a poll does: giving up early does not take a start back, but leaves
 * nobody knowing whether it was paid for.
 */
export const startDefaults = {
  connectTimeoutMs: 3_000,
  totalTimeoutMs: 30_000,
  maxBodyBytes: 4 * 1024 * 1024,
} as const satisfies VendorLimits;

/**
 * The vendor's start endpoint. Each call may cost money, and two calls for one person are two paid tasks: it is called once for one intent
 * that is written down. Nothing here tries again.
 */
export class FiberStarts {
  readonly #http: VendorHttp;
  readonly #now: () => number;

  /** @throws Error if the address is none that the key may be sent to */
  constructor({ now, ...options }: FiberClientOptions) {
    this.#http = new VendorHttp({ ...startDefaults, ...options });
    this.#now = now;
  }

  /**
   * @param linkedinUrl a profile's own `linkedinUrl`
   * @param find what to look for, and pay for: one kind at least
   */
  async start(apiKey: string, linkedinUrl: string, find: readonly FindKind[]): Promise<StartAnswer> {
    // The vendor takes what is left out for wanted.
    const enrichmentType = {
      getWorkEmails: find.includes('work-emails'),
      getPersonalEmails: find.includes('personal-emails'),
      getPhoneNumbers: find.includes('phone-numbers'),
    };
    const body = JSON.stringify({ apiKey, linkedinUrl, enrichmentType });
    const exchange = await this.#http.send({ method: 'POST', path: '/v1/contact-details/exhaustive/start', body });
    return exchange.kind === 'answered' ? classifyStart(exchange.response, this.#now()) : brokenStart(exchange);
  }
}
