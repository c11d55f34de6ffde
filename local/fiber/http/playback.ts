import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip, gzipSync } from 'node:zlib';
import type { BrokenAnswer } from '../tasks/faults.ts';
import type { Reply } from './reply.ts';

/** How to wait between the bytes of a slow body: milliseconds of relay time, and a signal that ends the wait. */
export type Wait = (relayMs: number, signal: AbortSignal) => Promise<void>;

export async function send(reply: Reply, response: ServerResponse, wait: Wait): Promise<void> {
  const text = JSON.stringify(reply.body);
  if ('broken' in reply) await sendBroken(reply.broken, text, response, wait);
  else sendText(response, text, reply.status, reply.headers);
}

function sendText(
  response: ServerResponse,
  text: string,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
) {
  const length = Buffer.byteLength(text);
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': length, ...headers }).end(text);
}

/** Those that hang are ended by the client, or by closing the server. */
async function sendBroken(fault: BrokenAnswer, text: string, response: ServerResponse, wait: Wait): Promise<void> {
  switch (fault) {
    case 'malformed-json':
      return sendText(response, `${text.slice(0, -1)},,}`);
    case 'malformed-html':
      return sendText(response, page, 200, { 'content-type': 'text/html' });
    case 'malformed-shape':
      return sendText(response, JSON.stringify({ ...JSON.parse(text), output: undefined }));
    case 'malformed-wrong-type':
      return sendText(response, withStringForDone(text));
    case 'malformed-truncated':
      startBody(response, text);
      // Only once the first half has left, or the client would see a reset and no body at all.
      response.write(firstHalf(text), () => response.socket?.end());
      return;
    case 'malformed-huge':
      response.writeHead(200, { 'content-type': 'application/json' });
      return flood([endlessJson()], response);
    case 'malformed-gzip':
      return sendGzip(response, text);
    case 'malformed-gzip-bomb':
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
      return flood([endlessJson(), createGzip()], response);
    case 'slow-body':
      startBody(response, text);
      return drip(Buffer.from(text), response, wait);
    case 'hang-headers':
      return;
    case 'hang-body':
      startBody(response, text);
      response.write(firstHalf(text));
      return;
    case 'redirect':
      response.writeHead(307, { location: '/_stand-in/elsewhere', 'content-length': 0 }).end();
      return;
    case 'reset':
      response.socket?.resetAndDestroy();
      return;
  }
}

const page = '<!doctype html><html><head><title>502</title></head><body><h1>Bad gateway</h1></body></html>';

function withStringForDone(text: string): string {
  const answer = JSON.parse(text);
  return JSON.stringify({ ...answer, output: { ...answer.output, done: String(answer.output.done) } });
}

function startBody(response: ServerResponse, text: string): void {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
}

function firstHalf(text: string): Buffer {
  const bytes = Buffer.from(text);
  return bytes.subarray(0, bytes.length >> 1);
}

function sendGzip(response: ServerResponse, text: string): void {
  const packed = gzipSync(text);
  const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip', 'content-length': packed.length };
  response.writeHead(200, headers).end(packed);
}

/** Bounded, so that a client without a cap of its own fails its test rather than the machine. */
const floodBytes = 64 * 1024 * 1024;

function endlessJson(): Readable {
  const chunk = Buffer.alloc(64 * 1024, 'a');
  return Readable.from(
    (function* () {
      yield '{"advice":["';
      for (let sent = 0; sent < floodBytes; sent += chunk.length) yield chunk;
    })(),
    { objectMode: false },
  );
}

/** `pipeline` follows the client's pace and stops when it goes away, which is what most clients should do here. */
async function flood([source, through]: [Readable, NodeJS.ReadWriteStream?], response: ServerResponse): Promise<void> {
  const flowing = through === undefined ? pipeline(source, response) : pipeline(source, through, response);
  await flowing.catch(() => {});
}

/** One byte each second defeats a timeout that starts over with every byte. */
async function drip(bytes: Buffer, response: ServerResponse, wait: Wait): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  for (const [index] of bytes.entries()) {
    response.write(bytes.subarray(index, index + 1));
    await wait(1_000, gone.signal).catch(() => {});
    if (gone.signal.aborted) return;
  }
  response.end();
}
