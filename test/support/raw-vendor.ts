import { createServer, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { FiberClient, type FiberClientOptions } from '../../lambdas/fiber/fiber-client.ts';
import type { PollAnswer } from '../../lambdas/fiber/vendor-answer.ts';

/** What a vendor puts on the wire: bytes of its own making, and after that what else it does to the connection. */
export type OnWire = Buffer | string | { bytes: Buffer | string; after?: (socket: Socket) => void };

/** When the vendor's clock and ours are compared. */
export const noon = Date.parse('2026-11-23T12:00:00Z');

/**
 * Asks a vendor that answers with these bytes, over TCP or TLS, once it has a whole request.
 *
 * @param ask is given the vendor's address
 * @returns what was answered, the request as it came, and how many connections there were
 */
export async function atRawVendor<Answer>(
  onWire: OnWire,
  ask: (baseUrl: string) => Promise<Answer>,
  { host = '127.0.0.1', path = '', tls }: { host?: string; path?: string; tls?: TlsOptions } = {},
): Promise<{ answer: Answer; request: string; connections: number }> {
  const sockets = new Set<Socket>();
  let request = '';
  const serve = (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      request += chunk.toString('latin1');
      const hasBody = request.startsWith('POST');
      if (!request.includes('\r\n\r\n') || (hasBody && !request.endsWith('}'))) return;
      const { bytes, after = () => socket.end() } = isBytes(onWire) ? { bytes: onWire } : onWire;
      socket.write(bytes, () => after(socket));
    });
  };
  const server = tls ? createTlsServer(tls, serve) : createServer(serve);
  await new Promise<void>((listening) => server.listen(0, host, listening));
  const { port } = server.address() as { port: number };
  const at = host.includes(':') ? `[${host}]` : host;
  try {
    const answer = await ask(`${tls ? 'https' : 'http'}://${at}:${port}${path}`);
    return { answer, request, connections: sockets.size };
  } finally {
    for (const socket of sockets) socket.destroy();
    await new Promise((closed) => server.close(closed));
  }
}

/** Polls a vendor that answers with these bytes. @returns the client's answer, and the request as it came */
export function askRaw(
  onWire: OnWire,
  { host, path, ...options }: Partial<FiberClientOptions> & { host?: string; path?: string } = {},
): Promise<{ answer: PollAnswer; request: string }> {
  const ask = (baseUrl: string) => new FiberClient({ baseUrl, now: () => noon, ...options }).poll('key-8c1f', 'task_1');
  return atRawVendor(onWire, ask, { ...(host && { host }), ...(path && { path }) });
}

const isBytes = (onWire: OnWire): onWire is Buffer | string => typeof onWire === 'string' || Buffer.isBuffer(onWire);

type Headers = Readonly<Record<string, string | number | undefined>>;

/** A whole response. A header that is undefined is left out. */
export function respond(body: Buffer | string | object, headers: Headers = {}, status = '200 OK'): Buffer {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  const all: Headers = { 'content-type': 'application/json', 'content-length': bytes.length, ...headers };
  const lines = Object.entries(all).filter(([, value]) => value !== undefined);
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return Buffer.concat([Buffer.from(`HTTP/1.1 ${status}\r\n${head}\r\n`), bytes]);
}

/** A finished answer, with these fields in its profile and these beside its output. */
export const finished = (profile: object = {}, beside: object = {}) => ({
  output: {
    done: true,
    profile: {
      emails: [{ email: 'a@example.org', type: 'work', status: 'valid' }],
      phoneNumbers: [{ number: '+12025550101', type: 'mobile' }],
      status: 'completed',
      lowQualityEmails: null,
      ...profile,
    },
  },
  chargeInfo: { method: 'charged-for-async-process', creditsCharged: 12, message: '12 credits' },
  advice: [],
  ...beside,
});

/** The JSON of a value in which the text "X" stands for something that `JSON.stringify` does not write. */
export const written = (value: object, x: string) => JSON.stringify(value).replaceAll('"X"', x);
