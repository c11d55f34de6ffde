import { describe, expect, it } from 'vitest';
import { resumeBody, revealQuery, startBody } from '../../lambdas/http/api-schema.ts';
import { readBody, readQuery, readRequest } from '../../lambdas/http/http-request.ts';
import { httpEvent } from '../support/doors.ts';

function requestIn(event: unknown) {
  const read = readRequest(event);
  if (!read.ok) throw new Error(`refused with ${read.answer.status}`);
  return read.value;
}

describe('reading a request', () => {
  it('takes route and id from API Gateway, and the query as it came', () => {
    expect(requestIn(httpEvent('GET', '/reveals/a%3Ab?include=lowQualityEmails'))).toEqual({
      route: 'GET /reveals/{id}',
      id: 'a:b',
      query: 'include=lowQualityEmails',
      contentType: '',
      body: '',
    });
  });

  it.each([undefined, null, 'hello', {}, { rawPath: '/reveals' }])(
    'has an answer for what is no request: %j',
    (event) => {
      expect(readRequest(event)).toMatchObject({ ok: false, answer: { status: 400 } });
    },
  );

  it('names the methods of a path that has not this one', () => {
    for (const [method, status] of [['HEAD', 405] as const, ['PATCH', 405] as const, ['OPTIONS', 204] as const]) {
      const { answer } = readRequest(httpEvent(method, '/reveals')) as { answer: object };
      expect(answer).toMatchObject({ status, headers: { allow: 'POST, GET, OPTIONS' } });
    }
  });

  it('decodes a body that came in base64, and refuses one that is no text', () => {
    const sent = (bytes: Uint8Array) =>
      readRequest(httpEvent('POST', '/reveals', Buffer.from(bytes).toString('base64'), { isBase64Encoded: true }));
    expect(sent(Buffer.from('{"n":"ä"}'))).toMatchObject({ ok: true, value: { body: '{"n":"ä"}' } });
    expect(sent(Uint8Array.of(0xff, 0xfe))).toMatchObject({ ok: false, answer: { status: 400 } });
  });

  it('may be without a body where that is optional, and only there', () => {
    expect(readBody(requestIn(httpEvent('POST', '/reveals/a/resume')), resumeBody, { optional: true })).toEqual({
      ok: true,
      value: {},
    });
    expect(readBody(requestIn(httpEvent('POST', '/reveals')), startBody)).toMatchObject({ answer: { status: 415 } });
  });

  it.each(['include=everything', 'include=lowQualityEmails&include=lowQualityEmails', 'x=1'])(
    'refuses the query %s',
    (query) => {
      const request = requestIn(httpEvent('GET', `/reveals/a?${query}`));
      expect(readQuery(request, revealQuery)).toMatchObject({ ok: false, answer: { status: 422 } });
    },
  );
});
