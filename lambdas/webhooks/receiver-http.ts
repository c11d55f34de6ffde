import * as http from 'node:http';
import * as https from 'node:https';
import { RequestFilteringHttpAgent, RequestFilteringHttpsAgent } from 'request-filtering-agent';
import type { WebhookReceiver } from '../contract.ts';
import type { Attempt, AttemptProblem } from './attempt.ts';

/** Connecting, sending and waiting for the answer together, in milliseconds. Receivers should put aside first and work then. */
export const attemptMs = 15_000;

/** As much of an answer as is read, so that a receiver may finish it. Nothing of it is looked at. */
const mostAnswerBytes = 16 * 1024;

/**
 * Asks a receiver once: no redirects, no retries, no proxy, a connection of its own. The address is checked that its name leads to, as it is connected to:
 * this function must not be made to ask what can be reached from where it runs, such as Lambda's own API on a loopback address.
 *
 * Never throws for what the receiver or the network does.
 */
export function postTo(
  { url, allowAddresses }: Pick<WebhookReceiver, 'url' | 'allowAddresses'>,
  headers: Readonly<Record<string, string>>,
  body: string,
): Promise<Attempt> {
  const isPlain = url.startsWith('http:');
  const filter = { keepAlive: false, allowIPAddressList: [...allowAddresses] };
  const agent = isPlain ? new RequestFilteringHttpAgent(filter) : new RequestFilteringHttpsAgent(filter);
  return new Promise((resolve) => {
    const request = (isPlain ? http : https).request(url, {
      method: 'POST',
      agent,
      headers: {
        ...headers,
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        'user-agent': 'reveal-relay',
      },
    });
    const timer = setTimeout(() => {
      resolve({ kind: 'failed', problem: 'timed-out' });
      request.destroy();
    }, attemptMs);
    request.on('response', (response) => {
      const { statusCode: status = 0, headers: said } = response;
      const date = typeof said.date === 'string' ? said.date : undefined;
      // The status decides, whatever becomes of the rest.
      resolve({ kind: 'answered', status, retryAfter: said['retry-after'], date });
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > mostAnswerBytes) request.destroy();
      });
      response.on('error', () => {});
    });
    request.on('error', (error) => resolve({ kind: 'failed', problem: problemOf(error) }));
    request.on('close', () => {
      clearTimeout(timer);
      resolve({ kind: 'failed', problem: 'cut-off' });
    });
    request.end(body);
  });
}

function problemOf(error: NodeJS.ErrnoException): AttemptProblem {
  const { code = '', message } = error;
  if (message.includes('is not allowed. Because')) return 'address-refused';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'no-such-host';
  if (/CERT|TLS|SSL|ISSUER|SIGNATURE/.test(code)) return 'bad-certificate';
  return /^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|EADDRNOTAVAIL)$/.test(code) ? 'no-connection' : 'cut-off';
}
