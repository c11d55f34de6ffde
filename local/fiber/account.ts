import type { IncomingMessage } from 'node:http';
import { priceOf } from './account/prices.ts';
import { failure, type Reply } from './http/reply.ts';
import { everything } from './tasks/contacts.ts';
import type { Vendor } from './vendor.ts';

/** The free endpoints that say what an account may do and what it has left. Undefined for any other request. */
export function answerAccount(vendor: Vendor, { method, url = '', headers }: IncomingMessage): Reply | undefined {
  const [pathname = '', query] = url.split('?');
  const output = method === 'GET' && Object.hasOwn(outputs, pathname) ? outputs[pathname] : undefined;
  if (output === undefined) return undefined;
  const key = headers['x-api-key'] ?? new URLSearchParams(query).get('apiKey') ?? '';
  const account = vendor.accounts.find(String(key));
  if (account === undefined) return failure(401);
  const chargeInfo = { method: 'free', message: 'This cost nothing.' };
  return {
    status: 200,
    ...(String(key).startsWith('sk_test_') && { headers: { 'x-fiber-sandbox': 'true' } }),
    body: { output: output(vendor, account), chargeInfo, advice: [] },
  };
}

const outputs: Readonly<Record<string, (vendor: Vendor, account: { readonly credits: number }) => object>> = {
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
  '/v1/get-org-credits': (_vendor, { credits }) => ({
    max: credits,
    used: 0,
    available: credits,
    usagePeriodResetsOn: '2026-12-01T00:00:00.000Z',
    creditsPerOperation: {
      exhaustiveContactRevealAll: priceOf(everything),
      exhaustiveContactRevealAllEmails: priceOf({ ...everything, phoneNumbers: false }),
      exhaustiveContactRevealWorkEmail: priceOf({ workEmails: true, personalEmails: false, phoneNumbers: false }),
      exhaustiveContactRevealPersonalEmail: priceOf({ workEmails: false, personalEmails: true, phoneNumbers: false }),
      exhaustiveContactRevealPhone: priceOf({ workEmails: false, personalEmails: false, phoneNumbers: true }),
    },
  }),
};
