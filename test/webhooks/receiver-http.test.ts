import { once } from 'node:events';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { postTo } from '../../lambdas/webhooks/receiver-http.ts';
import { loopbackCertificate } from '../support/loopback-certificate.ts';
import { WebhookReceiverServer } from '../support/webhook-receiver.ts';

let receiver: WebhookReceiverServer;
beforeAll(async () => {
  receiver = await WebhookReceiverServer.listen();
});
afterAll(() => receiver.close());
beforeEach(() => {
  receiver.received.length = 0;
});

const loopback = ['127.0.0.1'];
const post = (url: string, allowAddresses: readonly string[] = loopback) =>
  postTo({ url, allowAddresses }, { 'webhook-id': 'one' }, '{"type":"test"}');

describe('asking a receiver', () => {
  it('sends the body and the headers, and answers with its status', async () => {
    receiver.next(202);
    expect(await post(receiver.url)).toMatchObject({ kind: 'answered', status: 202 });
    expect(receiver.received).toMatchObject([{ text: '{"type":"test"}', headers: { 'webhook-id': 'one' } }]);
  });

  it('follows no redirect', async () => {
    receiver.next((response) => response.writeHead(307, { location: '/elsewhere' }).end());
    expect(await post(receiver.url)).toMatchObject({ kind: 'answered', status: 307 });
    expect(receiver.received).toHaveLength(1);
  });

  it('has the wish of a receiver that is busy', async () => {
    receiver.next((response) => response.writeHead(429, { 'retry-after': '30' }).end());
    expect(await post(receiver.url)).toMatchObject({ status: 429, retryAfter: '30' });
  });

  it('reads no more of an answer than it has to', async () => {
    const written = new Promise<void>((closed) => {
      receiver.next((response) => {
        response.writeHead(200);
        const more = () => {
          while (response.writable && response.write('x'.repeat(65_536)));
        };
        response.on('drain', more);
        response.on('close', () => closed());
        more();
      });
    });
    expect(await post(receiver.url)).toMatchObject({ kind: 'answered', status: 200 });
    await written;
  });

  it('says that a connection was cut off', async () => {
    receiver.next((response) => response.socket?.destroy());
    expect(await post(receiver.url)).toEqual({ kind: 'failed', problem: 'cut-off' });
  });

  it('says that nobody listens, and that there is no such host', async () => {
    const gone = await WebhookReceiverServer.listen();
    await gone.close();
    expect(await post(gone.url)).toEqual({ kind: 'failed', problem: 'no-connection' });
    expect(await post('https://receiver.invalid/')).toEqual({ kind: 'failed', problem: 'no-such-host' });
  });

  it('trusts no certificate that nobody vouches for', async () => {
    const server = createTlsServer(loopbackCertificate, (_request, response) => response.end());
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    expect(await post(`https://127.0.0.1:${port}/`)).toEqual({ kind: 'failed', problem: 'bad-certificate' });
    server.close();
  });
});

describe('an address that is not public', () => {
  it.each([
    ['loopback', 'https://127.0.0.1:9001/2018-06-01/runtime/invocation/next'],
    ['loopback by its name', 'https://localhost:9001/'],
    ['loopback in IPv6', 'https://[::1]/'],
    ['loopback, spelled as IPv6', 'https://[::ffff:127.0.0.1]/'],
    ['loopback, spelled as a number', 'https://2130706433/'],
    ['link-local, where credentials are handed out', 'https://169.254.169.254/latest/meta-data/'],
    ['link-local in IPv6', 'https://[fe80::1]/'],
    ['private', 'https://10.0.0.1/'],
    ['private, of the middle range', 'https://172.16.0.1/'],
    ['private, of homes', 'https://192.168.1.1/'],
    ['private in IPv6', 'https://[fd00::1]/'],
    ['shared by carriers', 'https://100.64.0.1/'],
    ['none in particular', 'https://0.0.0.0/'],
  ])('is not asked: %s', async (_what, url) => {
    expect(await post(url, [])).toEqual({ kind: 'failed', problem: 'address-refused' });
  });

  it('is not asked where another one is allowed', async () => {
    expect(await post(receiver.url, ['10.0.0.0/8'])).toEqual({ kind: 'failed', problem: 'address-refused' });
    expect(receiver.received).toEqual([]);
  });

  it('is asked where it is allowed by a range', async () => {
    expect(await post(receiver.url, ['127.0.0.0/8'])).toMatchObject({ status: 200 });
  });

  it('is refused by what a name leads to, at the moment of connecting', async () => {
    const url = receiver.url.replace('127.0.0.1', 'localhost');
    expect(await post(url, [])).toEqual({ kind: 'failed', problem: 'address-refused' });
    expect(await post(url, ['127.0.0.1', '::1'])).toMatchObject({ status: 200 });
  });
});
