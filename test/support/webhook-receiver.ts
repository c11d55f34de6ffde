import { createServer, type ServerResponse } from 'node:http';
import { Webhook } from 'standardwebhooks';
import { listenOnLoopback, readBody, stopListening } from '../../local/services/loopback.ts';

/** A request as a receiver got it. */
export interface ReceivedWebhook {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly body: {
    readonly type: string;
    readonly timestamp: string;
    readonly data: Readonly<Record<string, unknown>>;
  };
}

/** What a receiver does with a request: answers with a status, or whatever it likes. */
export type Answering = number | ((response: ServerResponse, webhook: ReceivedWebhook) => void);

/** A receiver of webhooks on this machine, over real HTTP. */
export class WebhookReceiverServer {
  readonly url: string;
  readonly received: ReceivedWebhook[];
  readonly #server: ReturnType<typeof createServer>;
  readonly #answers: Answering[];
  /** What it does where nothing else was said. */
  usual: Answering = 200;

  static async listen(): Promise<WebhookReceiverServer> {
    const received: ReceivedWebhook[] = [];
    const answers: Answering[] = [];
    const server = createServer();
    const receiver = new WebhookReceiverServer(`${await listenOnLoopback(server)}/hook`, server, received, answers);
    server.on('request', async (request, response) => {
      const text = (await readBody(request, 8 * 1024 * 1024))?.toString();
      if (text === undefined) return;
      const headers = request.headers as Record<string, string>;
      const webhook = { path: request.url ?? '', headers, text, body: JSON.parse(text) };
      received.push(webhook);
      const answer = answers.shift() ?? receiver.usual;
      if (typeof answer === 'number') response.writeHead(answer).end('thanks, ada@example.com');
      else answer(response, webhook);
    });
    return receiver;
  }

  private constructor(
    url: string,
    server: ReturnType<typeof createServer>,
    received: ReceivedWebhook[],
    answers: Answering[],
  ) {
    this.url = url;
    this.#server = server;
    this.received = received;
    this.#answers = answers;
  }

  /** What it does with the next requests, one after the other. */
  next(...answers: Answering[]): void {
    this.#answers.splice(0, this.#answers.length, ...answers);
  }

  /** Nobody listens at its address any more, until the function returned is called. */
  async goAway(): Promise<() => Promise<void>> {
    await stopListening(this.#server);
    return async () => {
      await listenOnLoopback(this.#server, Number(new URL(this.url).port));
    };
  }

  async close(): Promise<void> {
    if (this.#server.listening) await stopListening(this.#server);
  }
}

/** Whether a secret signs what was received. The receiver's own clock is no part of it: relay time runs ahead. */
export function isSignedBy(secret: string, { headers, text }: ReceivedWebhook): boolean {
  const at = new Date(Number(headers['webhook-timestamp']) * 1_000);
  const signature = new Webhook(secret).sign(String(headers['webhook-id']), at, text);
  return String(headers['webhook-signature']).split(' ').includes(signature);
}
