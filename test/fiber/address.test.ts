import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { fiberAddress } from '../../lambdas/contract.ts';
import { FiberClient } from '../../lambdas/fiber/fiber-client.ts';
import { proxyEnvironment } from '../../lambdas/runtime/environment.ts';
import { askRaw, finished, noon, respond } from '../support/raw-vendor.ts';

describe('the address of the vendor', () => {
  it.each([
    ['https://api.fiber.ai', 'https://api.fiber.ai'],
    ['https://api.fiber.ai/', 'https://api.fiber.ai'],
    ['https://gateway.example/fiber', 'https://gateway.example/fiber'],
    ['https://gateway.example:8443/a/b//', 'https://gateway.example:8443/a/b'],
    ['http://127.0.0.1:8080/fiber', 'http://127.0.0.1:8080/fiber'],
    ['http://localhost:9', 'http://localhost:9'],
    ['http://[::1]:9', 'http://[::1]:9'],
  ])('may be %s', (text, address) => {
    expect(fiberAddress(text)).toBe(address);
  });

  it.each([
    'http://api.fiber.ai',
    'http://127.0.0.1.evil.example',
    'http://10.0.0.1',
    'ftp://127.0.0.1',
    'https://user@api.fiber.ai',
    'https://:secret@api.fiber.ai',
    'https://api.fiber.ai/?key=1',
    'https://api.fiber.ai/#there',
    'api.fiber.ai',
    '',
  ])('is not %j, to which the client sends nothing', (text) => {
    expect(fiberAddress(text)).toBeUndefined();
    expect(() => new FiberClient({ baseUrl: text, now: () => noon })).toThrow('The address of the vendor');
  });

  it('is asked with its path', async () => {
    const { answer, request } = await askRaw(respond(finished()), { path: '/gateway/fiber' });
    expect(answer.kind).toBe('done');
    expect(request).toMatch(/^POST \/gateway\/fiber\/v1\/contact-details\/exhaustive\/poll HTTP\/1\.1\r\n/);
  });
});

/** Node learned to use a proxy of the environment in 24.5. */
const knowsProxies = Number(process.versions.node.split('.')[0]) >= 24;

describe.runIf(knowsProxies)('a proxy of the environment', () => {
  /** Polls a vendor that there is not, with a proxy that lets nobody through. @returns what the proxy heard */
  async function pollPast(noProxy?: string, isUsed = '1') {
    const heard: string[] = [];
    const proxy = createServer();
    proxy.on('connect', ({ method, url }, socket) => {
      heard.push(`${method} ${url}`);
      socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    });
    proxy.listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    const environment = {
      HTTPS_PROXY: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
      ...(noProxy !== undefined && { NO_PROXY: noProxy }),
      NODE_USE_ENV_PROXY: isUsed,
    };
    const client = new FiberClient({
      baseUrl: 'https://vendor.invalid',
      now: () => noon,
      proxyEnvironment: proxyEnvironment(environment),
    });
    const answer = await client.poll('key-8c1f', 'task_1');
    await new Promise((closed) => proxy.close(closed));
    return { heard, answer };
  }

  it('is used, and learns no more than whom it connects to', async () => {
    expect(await pollPast()).toEqual({
      heard: ['CONNECT vendor.invalid:443'],
      answer: { kind: 'unusable', problem: 'no-connection' },
    });
  });

  it('is not used for whom NO_PROXY names, or where Node is not told to', async () => {
    expect((await pollPast('vendor.invalid')).heard).toEqual([]);
    expect((await pollPast(undefined, '0')).heard).toEqual([]);
  });

  it('never sees what is not encrypted', async () => {
    const proxyEnvironment = { HTTP_PROXY: 'http://127.0.0.1:9', http_proxy: 'http://127.0.0.1:9' };
    expect((await askRaw(respond(finished()), { proxyEnvironment })).answer.kind).toBe('done');
  });
});
