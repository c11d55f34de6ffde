import { Webhook } from 'standardwebhooks';

/**
 * The headers by which a receiver knows who has sent a body, and that it is new.
 *
 * @param id the same for all attempts at one event
 * @param secrets the one that is in use, and the one before it, if there is one: a signature by each
 * @throws Error if a secret is none: base64, with `whsec_` before it or without
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#verifying-signatures
 */
export function signed(
  id: string,
  body: string,
  secrets: readonly string[],
  nowMs: number,
): Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string> {
  const at = new Date(nowMs);
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(nowMs / 1_000)),
    'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, at, body)).join(' '),
  };
}
