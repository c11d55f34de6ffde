import { request } from 'node:http';
import { onTestFinished } from 'vitest';
import { StandInFiber, type StandInFiberOptions, seededRandom } from '../../../local/fiber/index.ts';

export const apiKey = 'key-for-tests';

/** A stand-in whose time stands still until the test moves it. */
export async function openFiber(options: Partial<StandInFiberOptions> = {}) {
  const clock = { now: Date.UTC(2026, 0, 1) };
  const settings = { apiKey, now: () => clock.now, random: seededRandom(7), ...options };
  const fiber = await StandInFiber.listen(settings);
  onTestFinished(() => fiber.close());
  const post = (path: string, body: unknown) => send(fiber, `/v1/contact-details/exhaustive/${path}`, body);
  return {
    fiber,
    pass: (seconds: number) => {
      clock.now += seconds * 1000;
    },
    poll: (taskId: unknown, key: unknown = apiKey) => post('poll', { apiKey: key, taskId }),
    start: (fields: object, key = apiKey) => post('start', { apiKey: key, ...fields }),
    post,
  };
}

/** Text and bytes are sent as they are, everything else as JSON. */
async function send(fiber: StandInFiber, path: string, body: unknown) {
  const isRaw = typeof body === 'string' || body instanceof Uint8Array;
  const response = await fetch(`${fiber.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: isRaw ? (body as string) : JSON.stringify(body),
    redirect: 'manual',
  });
  const text = await response.text();
  // biome-ignore lint/suspicious/noExplicitAny: what the server sends is what these tests are about
  return { status: response.status, headers: response.headers, text, body: tryParse(text) as any };
}

interface RawAnswer {
  readonly status?: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly bytes: Buffer;
  /** `left` when we hung up, else how the connection failed. */
  readonly error?: string;
}

/** One poll without a client's conveniences: what came over the wire, and how it ended. */
export function rawPoll(fiber: StandInFiber, taskId: string, leaveAfterBytes = Number.POSITIVE_INFINITY) {
  return new Promise<RawAnswer>((end) => {
    const url = `${fiber.url}/v1/contact-details/exhaustive/poll`;
    let answered = false;
    const asked = request(url, { method: 'POST', agent: false }, (response) => {
      answered = true;
      const { statusCode: status = 0, headers } = response;
      const chunks: Buffer[] = [];
      let received = 0;
      // The first call counts: hanging up makes errors of its own.
      const finish = (error?: string) =>
        end({ status, headers, bytes: Buffer.concat(chunks), ...(error === undefined ? {} : { error }) });
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        received += chunk.length;
        if (received < leaveAfterBytes) return;
        finish('left');
        asked.destroy();
      });
      response.on('end', () => finish());
      response.on('error', (error: NodeJS.ErrnoException) => finish(error.code));
    });
    asked.on('error', (error: NodeJS.ErrnoException) => {
      if (!answered) end({ headers: {}, bytes: Buffer.alloc(0), error: error.code ?? error.message });
    });
    asked.end(JSON.stringify({ apiKey, taskId }));
  });
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
