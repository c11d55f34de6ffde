import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { signed } from '../../lambdas/webhooks/signature.ts';

const nowMs = Date.parse('2026-11-27T12:00:00.900Z');
const letters = 'AbCdEfGh01234567AbCdEfGh01234567AbCdEfGh01234567';
/** As the specification has it, without its library. */
const byHand = (secret: string, body: string) => {
  const at = Math.floor(nowMs / 1_000);
  const digest = createHmac('sha256', Buffer.from(secret, 'base64')).update(`msg_1.${at}.${body}`).digest('base64');
  return `v1,${digest}`;
};

describe('a signature', () => {
  it('is over id, time and body, by a secret with whsec_ before it or without', () => {
    const expected = {
      'webhook-id': 'msg_1',
      'webhook-timestamp': String(Math.floor(nowMs / 1_000)),
      'webhook-signature': byHand(letters, '{"a":"ü"}'),
    };
    expect(signed('msg_1', '{"a":"ü"}', [letters], nowMs)).toEqual(expected);
    expect(signed('msg_1', '{"a":"ü"}', [`whsec_${letters}`], nowMs)).toEqual(expected);
  });

  it('is there for each of two secrets', () => {
    const other = Buffer.alloc(32, 7).toString('base64');
    const signature = signed('msg_1', '{}', [letters, other], nowMs)['webhook-signature'];
    expect(signature).toBe(`${byHand(letters, '{}')} ${byHand(other, '{}')}`);
  });

  it('cannot be made with what is no base64', () => {
    expect(() => signed('msg_1', '{}', ['not base64!'], nowMs)).toThrow();
  });
});
