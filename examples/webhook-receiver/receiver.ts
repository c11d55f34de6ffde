import { createServer, type Server } from 'node:http';
import { Webhook } from 'standardwebhooks';

/** What the relay sends: see docs/webhooks.md. */
export interface RevealWebhook {
  type: string;
  timestamp: string;
  data: { eventId: string; revealId?: string; outcome?: string; reference?: string; result?: object };
}

/** Larger than anything that the relay sends. */
const mostBytes = 1024 * 1024;

/**
 * Takes what the relay has signed, each event once, and nothing else. Behind a proxy that ends TLS, or as it is on your own machine.
 *
 * @param secret of the receiver, as Secrets Manager has it
 * @param put keeps an event where you work it off later. A copy of one comes again if this fails
 */
export function webhookReceiver(secret: string, put: (event: RevealWebhook) => Promise<void>): Server {
  const webhook = new Webhook(secret);
  // In a program of several processes, a table with a conditional put.
  const seen = new Set<string>();
  return createServer(async (request, response) => {
    const answer = (status: number) => void response.writeHead(status).end();
    try {
      const chunks: Buffer[] = [];
      let bytes = 0;
      for await (const chunk of request) {
        bytes += chunk.length;
        if (bytes > mostBytes) return answer(413);
        chunks.push(chunk);
      }
      const body = Buffer.concat(chunks).toString();
      const event = verified(body, request.headers as Record<string, string>);
      if (!event) return answer(401);
      const { eventId } = event.data;
      if (!seen.has(eventId)) await put(event);
      seen.add(eventId);
      answer(204);
    } catch {
      answer(503);
    }
  });

  /** The signature is over the body as it came: parsed and written again it would be another one. */
  function verified(body: string, headers: Record<string, string>): RevealWebhook | undefined {
    try {
      return webhook.verify(body, headers) as RevealWebhook;
    } catch {
      return undefined;
    }
  }
}
