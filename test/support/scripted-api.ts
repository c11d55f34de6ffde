import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { listenOnLoopback, stopListening } from '../../local/services/loopback.ts';

/** One answer: a status and a body, with headers, or whatever else a server does. */
export type Scripted =
  | readonly [status: number, body: object | string, headers?: Readonly<Record<string, string>>]
  | ((request: IncomingMessage, response: ServerResponse) => void);

export interface ScriptedApi extends AsyncDisposable {
  readonly url: string;
  /** What was asked, such as `GET /reveals/a`. */
  readonly asked: string[];
  readonly headers: IncomingMessage['headers'][];
  readonly bodies: string[];
}

/** A server on the loopback that gives these answers, one after the other, and the last one for ever. */
export async function scriptedApi(...answers: Scripted[]): Promise<ScriptedApi> {
  const [asked, headers, bodies] = [[] as string[], [] as IncomingMessage['headers'][], [] as string[]];
  const server = createServer(async (request, response) => {
    const answer = answers[Math.min(asked.length, answers.length - 1)];
    asked.push(`${request.method} ${request.url}`);
    headers.push(request.headers);
    let body = '';
    for await (const chunk of request.setEncoding('utf8')) body += chunk;
    bodies.push(body);
    if (typeof answer === 'function') answer(request, response);
    else if (answer) {
      const [status, content, more] = answer;
      const text = typeof content === 'string' ? content : JSON.stringify(content);
      response.writeHead(status, { 'content-type': 'application/json', ...more }).end(text);
    }
  });
  const url = await listenOnLoopback(server);
  return {
    url,
    asked,
    headers,
    bodies,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await stopListening(server);
    },
  };
}

/** A clock that stands still but for what is slept. */
export function sleptClock(startMs: number = Date.parse('2026-11-23T12:00:00Z')) {
  const naps: number[] = [];
  let nowMs = startMs;
  const sleep = async (milliseconds: number, signal?: AbortSignal) => {
    signal?.throwIfAborted();
    naps.push(milliseconds);
    nowMs += milliseconds;
  };
  return { naps, sleep, now: () => nowMs, random: () => 1 };
}
