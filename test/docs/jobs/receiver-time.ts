import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';

/**
 * For a receiver of a relay whose waits are skipped: that relay's time is hours ahead of the machine's, so a request comes when it says
 * that it was sent.
 */
subscribe('http.server.request.start', (message) => {
  const { request } = message as { request: IncomingMessage };
  const sentAt = Number(request.headers['webhook-timestamp']) * 1_000;
  Date.now = () => sentAt;
});
