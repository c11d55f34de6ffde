import type { IncomingMessage } from 'node:http';
import type { Account } from './account/accounts.ts';
import { priceOf } from './account/prices.ts';
import { failure, type Reply, tooMany } from './http/reply.ts';
import { retryAfterMs } from './poll.ts';
import { everything } from './tasks/contacts.ts';
import type { Vendor } from './vendor.ts';

/** The free endpoints that say what an account may do and what it has left. Undefined for any other request. */
export function answerAccount(
  vendor: Vendor,
  { method, url = '', headers }: IncomingMessage,
  at: number,
): Reply | undefined {
  const [pathname = '', query] = url.split('?');
  const output = method === 'GET' && Object.hasOwn(outputs, pathname) ? outputs[pathname] : undefined;
  if (output === undefined) return undefined;
  const key = headers['x-api-key'] ?? new URLSearchParams(query).get('apiKey') ?? '';
  const account = vendor.accounts.find(String(key));
  if (account === undefined) return failure(401);
  const waitMs = account.questions.take(at);
  if (waitMs > 0) return tooMany(retryAfterMs(vendor.limit, waitMs));
  const chargeInfo = { method: 'free', message: 'This cost nothing.' };
  return {
    status: 200,
    ...(String(key).startsWith('sk_test_') && { headers: { 'x-fiber-sandbox': 'true' } }),
    body: { output: output(vendor, account), chargeInfo, advice: [] },
  };
}

const outputs: Readonly<Record<string, (vendor: Vendor, account: Account) => object>> = {
  '/v1/rate-limits': ({ limit: { polls = 240, starts = 120, windowMs = 60_000 } }) => {
    const limit = (name: string, max: number) => ({
      method: 'POST',
      path: `/v1/contact-details/exhaustive/${name}`,
      max,
      windowSeconds: windowMs / 1000,
      isCustom: false,
    });
    return { rateLimits: [limit('start', starts), limit('poll', polls)] };
  },
  /** Of a period that has just begun: what was used before is not counted. */
  '/v1/get-org-credits': ({ statement }, { credits }) => {
    const stated = (amount: number) => (statement === 'hundredths' ? amount * 100 : amount);
    return {
      max: stated(credits),
      used: 0,
      available: stated(credits),
      usagePeriodResetsOn: '2026-12-01T00:00:00.000Z',
      ...(statement !== 'without-prices' && { creditsPerOperation: pricesIn(stated) }),
    };
  },
};

const nothing = { workEmails: false, personalEmails: false, phoneNumbers: false };

function pricesIn(stated: (credits: number) => number) {
  return {
    exhaustiveContactRevealAll: stated(priceOf(everything)),
    exhaustiveContactRevealAllEmails: stated(priceOf({ ...everything, phoneNumbers: false })),
    exhaustiveContactRevealWorkEmail: stated(priceOf({ ...nothing, workEmails: true })),
    exhaustiveContactRevealPersonalEmail: stated(priceOf({ ...nothing, personalEmails: true })),
    exhaustiveContactRevealPhone: stated(priceOf({ ...nothing, phoneNumbers: true })),
  };
}
